"""One optimiser moves both networks."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, looks, owning, script
from ganlab.causes.suspect import Suspect
from ganlab.causes.wiring.owners import owned


class OptimizerSharedParameters(Cause):
    """Each step moves both, towards one loss."""

    slug = "optimizer-shared-parameters"
    doc = "one optimiser moves both networks"
    source = "Goodfellow et al. 2014 (arXiv:1406.2661), algorithm 1"
    formula = """
        a script  one optimiser owns tensors of both networks, and both hold gradients
                  at a step in > {tangled} of the rounds with a fake
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})

    def __init__(self, *, tangled: float = 0.2) -> None:
        self.tangled = tangled  # share of rounds in which both networks held gradients at a step

    def _seen(self, history: History) -> Suspect | None:
        build, (of_g, of_d) = history.made_of, owned(history)
        both = [number for number in of_g if number in of_d]
        tangled, _ = history.share(
            lambda seen: seen.entangled and seen.moves_both,
            lambda seen: bool(seen.counts.get("d fake")),
        )
        nested = set(of_g) <= set(of_d) or set(of_d) <= set(of_g)
        if not both or tangled <= self.tangled or not nested:
            return None
        owner = build.optimisers[both[0]]
        return Suspect(
            self.slug,
            0.93,
            (
                f"{owner.called} owns {owner.of_g} tensors of "
                f"{build.generator.name} and {owner.of_d} of {build.discriminator.name}: each step "
                "moves both, towards one loss.",
            ),
            fix="Make two optimisers, one on G's parameters and one on D's, and step each after "
            "its own loss.",
            location=owner.where,
            checked="One optimiser is fine where each loss leads back to one network alone, or "
            "where the other's gradients are gone at the step: both networks held gradients here.",
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        tangled = script(rounds=looks(entangled=True, moves_both=True, counts={"d fake": 1}))
        apart = replace(tangled, rounds=looks(entangled=True, counts={"d fake": 1}))
        return (
            Specimen("one for each", tangled),
            Specimen("one for both", owning(tangled, (4, 4)), 0.93),
            Specimen("near miss: one for both, losses apart", owning(apart, (4, 4))),
        )
