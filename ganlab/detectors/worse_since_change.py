"""Samples got worse since a setting was changed while the run trained."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Mapping
from typing import ClassVar, NamedTuple, cast

from ganlab.detectors.base import Detector
from ganlab.detectors.before import Before
from ganlab.detectors.specimen import IMAGE_FACTS, Specimen, changed, stream
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Facts, Metrics, Observation


class Measure(NamedTuple):
    """One of the probe's numbers, and by how much it may get worse by chance."""

    metric: str
    ratio: bool  # whether it is compared by its quotient, else by its difference
    up: bool  # whether more is worse
    image: float  # what a healthy run hardly ever exceeds, twice in a row
    point: float


# From how healthy runs of the open corpus vary within 600 steps, then from the live breaks of the
# benchmark's open part.
MEASURES = (
    Measure("codebook_js", True, True, 1.45, 4.0),
    Measure("two_sample_auc", False, True, 0.15, 0.15),
    Measure("off_data", False, True, 0.05, 0.15),
    Measure("missing_mass", False, True, 0.1, 0.1),
    Measure("top_bin", False, True, 0.12, 0.12),
    Measure("overflow", False, True, 0.05, 0.05),
    Measure("diversity", True, False, 1.15, 1.5),
    Measure("std_ratio", True, False, 1.4, 1.5),
    Measure("label_effect", True, False, 3.0, 3.0),
)


class WorseSinceChange(Detector):
    """Probes after a live change against those before it, measure by measure."""

    name = "Worse since a change"
    doc = (
        "Samples were better before a setting was changed while the run trained: a measure of the "
        "probe has got worse by more than healthy runs vary, at two probes in a row."
    )
    source = (
        "thresholds: the variation within healthy runs of the open corpus, and the live breaks of "
        "the benchmark's open part"
    )
    formula = """
        before = median of up to {memory} probes before the change (three at least)
        codebook_js / before, both {floor} at least (of points {grain}), more than MEASURES allows,
        or another measure of it, at {lasting} probes in a row: a warning; once, by {alone} times
        as much: a failure; asked for {reach} steps after the change
        closes after {back} probes with all measures below {calm} of what is allowed
    """
    needs: ClassVar[frozenset[str]] = frozenset({"codebook_js", "changes"})

    def __init__(
        self,
        *,
        alone: float = 3.0,  # factor from which a single probe is enough
        floor: float = 0.1,  # nats; a codebook_js that a good G's probe reads as well
        grain: float = 0.02,  # the same for points
        memory: int = 6,  # probes before the change
        lasting: int = 2,  # probes in a row
        calm: float = 0.6,  # share of the variation below which a probe is back
        back: int = 3,  # probes in a row until the finding closes
        reach: int = 1000,  # steps after the change
    ) -> None:
        self.alone, self.floor, self.grain = alone, floor, grain
        self.memory, self.lasting, self.reach = memory, lasting, reach
        self.calm, self.back = calm, back
        super().__init__()

    def _reset(self) -> None:
        self._before = Before((measure.metric for measure in MEASURES), self.memory)
        self._base: dict[str, float] = {}  # medians before the change; empty: nothing to compare
        self._worse: dict[str, int] = {}  # probes in a row, by metric
        self._calm = 0  # probes in a row without a worse measure

    def _judge(self, observation: Observation) -> Finding | None:
        step, before = observation.step, self._before
        if before.notice(self.facts.get("changes", 0), step, hold=self.standing is not None):
            self._base = {name: statistics.median(kept) for name, kept in before.values.items()}
            self._worse, self._calm = {}, 0
        if "codebook_js" not in observation.metrics:
            return self.standing
        finding = self._compare(observation) if self._base else None
        if finding is None and step - before.step > self.reach:
            self._base = {}
        before.remember(step, observation.metrics)
        return finding

    def _compare(self, observation: Observation) -> Finding | None:
        strengths = dict(self._strengths(observation.metrics))
        self._count(strengths)
        far = [name for name, strength in strengths.items() if strength > self.alone]
        if self.standing is None or (far and self.standing.severity is Severity.WARNING):
            grave = far or [name for name, row in self._worse.items() if row >= self.lasting]
            if grave:
                return self._finding(observation, grave, Severity(2 + bool(far)))
        return None if self._calm >= self.back else self.standing

    def _count(self, strengths: Mapping[str, float]) -> None:
        """How many probes in a row have been worse by each measure, and calm by all of them."""
        self._worse = {
            name: self._worse.get(name, 0) + 1
            for name, strength in strengths.items()
            if strength > 1.0
        }
        calm = max(strengths.values(), default=0.0) < self.calm
        self._calm = self._calm + 1 if calm else 0

    def _finding(self, observation: Observation, grave: list[str], severity: Severity) -> Finding:
        metrics = cast(Mapping[str, float], observation.metrics)
        shown = [measure for measure in MEASURES if measure.metric in grave]
        first = shown[0].metric
        return Finding(
            Symptom.WORSE_SINCE_CHANGE,
            severity,
            observation.step,
            f"Samples are worse since the change at step {self._before.step}: {first} was "
            f"{self._base[first]:.3g} before it and is {metrics[first]:.3g} now.",
            tuple(self._evidence(measure, metrics[measure.metric]) for measure in shown),
        )

    def _evidence(self, measure: Measure, now: float) -> Evidence:
        base, bound = self._base[measure.metric], self._bound(measure)
        if measure.ratio:
            name = f"{measure.metric} / before" if measure.up else f"before / {measure.metric}"
            return Evidence(name, self._quotient(measure, base, now), ">", bound)
        name = f"{measure.metric} {'above' if measure.up else 'below'} before"
        return Evidence(name, now - base if measure.up else base - now, ">", bound)

    def _strengths(self, metrics: Metrics) -> Iterator[tuple[str, float]]:
        """By how much each measure is worse than before, in units of its own variation."""
        for measure in MEASURES:
            base, now = self._base.get(measure.metric), metrics.get(measure.metric)
            if base is None or not isinstance(now, float) or not math.isfinite(now):
                continue
            bound = self._bound(measure)
            if measure.ratio:
                yield measure.metric, math.log(self._quotient(measure, base, now)) / math.log(bound)
            else:
                yield measure.metric, (now - base if measure.up else base - now) / bound

    def _quotient(self, measure: Measure, base: float, now: float) -> float:
        floor = 1e-3
        if measure.metric == "codebook_js":
            floor = self.grain if self.of_points else self.floor
        quotient = max(now, floor) / max(base, floor)
        return quotient if measure.up else 1.0 / quotient

    def _bound(self, measure: Measure) -> float:
        return measure.point if self.of_points else measure.image

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return _SPECIMENS


