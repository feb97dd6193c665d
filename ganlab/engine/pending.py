"""Observations whose numbers are still on the device, and what of them ends a run."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ganlab.config import RunConfig
from ganlab.engine.measure import Row
from ganlab.observation import Facts, Metrics, Observation, Samples


class DivergedError(ArithmeticError):
    """A loss became NaN or infinite; every later step would only copy it."""


@dataclass(frozen=True)
class Pending:
    """An observation whose numbers are still on the device."""

    step: int
    row: Row
    facts: Facts | None
    samples: Samples | None


def observations(
    pending: Sequence[Pending], rows: Sequence[Metrics], before: float, elapsed: float
) -> Iterator[Observation]:
    """In order; of the `elapsed` seconds after `before`, each has its share."""
    for number, (entry, metrics) in enumerate(zip(pending, rows, strict=True), start=1):
        seconds = before + elapsed * number / len(pending)
        yield Observation(entry.step, metrics, entry.facts, entry.samples, seconds)


def diverged(observation: Observation, config: RunConfig) -> str:
    """Why training cannot go on after it; empty where it can."""
    for name in ("logit_fake", "logit_real", "g_loss", "d_loss"):
        value = observation.metrics.get(name, 0.0)
        if isinstance(value, float) and not math.isfinite(value):
            return (
                f"{name} is {value} at step {observation.step}; allowed: finite values. Training "
                f"has diverged and cannot go on. Start again with smaller learning rates "
                f"(lr_d={config.lr_d:g}, lr_g={config.lr_g:g}) or check the data."
            )
    return ""
