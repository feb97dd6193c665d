"""Ranges of real and generated samples do not fit: known before the first step, or seen later."""

from __future__ import annotations

from typing import ClassVar

from ganlab import remedies
from ganlab.detectors.base import Detector, Lasting
from ganlab.detectors.specimen import IMAGE_FACTS, Specimen, stream, turning
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Facts, Observation


class ScalingMismatch(Detector):
    """Static: what G's output activation can reach against the data. Dynamic: what it makes."""

    name = "Scaling mismatch"
    doc = (
        "G's output cannot reach the real values, wastes most of its range, or spreads far wider "
        "or narrower than they do: D tells them apart by their range alone."
    )
    source = "Radford et al. 2016 (arXiv:1511.06434); Zhang et al. 2021 (AutoTrainer, ICSE)"
    formula = """
        before the first step
            unreachable > {unreachable} or waste > {wasted}; waste > {hopeless} is a failure
        after the warm-up
            (fake_high - fake_low) / (real_high - real_low) outside [{pinned}, {wide}], 150 steps
            overflow > {overflow} (> {spilled} for points of up to 3 dimensions), 250 steps
    """
    needs: ClassVar[frozenset[str]] = frozenset({"real_low", "real_high"})
    forgets: ClassVar[frozenset[str]] = frozenset({"output", "data_range"})

    def __init__(
        self,
        *,
        unreachable: float = 0.01,  # share of real values outside G's range
        wasted: float = 0.4,  # share of G's range without real values
        hopeless: float = 0.9,  # the same, when D sees the difference at once
        overflow: float = 0.05,  # share of generated values outside the real range
        spilled: float = 0.5,  # the same for points, which lie on the edge of their range
        wide: float = 5.0,  # width of generated over width of real values
        pinned: float = 0.05,  # the same, when all generated values are one
    ) -> None:
        self.unreachable, self.wasted, self.hopeless = unreachable, wasted, hopeless
        self.overflow, self.spilled, self.wide, self.pinned = overflow, spilled, wide, pinned
        super().__init__()

    def _reset(self) -> None:
        self._broken = Lasting(on=150, off=150)  # four probes at the usual interval
        self._overflows = Lasting(on=250, off=300)  # six
        self._made: Finding | None = None  # what stands of what G makes
        self._start: int | None = None

    def _judge(self, observation: Observation) -> Finding | None:
        if self._start is None:
            self._start = observation.step
        static = self._static(observation.step)
        if {"fake_low", "fake_high", "overflow"} <= observation.metrics.keys():
            self._made = self._dynamic(observation)
        made = self._made
        if static and made and made.severity > static.severity:
            return made
        return static or made

    def _static(self, step: int) -> Finding | None:
        lost, waste = self.facts.get("unreachable", 0.0), self.facts.get("waste", 0.0)
        if lost > self.unreachable:
            evidence = Evidence("unreachable", lost, ">", self.unreachable)
            return self._finding(Severity.FAILURE, step, evidence, self._ranges())
        if waste > self.hopeless:
            evidence = Evidence("waste", waste, ">", self.hopeless)
            return self._finding(Severity.FAILURE, step, evidence, self._ranges())
        if waste > self.wasted:
            evidence = Evidence("waste", waste, ">", self.wasted)
            return self._finding(Severity.WARNING, step, evidence, self._ranges())
        return None

    def _ranges(self) -> str:
        facts = self.facts
        low, high = facts.get("reach_low"), facts.get("reach_high")
        reach = "any value" if low is None or high is None else f"[{low:g}, {high:g}]"
        return (
            f"G's {facts.get('output', 'output')} output reaches {reach}; real values lie in "
            f"[{facts.get('real_low', 0):.3g}, {facts.get('real_high', 0):.3g}]."
        )

    def _dynamic(self, observation: Observation) -> Finding | None:
        metrics, step = observation.metrics, observation.step
        low, high = self.facts.get("real_low"), self.facts.get("real_high")
        assert self._start is not None
        if low is None or high is None or step - self._start < self.warm_up():
            return None
        ratio = (metrics["fake_high"] - metrics["fake_low"]) / max(high - low, 1e-12)
        text = (
            f"Generated values lie in [{metrics['fake_low']:.3g}, {metrics['fake_high']:.3g}], "
            f"real ones in [{low:.3g}, {high:.3g}]."
        )
        broken = self._broken.update(step, self._width(step, ratio, text))
        overflows = self._overflows.update(step, self._overflow(step, metrics["overflow"], text))
        return self._first(step, broken, overflows)

    def _width(self, step: int, ratio: float, text: str) -> Finding | None:
        if not (ratio < self.pinned or ratio > self.wide):
            return None
        relation, bound = ("<", self.pinned) if ratio < self.pinned else (">", self.wide)
        evidence = Evidence("width of fakes / of reals", ratio, relation, bound, 150)
        return self._finding(Severity.FAILURE, step, evidence, text)

    def _overflow(self, step: int, share: float, text: str) -> Finding | None:
        most = self.spilled if self.of_points else self.overflow
        if not share > most:
            return None
        evidence = Evidence("overflow", share, ">", most, 250)
        return self._finding(Severity.WARNING, step, evidence, text)

    def _finding(self, severity: Severity, step: int, proof: Evidence, summary: str) -> Finding:
        cures = remedies.for_scaling(self.facts)
        return Finding(Symptom.SCALING_MISMATCH, severity, step, summary, (proof,), cures)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return _SPECIMENS