_GOOD = {
    "codebook_js": 0.12,
    "two_sample_auc": 0.6,
    "off_data": 0.0,
    "missing_mass": 0.02,
    "diversity": 0.8,
}
_POINTS: Facts = {**IMAGE_FACTS, "dimensions": 2}

_SPECIMENS = (
    Specimen("a change that changes nothing", changed(IMAGE_FACTS, _GOOD, 1000)),
    Specimen(
        "near miss: samples get worse, and nobody had changed anything",
        stream(
            IMAGE_FACTS | {"changes": 0},
            {},
            probes=_GOOD | {"codebook_js": lambda step: 0.12 if step < 1000 else 0.4},
            steps=2000,
        ),
    ),
    Specimen(
        "near miss: the noise of a good G on points, 0.002 to 0.02 nats",
        changed(
            _POINTS,
            _GOOD | {"codebook_js": lambda step: 0.002 if step < 1000 else 0.02},
            1000,
        ),
    ),
    Specimen(
        "near miss: one probe is worse, the next is not",
        changed(
            IMAGE_FACTS,
            _GOOD | {"codebook_js": lambda step: 0.18 if step == 1200 else 0.12},
            1000,
        ),
    ),
    Specimen(
        "samples fall back to noise after a change",
        changed(
            IMAGE_FACTS,
            _GOOD
            | {"codebook_js": lambda step: 0.12 if step < 1000 else 0.12 + (step - 1000) / 4e3},
            1000,
        ),
        Symptom.WORSE_SINCE_CHANGE,
        (1500, 2000),
    ),
    Specimen(
        "one class after another is lost after a change",
        changed(
            IMAGE_FACTS,
            _GOOD | {"missing_mass": lambda step: 0.02 if step < 1000 else 0.2},
            1000,
        ),
        Symptom.WORSE_SINCE_CHANGE,
        (1050, 1150),
    ),
    Specimen(
        "samples get worse after a change and come back 500 steps later",
        changed(
            IMAGE_FACTS,
            _GOOD | {"codebook_js": lambda step: 0.3 if 1000 <= step < 1500 else 0.12},
            1000,
        ),
        Symptom.WORSE_SINCE_CHANGE,
        (1050, 1150),
        closes=(1600, 1650),
    ),
)
