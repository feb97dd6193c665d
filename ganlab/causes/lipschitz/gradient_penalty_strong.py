"""A gradient penalty that leaves the critic nothing else to do."""

from __future__ import annotations

import statistics
from dataclasses import replace
from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.directions import UP, Directions
from ganlab.causes.history import Burst, History
from ganlab.causes.specimen import Specimen, looks, script, told
from ganlab.causes.suspect import Suspect, weightiest
from ganlab.causes.trace import Span, Trace
from ganlab.finding import Remedy, Symptom
from ganlab.remedies import Situation, catalogue


class GradientPenaltyStrong(Cause):
    """Lambda so large that only the slope is learned, or R1 so large that D stays flat.

    The lab asks for the symptom first, at any lambda; a script's samples have to fail for the same
    certainty, since lambda 1000 learned about as well as 10 on MNIST.
    """

    slug = "gradient-penalty-strong"
    doc = "lambda so large that the critic cannot learn"
    source = "Gulrajani et al. 2017 (arXiv:1704.00028)"
    formula = """
        the lab   critic-overpenalised or critic-flat (sure: gp_weight > {weight})
        a script  a factor > {weight} and | |grad D| - 1 | < {near}; or D's logits
                  within {flat} under R1 ({low} where a copy of D without it can
                  tell), in >= {rounds} rounds
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})
    worse: ClassVar[Directions] = {"gp_weight": UP}
    spoken_of: ClassVar[tuple[str, ...]] = ("gp_weight",)

    def __init__(
        self,
        *,
        weight: float = 100.0,
        near: float = 0.2,
        flat: float = 0.05,
        low: float = 0.3,
        rounds: int = 12,
    ) -> None:
        self.weight = weight  # lambda above which it is heavy
        self.near = near  # how far from 1 a script's norm may be and is still pinned
        self.flat = flat  # width of D's logits under R1 below which D says nothing
        self.low = low  # the same where a copy of D without the penalty can tell
        self.rounds = rounds  # of a script, that are enough

    def _told(self, history: History) -> Suspect | None:
        if not history.has(Symptom.CRITIC_OVERPENALISED, Symptom.CRITIC_FLAT):
            return None
        weight = history.facts.get("gp_weight", 0.0)
        heavy = weight > self.weight
        sure = 0.9 if history.has(Symptom.CRITIC_OVERPENALISED) else 0.7
        return Suspect(
            self.slug,
            sure if heavy else 0.4,
            (f"The penalty's lambda is {weight:g}; 10 is usual.",
             *history.proof(Symptom.CRITIC_OVERPENALISED, Symptom.CRITIC_FLAT)),
            () if heavy else (f"Lambda {weight:g} leaves other critics room.",),
            "Not an equilibrium: a linear test tells fakes from reals.",
        )  # fmt: skip

    def _seen(self, history: History) -> Suspect | None:
        return weightiest(filter(None, (self._pinned(history), self._flat(history))))

    def _pinned(self, history: History) -> Suspect | None:
        """A norm that does not move from its target."""
        found = [(norm, weight) for seen in history.rounds for *_, norm, weight in seen.penalties]
        if len(found) < self.rounds or not history.linear:
            return None
        late = statistics.median(norm for norm, _ in found[len(found) // 2 :])
        weight = statistics.median(weight for _, weight in found)
        if weight <= self.weight or not 1 - self.near < late < 1 + self.near:
            return None
        failed = history.fails()
        return Suspect(
            self.slug,
            0.85 if failed else 0.6,
            (
                f"The factor before the penalty is {weight:.3g}; the norm is pinned at {late:.3f}.",
                *history.poor(),
            ),
            fix="Set lambda to 10.",
            location=history.where("d loss made", "d loss"),
            checked="On MNIST lambda 1000 learned about as well as 10, so this alone is no "
            "failure.",
            source=self.source,
            harm="likely" if failed else "unclear",
        )

    def _flat(self, history: History) -> Suspect | None:
        """A penalty without a target norm (R1) that leaves D no slope to tell anything with."""
        widths = _widths(history)
        if not history.penalised or history.linear or len(widths) < self.rounds:
            return None
        width, starved = statistics.median(widths), history.starved()
        if width >= (self.low if starved else self.flat):
            return None
        bad = history.falls_short()
        harmed = bad or starved
        return Suspect(
            self.slug,
            0.8 if harmed else 0.5,
            (
                "D's loss holds a gradient penalty, and all that D says of real and generated "
                f"samples lies within {width:.2g} on its logit (median of {len(widths)} rounds).",
                *(("The samples are not like the data by now.",) if bad else ()),
                *(("A copy of D that learned for a while without the penalty can tell.",)
                  if starved else ()),
            ),
            fix="Divide the penalty's factor by a hundred: R1 is used with a gamma of 0.1 to 10.",
            location=history.where("d loss made", "d loss"),
            checked="At an equilibrium D still tells single samples apart: its logits spread by "
            "tenths.",
            source="Mescheder et al. 2018 (arXiv:1801.04406)",
            harm="likely" if harmed else "unclear",
        )  # fmt: skip

    @staticmethod
    def cures(situation: Situation) -> tuple[Remedy, ...]:
        return (catalogue.PENALTY_TEN,)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        over, flat = Symptom.CRITIC_OVERPENALISED, Symptom.CRITIC_FLAT
        contracts = {"d real": [("linear", "")]}
        far = {"missing_mass": 0.9, "codebook_js_long": 0.5, "diversity": 0.4, "off_data": 0.9}
        pinned = looks(penalties=[((64, 2), (1,), 1.02, 1e4)], contracts=contracts)
        usual = tuple(replace(x, penalties=[((64, 2), (1,), 1.02, 10.0)]) for x in pinned)
        still = looks(penalised=True, outputs={
            name: Span(0.0, 0.02, 0.01, 0.01) for name in ("real", "fake")})  # fmt: skip
        wide = {name: Span(-0.4, 0.4, 0.0, 0.2) for name in ("real", "fake")}
        alive = tuple(replace(seen, outputs=wide) for seen in still)
        return (
            Specimen("the lab, no symptom", told({"gp_weight": 1e4})),
            Specimen("the lab, lambda 1000 alone", told({"gp_weight": 1e3}, over), 0.9),
            Specimen("the lab, lambda 1000 and flat", told({"gp_weight": 1e3}, flat), 0.7),
            Specimen("the lab, lambda 10 and flat", told({"gp_weight": 10.0}, flat), 0.4),
            Specimen("near miss: the lab, lambda 1000 and a slope that escapes",
                     told({"gp_weight": 1e3}, Symptom.CRITIC_UNBOUNDED)),
            Specimen("lambda 10", script(rounds=usual)),
            Specimen("lambda 10 000", script(rounds=pinned), 0.6, "unclear"),
            Specimen("lambda 10 000 and samples far off",
                     script(rounds=pinned, updates=1000, outcome=far), 0.85, "likely"),
            Specimen("near miss: lambda 10 000, eleven penalties", script(rounds=pinned[:11])),
            Specimen("R1 that flattens D", script(rounds=still), 0.5, "unclear"),
            Specimen("near miss: R1, and logits spread by tenths", script(rounds=alive)),
            Specimen("R1, and a copy without it learns",
                     script(rounds=alive, burst=Burst(0.55, 0.95)), 0.8, "likely"),
        )  # fmt: skip


def _widths(history: History) -> list[float]:
    """Of the last rounds that tell it."""
    return [width for seen in history.rounds if (width := _width(seen)) is not None][-24:]


def _width(seen: Trace) -> float | None:
    """How far D's logits lie apart, within real or fake or between them; None while unknown."""
    real, fake = seen.outputs.get("real"), seen.outputs.get("fake")
    if real is None or fake is None:
        return None
    width = max(abs(real.mean - fake.mean), real.std, fake.std)
    return 4 * width if seen.probability else width  # the sigmoid's slope at 0 is a quarter
