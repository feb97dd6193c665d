"""A loss, a logit or a gradient that is no longer a finite number."""

from __future__ import annotations

import math
from typing import ClassVar

from ganlab import remedies
from ganlab.detectors.base import Detector
from ganlab.detectors.specimen import IMAGE_FACTS, Specimen, stream
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Observation

_LARGEST = 3.4e38  # of float32
_WATCHED = ("d_loss", "g_loss", "penalty", "logit_real", "logit_fake", "grad_norm_d", "grad_norm_g")


class Divergence(Detector):
    """Non-finite values, from the first step on; nothing recovers from them."""

    name = "Divergence"
    doc = "A loss, logit or gradient is NaN or infinite; every later step only copies it."
    source = "IEEE 754; Zhang et al. 2021 (AutoTrainer, ICSE)"
    needs: ClassVar[frozenset[str]] = frozenset({"d_loss", "g_loss"})

    def _reset(self) -> None:
        """Nothing to forget: each observation speaks for itself."""

    def _judge(self, observation: Observation) -> Finding | None:
        for name in _WATCHED:
            value = observation.metrics.get(name)
            if isinstance(value, float) and not math.isfinite(value):
                return Finding(
                    Symptom.DIVERGENCE,
                    Severity.FAILURE,
                    observation.step,
                    f"{name} is {value}: training has diverged.",
                    (Evidence(name, value, "beyond", _LARGEST),),
                    remedies.for_divergence(self.facts),
                )
        return self.standing if "d_loss" not in observation.metrics else None

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
)
