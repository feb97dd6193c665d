"""A loss, a logit or a gradient that is no longer a finite number, or on its way there."""

from __future__ import annotations

import math
from typing import ClassVar

from ganlab import remedies
from ganlab.config import PROBABILITY_LOSSES
from ganlab.detectors.base import Detector, Lasting, Window
from ganlab.detectors.series import Tail
from ganlab.detectors.specimen import IMAGE_FACTS, Specimen, stream
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Observation

_LARGEST = 3.4e38  # of float32
# Below these a value is no base to grow from: nats, and norms.
_BOUNDS = {"d_loss": 0.1, "g_loss": 0.1, "grad_norm_d": 0.01, "grad_norm_g": 0.01}
_WATCHED = ("d_loss", "g_loss", "penalty", "logit_real", "logit_fake", "grad_norm_d", "grad_norm_g")


class Divergence(Detector):
    """Non-finite values from the first step on; values that explode against their own past."""

    name = "Divergence"
    doc = (
        "A loss, logit or gradient is NaN or infinite, and every later step only copies it; or "
        "one has grown a hundred or a thousand times beyond its own median, which is a warning."
    )
    source = "IEEE 754; Zhang et al. 2021 (AutoTrainer, ICSE)"
    formula = """
        a loss, penalty, logit or gradient norm is not a finite number
        or, at three looks in a row within 50 steps, one of
            |d_loss| or |g_loss|       > {loss_times} * max(0.1, its median of 500 steps)
            grad_norm_d or grad_norm_g > {gradient_times} * max(0.01, its median of 500 steps)
        or, under a cross-entropy and for 100 steps, with L = max(|logit_real|, |logit_fake|)
            median of 100 steps of L > max({logit}, {rising} * median of 500 steps of L)
    """
    needs: ClassVar[frozenset[str]] = frozenset({"d_loss", "g_loss"})
    forgets: ClassVar[frozenset[str]] = frozenset({"loss", "head", "output", "data_range"})

    def __init__(
        self,
        *,
        loss_times: float = 1000.0,  # a loss / its median over 500 steps
        gradient_times: float = 100.0,  # a gradient's norm / its median over 500 steps
        logit: float = 100.0,  # of a cross-entropy's D, which is sure from 20 on
        rising: float = 1.5,  # that logit's median over 100 steps / over 500 steps
    ) -> None:
        self.loss_times, self.gradient_times = loss_times, gradient_times
        self.logit, self.rising = logit, rising
        super().__init__()

    def _reset(self) -> None:
        self._past = {name: Window(500) for name in _BOUNDS}
        self._logits = Window(100), Window(500)
        self._spikes = {name: Lasting(on=0, off=100) for name in _BOUNDS}
        self._bursts = {name: Tail(3) for name in _BOUNDS}
        self._grown = Lasting(on=100, off=100)

    def _judge(self, observation: Observation) -> Finding | None:
        for name in _WATCHED:
            value = observation.metrics.get(name)
            if isinstance(value, float) and not math.isfinite(value):
                evidence = Evidence(name, value, "beyond", _LARGEST)
                text = f"{name} is {value}: training has diverged."
                return self._finding(Severity.FAILURE, observation.step, text, evidence)
        if "d_loss" not in observation.metrics:
            return self.standing
        metrics, step = observation.metrics, observation.step
        for name, lasting in self._spikes.items():
            if name in metrics:
                lasting.update(step, self._spike(name, observation))
        grown = self._grown.update(step, self._growing_logit(observation))
        spikes = (lasting.standing for lasting in self._spikes.values())
        return self._first(step, *spikes, grown)

    def _spike(self, name: str, observation: Observation) -> Finding | None:
        """Three looks within 50 steps far beyond the median of 500."""
        step = observation.step
        value = abs(float(observation.metrics[name]))  # type: ignore[literal-required]
        past, burst = self._past[name], self._bursts[name]
        times = self.loss_times if name.endswith("loss") else self.gradient_times
        usual = max(past.median(), _BOUNDS[name]) if past.full else math.inf
        past.add(step, value)
        burst.add(step, value / usual)
        if not (burst.full and burst.span <= 50 and min(burst.values) > times):
            return None
        shown = f"|{name}|" if name.endswith("loss") else name
        evidence = Evidence(f"{shown} / its median", value / usual, ">", times, burst.span)
        text = f"{shown} is {value:.3g}, {value / usual:.0f} times its median of 500 steps."
        return self._finding(Severity.WARNING, step, text, evidence)

    def _growing_logit(self, observation: Observation) -> Finding | None:
        """A cross-entropy has no use for a logit beyond 100; one that still grows is running."""
        metrics, step = observation.metrics, observation.step
        if self.facts.get("loss") not in PROBABILITY_LOSSES:
            return None
        logit = max(abs(metrics.get("logit_real", 0.0)), abs(metrics.get("logit_fake", 0.0)))
        short, long = self._logits
        short.add(step, logit)
        long.add(step, logit)
        now, bound = short.median(), max(self.logit, self.rising * long.median())
        if not (long.full and now > bound):
            return None
        evidence = Evidence("largest logit", now, ">", bound, 100)
        text = f"D's logits have reached {now:.0f} and still grow; beyond 20 it is sure anyway."
        return self._finding(Severity.WARNING, step, text, evidence)

    def _finding(self, severity: Severity, step: int, text: str, evidence: Evidence) -> Finding:
        cures = remedies.for_divergence(self.facts)
        return Finding(Symptom.DIVERGENCE, severity, step, text, (evidence,), cures)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return _SPECIMENS


