"""D's parameters do not require gradients when D should learn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import D, Specimen, looks, script
from ganlab.causes.suspect import Suspect


class DiscriminatorFrozen(Cause):
    """D was frozen for G's step, and never thawed for its own."""

    slug = "discriminator-frozen"
    doc = "D's parameters do not require gradients when D should learn"
    source = "PyTorch, Tensor.requires_grad"
    formula = """
        a script  |gradient of D| = 0 in > {share} of >= {rounds} rounds with a step
                  of D, and D's loss leads back to D in <= {reached} of them
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})

    def __init__(self, *, rounds: int = 4, share: float = 0.75, reached: float = 0.2) -> None:
        self.rounds = rounds  # with a step of D that are enough
        self.share = share  # of them without any gradient
        self.reached = reached  # share of rounds in which D's loss reached D, up to which it is cut

    def _seen(self, history: History) -> Suspect | None:
        d = history.made_of.discriminator
        share, count = history.share(
            lambda seen: not any(seen.norms["d"]), lambda seen: bool(seen.norms.get("d"))
        )
        reached, _ = history.share(
            lambda seen: seen.reaches["d loss to d"], lambda seen: "d loss to d" in seen.reaches
        )
        still = count >= self.rounds and share > self.share
        if not still or reached > self.reached or not history.made_of.owners["d"]:
            return None
        return Suspect(
            self.slug,
            0.96 if d.frozen else 0.8,
            (
                f"{d.frozen} of {d.tensors} tensors of {d.name} have requires_grad=False.",
                f"D's optimiser found no gradient in {share:.0%} of {count} rounds looked at.",
            ),
            fix="Set requires_grad_(True) on D's parameters before D's step; freeze D only for "
            "G's.",
            location=history.where("d step", "d loss"),
            checked="D's optimiser does step, so it is the gradient that is missing.",
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        frozen = replace(D, frozen=4)

        def found(norm: float, rounds: int = 12, **more: Any) -> History:
            return script(rounds=looks(rounds, norms={"d": [norm]}), **more)

        moved = looks(norms={"d": [0.0]}, reaches={"d loss to d": True})
        return (
            Specimen("D finds gradients", found(0.4)),
            Specimen("a frozen D", found(0.0, d=frozen), 0.96),
            Specimen("no gradient, whatever the reason", found(0.0), 0.8),
            Specimen("near miss: frozen between its steps", found(0.4, d=frozen)),
            Specimen("near miss: reached, and the gradient is zero", script(rounds=moved)),
            Specimen("near miss: three rounds", found(0.0, 3)),
        )
