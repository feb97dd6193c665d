"""A gradient penalty too weak to hold the critic."""

from __future__ import annotations

import statistics
from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.directions import DOWN, UP, Directions
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, looks, script, told
from ganlab.causes.suspect import Suspect
from ganlab.finding import Remedy, Symptom
from ganlab.remedies import Situation, catalogue


class GradientPenaltyWeak(Cause):
    """Lambda below 1, and a slope far above the target.

    The lab's detector of critics has measured the slope before this is asked; a script's is the
    median of what entered its penalty.
    """

    slug = "gradient-penalty-weak"
    doc = "lambda too small to hold the critic"
    source = "Gulrajani et al. 2017 (arXiv:1704.00028)"
    formula = """
        the lab   critic-unbounded under a penalty or a box (sure:
                  gp_weight < {weight})
        a script  median |grad D| > {norm} at a factor < {weight}, in the later half
                  of >= {penalties} penalties
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})
    worse: ClassVar[Directions] = {"gp_weight": DOWN, "box": UP}
    spoken_of: ClassVar[tuple[str, ...]] = ("gp_weight",)

    def __init__(self, *, weight: float = 1.0, norm: float = 3.0, penalties: int = 12) -> None:
        self.weight = weight  # lambda below which it is named; 10 is usual
        self.norm = norm  # of a script's gradients, above which they are not held
        self.penalties = penalties  # of a script, that are enough

    def _told(self, history: History) -> Suspect | None:
        facts = history.facts
        weight = facts.get("gp_weight", 0.0)
        if not history.has(Symptom.CRITIC_UNBOUNDED) or not (
            weight or facts.get("weight_clip", 0.0)
        ):
            return None
        weak = weight < self.weight
        return Suspect(
            self.slug,
            0.95 if weak else 0.5,
            (f"The penalty's lambda is {weight:g}; 10 is usual.",
             *history.proof(Symptom.CRITIC_UNBOUNDED)),
            () if weak else (f"Lambda {weight:g} holds other critics.",),
            "Not a sigmoid on the critic: its slope is above the target, not below.",
        )  # fmt: skip

    def _seen(self, history: History) -> Suspect | None:
        found = [(norm, weight) for seen in history.rounds for *_, norm, weight in seen.penalties]
        if len(found) < self.penalties or not history.linear:
            return None
        late = statistics.median(norm for norm, _ in found[len(found) // 2 :])
        weight = statistics.median(weight for _, weight in found)
        if late <= self.norm or weight >= self.weight:
            return None
        return Suspect(
            self.slug,
            0.88,
            (
                f"The gradient norm that the penalty should hold at 1 is {late:.3g} (median of the "
                f"later half of {len(found)} rounds); the factor before the penalty is "
                f"{weight:.3g}.",
            ),
            fix="Set lambda to 10.",
            location=history.where("d loss made", "d loss"),
            checked="The first rounds, where the norm settles, were left out.",
            source=self.source,
            harm="likely",
        )

    @staticmethod
    def cures(situation: Situation) -> tuple[Remedy, ...]:
        return (catalogue.PENALTY_TEN, catalogue.GRADIENT_PENALTY)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        steep = (Symptom.CRITIC_UNBOUNDED,)

        def held(norm: float, weight: float, rounds: int = 12) -> History:
            penalty = ((64, 2), (1,), norm, weight)
            return script(rounds=looks(
                rounds, penalties=[penalty], contracts={"d real": [("linear", "")]}))  # fmt: skip

        return (
            Specimen("the lab, a slope that is held", told({"gp_weight": 10.0})),
            Specimen("the lab, lambda 0.01", told({"gp_weight": 0.01}, *steep), 0.95),
            Specimen("the lab, a box too wide", told({"weight_clip": 1.0}, *steep), 0.95),
            Specimen("the lab, lambda 10 and still steep", told({"gp_weight": 10.0}, *steep), 0.5),
            Specimen("near miss: the lab, neither box nor penalty", told({}, *steep)),
            Specimen("lambda 10 holds", held(1.1, 10.0)),
            Specimen("lambda 0.01 does not", held(7.0, 0.01), 0.88, "likely"),
            Specimen("near miss: lambda 0.01 is enough here", held(1.4, 0.01)),
            Specimen("near miss: eleven penalties", held(7.0, 0.01, 11)),
        )
