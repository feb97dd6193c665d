"""G covers few modes with no wiring or range fault behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from ganlab.causes.balance.symptoms import COLLAPSED
from ganlab.causes.base import Cause
from ganlab.causes.directions import DOWN, VARIETY, Directions
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, script, told
from ganlab.causes.suspect import Suspect
from ganlab.finding import Remedy, Symptom
from ganlab.remedies import Situation, catalogue, for_collapse


class ModeCollapse(Cause):
    """What is left to say where nothing else explains it."""

    slug = "mode-collapse"
    doc = "G covers few modes with no wiring or range fault behind it"
    source = "Lin et al. 2018 (arXiv:1712.04086)"
    formula = """
        the lab   a collapse, and no earlier cause is clear
        a script  a collapse, and no cause of more weight
    """
    needs: ClassVar[frozenset[str]] = frozenset({"findings"})
    worse: ClassVar[Directions] = dict.fromkeys(VARIETY, DOWN)

    def _told(self, history: History) -> Suspect | None:
        if not history.has(*COLLAPSED):
            return None
        facts, output = history.facts, history.facts.get("output", "")
        bare = "sigmoid" in output and facts.get("norm_g") == "none"
        return Suspect(
            self.slug,
            0.6,
            (*history.proof(*COLLAPSED),
             *((f"G ends in {output} without normalisation in between.",) if bare else ())),
            (),
            f"Ranges fit ({facts.get('unreachable', 0.0):.0%} of the real values out of reach), "
            f"{history.rates()}, beta1 or momentum {facts.get('momentum_g', 0.0):g}.",
        )  # fmt: skip

    def _seen(self, history: History) -> Suspect | None:
        bad = history.sentences(*COLLAPSED)
        if not bad:
            return None
        return Suspect(
            self.slug,
            0.5,
            (*bad[:2], *_latent(history)),
            fix="Try beta1 0.5, a WGAN-GP or relativistic loss with R1, minibatch standard "
            "deviation or PacGAN.",
            location=history.where("g loss formula", "g loss"),
            checked="No wiring, range or loss fault was found behind it.",
            source=self.source,
            harm="likely",
        )

    @staticmethod
    def cures(situation: Situation) -> tuple[Remedy, ...]:
        facts = situation.facts
        bare = "sigmoid" in facts.get("output", "") and facts.get("norm_g") == "none"
        return ((catalogue.TANH_PAIR,) if bare else ()) + for_collapse(facts)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        few, swings = Symptom.PARTIAL_COLLAPSE, Symptom.OSCILLATION
        return (
            Specimen("the lab, nothing wrong", told({})),
            Specimen("the lab, few modes", told({"output": "sigmoid", "norm_g": "none"}, few), 0.6),
            Specimen("near miss: the lab, it swings", told({}, swings)),
            Specimen("nothing wrong", script()),
            Specimen("few modes", script(few, answers={"latent matters": 0.1}), 0.5, "likely"),
            Specimen("near miss: it swings", script(swings)),
        )


def _latent(history: History) -> Iterator[str]:
    apart = history.answers.get("latent matters")
    if apart is not None:
        yield f"Samples of different z lie {apart:.2g} of their own size apart (on a copy of G)."
