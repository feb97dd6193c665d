"""Streams of observations that specify a detector; tests run them, the handbook draws them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ganlab.finding import Symptom
from ganlab.observation import Facts, Metrics, Observation

Curve = float | Callable[[int], float]


@dataclass(frozen=True)
class Specimen:
    """One stream and what a detector has to say of it."""

    title: str
    observations: tuple[Observation, ...]
    expects: Symptom | None = None  # the worst finding above notice; None: silence
    between: tuple[int, int] = (0, 0)  # first and last step at which it may open
    closes: tuple[int, int] | None = None  # the same of its end, for good; None: it may stand


def stream(
    facts: Facts,
    curves: Mapping[str, Curve],
    *,
    probes: Mapping[str, Curve] | None = None,
    steps: int = 2500,
    every: int = 10,
) -> tuple[Observation, ...]:
    """Observations every 10 steps, with the probe's metrics at every 50th."""
    observations = []
    for step in range(0, steps + 1, every):
        metrics: dict[str, Any] = {} if step == 0 else _at(curves, step)
        if step % 50 == 0:
            metrics |= _at(probes or {}, step)
        measured: Metrics = metrics  # type: ignore[assignment]
        observations.append(Observation(step, measured, facts if step == 0 else None))
    return tuple(observations)


def turning(
    at: int, before: Sequence[Observation], after: Sequence[Observation]
) -> tuple[Observation, ...]:
    """One stream until a step, another from it on; facts that changed are told at that step."""
    head = [look for look in before if look.step < at]
    first, *rest = (look for look in after if look.step >= at)
    facts = after[0].facts if after[0].facts != before[0].facts else None
    return (*head, replace(first, facts=facts), *rest)


def changed(facts: Facts, probes: Mapping[str, Curve], at: int = 1000) -> tuple[Observation, ...]:
    """2 000 steps of probes whose settings are changed live after step `at`."""
    return tuple(
        replace(look, facts=facts | {"changes": int(look.step > 0)})
        if look.step in (0, at + 10)
        else look
        for look in stream(facts, {}, probes=probes, steps=2000)
    )


def _at(curves: Mapping[str, Curve], step: int) -> dict[str, float]:
    return {
        name: float(curve(step)) if callable(curve) else curve for name, curve in curves.items()
    }


IMAGE_FACTS: Facts = {
    "loss": "non_saturating",
    "head": "sigmoid",
    "optimizer_d": "adam",
    "optimizer_g": "adam",
    "output": "tanh",
    "data_range": "[-1,1]",
    "real_label": 1.0,
    "fake_label": 0.0,
    "generator_label": 1.0,
    "batch_size": 64,
    "n_critic": 1,
    "epoch_steps": 300.0,
    "real_low": -1.0,
    "real_high": 1.0,
    "real_min": -1.0,
    "real_max": 1.0,
    "reach_low": -1.0,
    "reach_high": 1.0,
    "unreachable": 0.0,
    "waste": 0.0,
    "dimensions": 784,
}