_FITTING = {"fake_low": -1.0, "fake_high": 1.0, "overflow": 0.0}
_SIGMOID: Facts = {
    **IMAGE_FACTS,
    "output": "sigmoid",
    "reach_low": 0.0,
    "reach_high": 1.0,
    "unreachable": 0.83,
    "waste": 0.0,
}
_LINEAR: Facts = {**IMAGE_FACTS, "output": "linear", "reach_low": None, "reach_high": None}
_RING: Facts = {**_LINEAR, "dimensions": 2}

_SPECIMENS = (
    Specimen("tanh on [-1, 1]", stream(IMAGE_FACTS, {}, probes=_FITTING)),
    Specimen(
        "near miss: a ring of modes on the edge of its range, and a G that blurs them",
        stream(_RING, {}, probes=_FITTING | {"overflow": 0.25}),
    ),
    Specimen(
        "near miss: an untrained G makes gray",
        stream(
            IMAGE_FACTS,
            {},
            probes={
                "fake_low": lambda step: -0.02 if step < 200 else -1.0,
                "fake_high": lambda step: 0.02 if step < 200 else 1.0,
                "overflow": 0.0,
            },
        ),
    ),
    Specimen(
        "near miss: a linear output that strays a little",
        stream(_LINEAR, {}, probes={"fake_low": -1.4, "fake_high": 1.3, "overflow": 0.02}),
    ),
    Specimen(
        "sigmoid output on [-1, 1] data, before the first step",
        stream(_SIGMOID, {}),
        Symptom.SCALING_MISMATCH,
        (0, 0),
    ),
    Specimen(
        "tanh on [0, 1] data wastes half of its range",
        stream(
            {**IMAGE_FACTS, "data_range": "[0,1]", "real_low": 0.0, "real_min": 0.0, "waste": 0.5},
            {},
        ),
        Symptom.SCALING_MISMATCH,
        (0, 0),
    ),
    Specimen(
        "a linear output that runs away",
        stream(_LINEAR, {}, probes={"fake_low": -40.0, "fake_high": 35.0, "overflow": 0.9}),
        Symptom.SCALING_MISMATCH,
        (200, 500),
    ),
    Specimen(
        "every generated value is one and the same",
        stream(IMAGE_FACTS, {}, probes={"fake_low": -1.0, "fake_high": -0.99, "overflow": 0.0}),
        Symptom.SCALING_MISMATCH,
        (200, 500),
    ),
    Specimen(
        "a linear output that runs away and is called back",
        turning(
            1000,
            stream(_LINEAR, {}, probes={"fake_low": -40.0, "fake_high": 35.0, "overflow": 0.9}),
            stream(_LINEAR, {}, probes=_FITTING),
        ),
        Symptom.SCALING_MISMATCH,
        (200, 500),
        closes=(1150, 1200),
    ),
    Specimen(
        "sigmoid output on [-1, 1] data, changed for tanh",
        turning(500, stream(_SIGMOID, {}), stream(IMAGE_FACTS, {}, probes=_FITTING)),
        Symptom.SCALING_MISMATCH,
        (0, 0),
        closes=(500, 500),
    ),
)
