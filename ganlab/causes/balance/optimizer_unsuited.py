"""The optimiser cannot train this pair: plain SGD where Adam is needed."""

from __future__ import annotations

from typing import ClassVar

from ganlab.causes.balance.symptoms import COLLAPSED, D_WINS, LOST, WINS
from ganlab.causes.base import Cause
from ganlab.causes.directions import DOWN, UP, Directions
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, script, told, trained
from ganlab.causes.suspect import Suspect
from ganlab.finding import Remedy, Symptom
from ganlab.observation import Facts
from ganlab.rates import PLAIN
from ganlab.remedies import Situation, catalogue

_UNMOVED = (
    Symptom.OFF_DATA,
    Symptom.BARELY_MOVING,
    Symptom.CLAMP_DEATH,
    Symptom.QUALITY_DECLINE,
)


class OptimizerUnsuited(Cause):
    """Adam's step sizes for single weights train pairs that SGD does not.

    The lab asks for a symptom; a script's samples may fall short without one.
    """

    slug = "optimizer-unsuited"
    doc = "the optimiser cannot train this pair (plain SGD on the paper's MLP)"
    source = "Radford et al. 2016 (arXiv:1511.06434)"
    formula = """
        the lab   SGD for both, and a collapse, a D that wins, or samples that stay
                  off the data or decline
        a script  SGD for both, and a collapse, a D that wins or loses, or samples
                  that fall short
    """
    needs: ClassVar[frozenset[str]] = frozenset({"build"})
    worse: ClassVar[Directions] = {
        "plain optimisers": UP,
        "D's rate on SGD": DOWN,
        "G's rate on SGD": DOWN,
    }
    spoken_of: ClassVar[tuple[str, ...]] = ("optimizer_d", "optimizer_g")

    def _told(self, history: History) -> Suspect | None:
        symptoms = (*COLLAPSED, *WINS, *_UNMOVED)
        plain = all(rule in PLAIN for rule in history.optimisers())
        if not plain or not history.has(*symptoms):
            return None
        return Suspect(
            self.slug,
            0.8,
            (f"Both networks train with SGD at {history.rates()}.", *history.proof(*symptoms)[:2]),
            (),
            "Not steps that are too large: SGD at 0.2 or more is named learning-rate-too-high.",
        )

    def _seen(self, history: History) -> Suspect | None:
        build = history.made_of
        if build.rule("g") != "sgd" or build.rule("d") != "sgd":
            return None
        bad, poor = history.sentences(*COLLAPSED, *D_WINS, *LOST), history.falls_short()
        harms = bool(bad) or poor
        return Suspect(
            self.slug,
            0.75 if harms else 0.3,
            (
                f"Both networks are trained with SGD (learning rate {build.rate('g'):g}).",
                *bad[:2],
                *(("The samples are not like the data by now.",) if poor else ()),
            ),
            fix="Adam(lr=2e-4, betas=(0.5, 0.999)) for both.",
            location=build.made("g"),
            checked="Adam's step sizes for single weights train pairs that SGD does not.",
            source=self.source,
            harm="likely" if harms else "none",
        )

    @staticmethod
    def cures(situation: Situation) -> tuple[Remedy, ...]:
        return (catalogue.ADAM,)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        sgd: Facts = {"optimizer_d": "sgd", "optimizer_g": "momentum"}
        half: Facts = {"optimizer_d": "sgd", "optimizer_g": "adam"}
        still = Symptom.TOTAL_COLLAPSE
        return (
            Specimen("the lab, Adam", told({}, still)),
            Specimen("the lab, SGD", told(sgd, still), 0.8),
            Specimen("near miss: the lab, SGD for D alone", told(half, still)),
            Specimen("near miss: the lab, SGD and no symptom", told(sgd)),
            Specimen("Adam", script(still)),
            Specimen("SGD and a collapse", trained(script(still), rule="SGD"), 0.75, "likely"),
            Specimen("SGD that does its work", trained(script(), rule="SGD"), 0.3, "none"),
            Specimen("near miss: RMSprop and a collapse", trained(script(still), rule="RMSprop")),
        )
