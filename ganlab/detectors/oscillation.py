"""The players cycle and the samples get no better. Loss curves alone prove nothing."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import ClassVar

from ganlab import remedies
from ganlab.detectors.base import Detector, Lasting
from ganlab.detectors.series import Standstill, Tail
from ganlab.detectors.specimen import IMAGE_FACTS, Curve, Specimen, stream, turning
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Observation


class Oscillation(Detector):
    """A periodic gap between D's outputs, wide against its mean, and a G that gets nowhere."""

    name = "Oscillation"
    doc = (
        "D's lead over G swings with a period, wider than it is large, while G moves all the time "
        "and comes no closer to the data. A swing of the losses alone is no finding: good GANs "
        "rotate around their equilibrium too."
    )
    source = "Mescheder et al. 2018 (arXiv:1801.04406); Berard et al. 2020 (arXiv:1906.04848)"
    formula = """
        gap = logit_real - logit_fake over the last 64 looks; for 100 steps
            largest autocorrelation of gap at a lag of 4 to 32 looks, behind its first
            zero crossing, > {period}
            and interquartile range of gap / |median of gap| > {swing}
            and median of 10 probes of drift > {drift}
            and median of 10 probes of codebook_js > {far}
            and codebook_js not 5 % better for {plateau} steps
        asked from step {patience} on
    """
    needs: ClassVar[frozenset[str]] = frozenset(
        {"logit_real", "logit_fake", "drift", "codebook_js"}
    )

    def __init__(
        self,
        *,
        period: float = 0.5,  # autocorrelation of the gap at its period
        swing: float = 1.0,  # interquartile range of the gap / its median
        drift: float = 0.2,  # move of G between probes / spread of reals
        far: float = 0.15,  # nats; samples closer than that swing around the data
        patience: int = 1500,  # steps before a run is judged
        plateau: int = 1000,  # steps without a batch closer to the data
    ) -> None:
        self.period, self.swing, self.drift, self.far = period, swing, drift, far
        self.patience, self.plateau = patience, plateau
        super().__init__()

    def _reset(self) -> None:
        self._gaps = Tail(64)
        self._drifts, self._distances = Tail(10), Tail(10)
        self._quality = Standstill(0.05)
        self._stalled = 0
        self._cycles = Lasting(on=100, off=600)
        self._start: int | None = None

    def _judge(self, observation: Observation) -> Finding | None:
        metrics, step = observation.metrics, observation.step
        if self._start is None:
            self._start = step
        if "drift" in metrics:
            self._drifts.add(step, metrics["drift"])
            self._distances.add(step, metrics.get("codebook_js"))
            self._stalled = self._quality.update(step, metrics.get("codebook_js"))
        if "logit_real" not in metrics or "logit_fake" not in metrics:
            return self.standing
        self._gaps.add(step, metrics["logit_real"] - metrics["logit_fake"])
        if not self._gaps.full or step - self._start < self.patience:
            return None
        return self._cycles.update(step, self._cycling(step))

    def _cycling(self, step: int) -> Finding | None:
        swing = relative_swing(self._gaps.values)
        rhythm, lag = strongest_period(self._gaps.values)
        drift, away = self._drifts.median(), self._distances.median()
        nowhere = self._stalled >= self.plateau and drift > self.drift and away > self.far
        if not (nowhere and swing > self.swing and rhythm > self.period):
            return None
        steps = round(lag * self._gaps.span / 63)
        return Finding(
            Symptom.OSCILLATION,
            Severity.WARNING,
            step,
            f"D's lead over G swings with a period near {steps} steps, and G has come no closer "
            f"to the data for {self._stalled} steps.",
            (
                Evidence("autocorrelation of the gap", rhythm, ">", self.period, self._gaps.span),
                Evidence("swing of the gap / its median", swing, ">", self.swing, self._gaps.span),
                Evidence("drift", drift, ">", self.drift, self._drifts.span),
                Evidence("codebook_js", away, ">", self.far, self._distances.span),
                Evidence("steps without a better codebook_js", self._stalled, ">=", self.plateau),
            ),
            remedies.for_oscillation(self.facts),
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return _SPECIMENS


def relative_swing(values: Sequence[float]) -> float:
    """Interquartile range over the median's size."""
    low, middle, high = statistics.quantiles(values, n=4)
    return (high - low) / max(abs(middle), 1e-12)


def strongest_period(values: Sequence[float], longest: int = 32) -> tuple[float, int]:
    """The largest autocorrelation behind its first zero crossing, and its lag."""
    mean = statistics.fmean(values)
    centred = [value - mean for value in values]
    power = sum(value * value for value in centred)
    if power <= 0.0:
        return 0.0, 0
    best, crossed = (0.0, 0), False
    for lag in range(1, longest + 1):
        pairs = zip(centred, centred[lag:], strict=False)
        # Over the pairs there are: a plain sum would shrink with the lag.
        match = sum(a * b for a, b in pairs) / power * len(values) / (len(values) - lag)
        crossed = crossed or match < 0.0
        if crossed and lag >= 4:
            best = max(best, (match, lag))
    return best


def _wave(step: int) -> float:
    return 1.0 if step % 200 < 100 else -0.9


_CYCLE: dict[str, Curve] = {"logit_real": _wave, "logit_fake": 0.0}
_LOST = {"drift": 0.9, "codebook_js": 0.45}

_SPECIMENS = (
    Specimen(
        "D leads steadily",
        stream(IMAGE_FACTS, {"logit_real": 1.0, "logit_fake": -0.5}, probes=_LOST),
    ),
    Specimen(
        "near miss: the losses swing, and the samples get better all the time",
        stream(
            IMAGE_FACTS,
            _CYCLE,
            probes={"drift": 0.3, "codebook_js": lambda step: 0.5 * 0.9 ** (step / 100)},
        ),
    ),
    Specimen(
        "near miss: a swing around a G that has settled",
        stream(IMAGE_FACTS, _CYCLE, probes={"drift": 0.05, "codebook_js": 0.1}),
    ),
    Specimen(
        "near miss: samples swing around the data, one standard deviation from probe to probe",
        stream(IMAGE_FACTS, _CYCLE, probes={"drift": 1.0, "codebook_js": 0.1}),
    ),
    Specimen(
        "near miss: G gets nowhere without any rhythm",
        stream(
            IMAGE_FACTS,
            {"logit_real": lambda step: math.sin(step * step), "logit_fake": 0.0},
            probes=_LOST,
        ),
    ),
    Specimen(
        "a gap that swings every 200 steps, and a G that gets nowhere",
        stream(IMAGE_FACTS, _CYCLE, probes=_LOST),
        Symptom.OSCILLATION,
        (1500, 1800),
    ),
    Specimen(
        "a gap that swings every 200 steps until step 2000",
        turning(
            2000,
            stream(IMAGE_FACTS, _CYCLE, probes=_LOST, steps=3500),
            stream(
                IMAGE_FACTS,
                {"logit_real": 1.0, "logit_fake": -0.5},
                probes={"drift": 0.05, "codebook_js": 0.08},
                steps=3500,
            ),
        ),
        Symptom.OSCILLATION,
        (1500, 1800),
        closes=(2600, 2750),
    ),
)