_CURVES = {"d_loss": 1.2, "g_loss": 1.0, "logit_real": 0.4, "grad_norm_g": 1.0}

_SPECIMENS = (
    Specimen("finite values", stream(IMAGE_FACTS, _CURVES)),
    Specimen(
        "near miss: huge but finite, as a critic with a strong penalty starts",
        stream(IMAGE_FACTS, _CURVES | {"penalty": 1e6}),
    ),
    Specimen(
        "near miss: one spike, as a penalty's first step makes",
        stream(
            IMAGE_FACTS,
            _CURVES | {"grad_norm_g": lambda step: 900.0 if step == 800 else 1.0},
        ),
    ),
    Specimen(
        "near miss: a D of logits at 150 that has stopped growing",
        stream(IMAGE_FACTS, _CURVES | {"logit_real": lambda step: min(150.0, step / 2)}),
    ),
    Specimen(
        "G's gradient explodes, all finite",
        stream(
            IMAGE_FACTS,
            _CURVES | {"grad_norm_g": lambda step: 1.0 if step < 900 else 400.0},
        ),
        Symptom.DIVERGENCE,
        (900, 960),
    ),
    Specimen(
        "D's logits double every 200 steps",
        stream(IMAGE_FACTS, _CURVES | {"logit_real": lambda step: 0.5 * 2 ** (step / 200)}),
        Symptom.DIVERGENCE,
        (1500, 1900),
    ),
    Specimen(
        "logits overflow at step 520",
        stream(
            IMAGE_FACTS,
            _CURVES | {"logit_real": lambda step: 0.4 if step < 520 else math.inf},
        ),
        Symptom.DIVERGENCE,
        (520, 520),
    ),
    Specimen(
        "NaN at the first look",
        stream(IMAGE_FACTS, _CURVES | {"g_loss": math.nan}),
        Symptom.DIVERGENCE,
        (10, 10),
    ),
    Specimen(
        "G's gradient explodes for 100 steps and comes back",
        stream(
            IMAGE_FACTS,
            _CURVES | {"grad_norm_g": lambda step: 400.0 if 900 <= step < 1000 else 1.0},
        ),
        Symptom.DIVERGENCE,
        (900, 960),
        closes=(1100, 1150),
    ),
    Specimen(
        "logits that double every 200 steps, until something holds them at 150",
        stream(
            IMAGE_FACTS,
            _CURVES | {"logit_real": lambda step: min(150.0, 0.5 * 2 ** (step / 200))},
        ),
        Symptom.DIVERGENCE,
        (1500, 1900),
        closes=(1850, 1950),
    ),
    Specimen(
        "one look without a number, and finite ones after it",
        stream(IMAGE_FACTS, _CURVES | {"g_loss": lambda step: math.nan if step == 700 else 1.0}),
        Symptom.DIVERGENCE,
        (700, 700),
        closes=(710, 710),
    ),
)
