"""Real and generated samples live in different ranges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.data.ranges import by_range, joined, words
from ganlab.causes.directions import UP, Directions
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, looks, script, told
from ganlab.causes.suspect import Suspect
from ganlab.causes.trace import Span
from ganlab.finding import Evidence, Finding, Remedy, Severity, Symptom
from ganlab.observation import Facts
from ganlab.remedies import Situation, for_scaling

_RADFORD = "Radford et al. 2016 (arXiv:1511.06434)"
_TINY = 1e-12


class RangeMismatch(Cause):
    """D tells samples apart by their range alone.

    The lab's detector of ranges has compared them before this is asked, by the same shares of the
    real values and of G's range; what is left to weigh is what else may have moved G. A script's
    reach is read off its graph, and the samples tell what the misfit does.
    """

    slug = "range-mismatch"
    doc = "real and generated samples live in different ranges"
    source = _RADFORD
    formula = """
        the lab   scaling-mismatch: by the settings alone (a waste < {idle} speaks
                  against), or by what G makes while nothing else came {earlier} steps
                  earlier or moves G about
        a script  unreachable > {lost} (sure: > {much}, or data beyond G's range
                  by > {far} of it), or waste > {wasted} (sure: > {idle}, or
                  diversity < {dull} after 1000 updates), or a G without
                  bounds > {wide} times as wide as the data, or apart from them
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})
    worse: ClassVar[Directions] = {"misfit of ranges": UP}
    spoken_of: ClassVar[tuple[str, ...]] = ("output", "data_range")

    def __init__(
        self,
        *,
        idle: float = 0.9,
        earlier: int = 200,
        lost: float = 0.01,
        much: float = 0.05,
        far: float = 0.5,
        wasted: float = 0.4,
        dull: float = 0.7,
        wide: float = 8.0,
    ) -> None:
        self.idle = idle  # share of G's range without a real value, above which D sees it at once
        self.earlier = earlier  # steps by which another symptom came first, in the lab
        self.lost = lost  # share of a script's real values out of G's reach
        self.much = much  # the same, when it is as good as sure
        self.far = far  # of G's range, by which real values may lie beyond it instead
        self.wasted = wasted  # share of G's range without a real value that is worth a word
        self.dull = dull  # diversity over the data's below which a wasted range has harmed
        self.wide = wide  # generated over real deviation or width of a G without bounds

    def _told(self, history: History) -> Suspect | None:
        finding = history.symptoms.get(Symptom.SCALING_MISMATCH)
        if finding is None or not history.has(Symptom.SCALING_MISMATCH):
            return None
        facts, first = history.facts, finding.evidence[0]
        built = first.metric in ("unreachable", "waste")  # known before the first step
        against = tuple((self._idle if built else self._doubts)(history, first))
        return Suspect(
            self.slug,
            0.95 if built else 0.3 if against else 0.75,
            (
                f"G's output is {facts.get('output', 'output')}, the data lie in "
                f"{facts.get('data_range', 'the data')}.",
                history.summary(Symptom.SCALING_MISMATCH),
                str(first),
            ),
            against,
            by_range(finding, history),
        )

    def _idle(self, history: History, first: Evidence) -> Iterator[str]:
        if first.metric == "waste" and first.observed < self.idle:
            yield "G can reach every real value, and may learn to use half of its range."

    def _doubts(self, history: History, first: Evidence) -> Iterator[str]:
        """What else may have made what G makes too wide or too narrow."""
        narrow = first.relation == "<"
        if history.points and not narrow:
            yield "Points need an output without bounds: G places samples wrongly, no more."
        if narrow:
            yield "G makes too narrow a range, which a G that stands still does too."
        # A G that runs from mode to mode overshoots the range on its way.
        before = history.since(Symptom.SCALING_MISMATCH, self.earlier)
        if before:
            yield f"It came more than {self.earlier} steps after {before[0]}."
        if history.has(
            Symptom.MODE_HOPPING, Symptom.FALSE_EQUILIBRIUM, Symptom.DISCRIMINATOR_BLIND
        ):
            yield "G moves about while D cannot tell, and overshoots the range on its way."

    def _seen(self, history: History) -> Suspect | None:
        reals = [seen.ranges["real"] for seen in history.rounds if "real" in seen.ranges]
        if len(reals) < 3:
            return None
        real, bounds = joined(reals), history.reach()
        if bounds is not None and "unreachable" in history.outcome:
            found = self._out_of_reach(history, real, bounds) or self._waste(history, real, bounds)
            if found:
                return found
        return self._runaway(history, real)

    def _out_of_reach(
        self, history: History, real: Span, bounds: tuple[float, float]
    ) -> Suspect | None:
        low, high = bounds
        share = history.outcome["unreachable"]
        if share <= self.lost:
            return None
        beyond = max(low - real.low, real.high - high) / (high - low)
        sure = share > self.much or beyond > self.far
        return Suspect(
            self.slug,
            0.96 if sure else 0.7,
            (
                words(history, real, bounds),
                f"{share:.1%} of the real values are out of G's reach.",
            ),
            fix=f"Scale the data to [{low:g}, {high:g}] (for images in [0, 1]: "
            "transforms.Normalize(0.5, 0.5) with tanh), or let G end in an activation that "
            "reaches the data.",
            location=history.where("d real"),
            checked="Quantiles were compared, so a few outliers do not count.",
            source=_RADFORD,
            harm="certain" if sure else "likely",
        )

    def _waste(self, history: History, real: Span, bounds: tuple[float, float]) -> Suspect | None:
        wasted = history.outcome.get("waste", 0.0)
        if wasted <= self.wasted:
            return None
        slow = history.prospers() is False
        # Where samples varied less than the data by a third, the repaired script's were far better
        # (measured); elsewhere the same bug did no harm.
        varied = history.outcome.get("diversity", 1.0)
        dull = history.updates >= 1000 and varied < self.dull
        idle = wasted > self.idle
        return Suspect(
            self.slug,
            0.95 if idle else 0.75 if slow or dull else 0.55,
            (
                words(history, real, bounds),
                f"{wasted:.0%} of G's range holds no real value.",
                *(("By now the samples do not fit the data.",) if slow else ()),
                *((f"Samples vary {varied:.0%} as much as the data.",) if dull else ()),
            ),
            fix="Scale the data to G's whole range: transforms.Normalize(0.5, 0.5) with tanh.",
            location=history.where("d real"),
            checked="G can reach every real value, so this slows training rather than ending it.",
            source=_RADFORD,
            harm="certain" if idle or dull else "likely" if slow else "unclear",
        )

    def _runaway(self, history: History, real: Span) -> Suspect | None:
        """A G without bounds that stays far off; too narrow is a collapse, not a range."""
        fakes = [
            seen.ranges["fake"] for seen in list(history.rounds)[-16:] if "fake" in seen.ranges
        ]
        if len(fakes) < 8 or history.updates < 300 or real.std <= 0:
            return None
        fake = joined(fakes)
        times = max(
            fake.std / max(real.std, _TINY),
            (fake.high - fake.low) / max(real.high - real.low, _TINY),
        )
        apart = fake.low > real.high or fake.high < real.low
        if times <= self.wide and not apart:
            return None
        return Suspect(
            self.slug,
            0.5,
            (
                f"Generated values lie in [{fake.low:.3g}, {fake.high:.3g}] (deviation "
                f"{fake.std:.3g}), real ones in [{real.low:.3g}, {real.high:.3g}] "
                f"({real.std:.3g}).",
            ),
            fix="Scale the data to about unit deviation, or let G end in tanh on data in [-1, 1].",
            location=history.where("d real"),
            checked="G has no bounded last activation, and has not come nearer in "
            f"{history.updates} updates.",
            harm="likely",
        )

    @staticmethod
    def cures(situation: Situation) -> tuple[Remedy, ...]:
        return for_scaling(situation.facts)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        points: Facts = {"output": "linear", "dimensions": 2}
        unit, signed, wide = Span(0.0, 1.0, 0.3, 0.3), Span(-1.0, 1.0, 0.0, 0.5), Span(-9, 9, 0, 5)
        hops = (Symptom.MODE_HOPPING,)
        return (
            Specimen("the lab, ranges that fit", told({"output": "tanh"})),
            Specimen("the lab, values out of reach", _compared("unreachable", 0.8), 0.95),
            Specimen("the lab, half of the range is idle", _compared("waste", 0.5), 0.95),
            Specimen("the lab, values that overflow", _compared("overflow", 0.2), 0.75),
            Specimen("the lab, they overflow as G hops", _compared("overflow", 0.2, *hops), 0.3),
            Specimen("the lab, points beyond their range",
                     _compared("overflow", 0.6, facts=points), 0.3),
            Specimen("near miss: the lab, D wins", told({"output": "tanh"}, Symptom.SATURATION)),
            Specimen("tanh on [-1, 1]", _ending("Tanh", signed, unreachable=0.0, waste=0.0)),
            Specimen("a sigmoid on [-1, 1]", _ending("Sigmoid", signed, unreachable=0.5), 0.96),
            Specimen("a sigmoid, a few values beyond",
                     _ending("Sigmoid", unit, unreachable=0.03), 0.7, "likely"),
            Specimen("tanh on [0, 1]",
                     _ending("Tanh", unit, unreachable=0.0, waste=0.5), 0.55, "unclear"),
            Specimen("tanh on a sliver",
                     _ending("Tanh", unit, unreachable=0.0, waste=0.95), 0.95),
            Specimen("no bounds, and far off", _ending("", unit, fake=wide), 0.5, "likely"),
            Specimen("near miss: no bounds, three times as wide",
                     _ending("", unit, fake=Span(-1.0, 2.0, 0.3, 0.9))),
            Specimen("near miss: an outlier out of reach",
                     _ending("Tanh", Span(-1.2, 1.0, 0.0, 0.5), unreachable=0.004, waste=0.0)),
            Specimen("near miss: G has collapsed to a point",
                     _ending("", unit, fake=Span(0.4, 0.41, 0.4, 0.001))),
        )  # fmt: skip


def _compared(metric: str, value: float, *symptoms: Symptom, facts: Facts | None = None) -> History:
    """A run of the lab whose ranges were found not to fit, with other symptoms beside."""
    proof = (Evidence(metric, value, ">", 0.01),)
    found = Finding(Symptom.SCALING_MISMATCH, Severity.FAILURE, 500, "They do not fit.", proof)
    beside = told(facts or {"output": "tanh", "data_range": "[0,1]"}, *symptoms)
    return replace(beside, findings=(*beside.findings, found))


def _ending(activation: str, real: Span, fake: Span | None = None, **outcome: float) -> History:
    """A script whose G ends so, with samples in these ranges."""
    ranges = {"real": real} if fake is None else {"real": real, "fake": fake}
    return script(
        rounds=looks(activation=activation, affine=(1.0, 0.0), ranges=ranges), outcome=outcome
    )
