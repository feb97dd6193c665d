"""How a baseline reads a stream: its numbers, its facts, and what has held for how long."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from ganlab.detectors.base import Hold
from ganlab.observation import Facts, Observation

Looks = Sequence[Observation]
Judge = Callable[[Looks], int | None]
Says = Callable[[Observation, Facts], bool | None]  # None: nothing measured

LOSSES = ("d_loss", "g_loss")
NORMS = ("grad_norm_d", "grad_norm_g")
UNBOUNDED = ("wgan", "wgan_gp")  # losses without a floor: no number is low or high


def number(look: Observation, name: str) -> float | None:
    """A metric's finite value; None where it was not measured or is not finite."""
    value = look.metrics.get(name)
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None


def readings(looks: Looks, name: str) -> Iterator[tuple[int, float]]:
    """Steps and finite values of a metric."""
    for look in looks:
        value = number(look, name)
        if value is not None:
            yield look.step, value


def with_facts(looks: Looks) -> Iterator[tuple[Observation, Facts]]:
    """Each look with the facts that hold at it."""
    facts: Facts = {}
    for look in looks:
        facts = facts if look.facts is None else look.facts
        yield look, facts


def beyond(looks: Looks, names: Sequence[str], low: float, high: float) -> int | None:
    """The first step at which one of the metrics is below low or above high."""
    steps = (
        step for name in names for step, value in readings(looks, name) if not low <= value <= high
    )
    return min(steps, default=None)


def earliest(looks: Looks, judges: Sequence[Judge]) -> int | None:
    """The first alarm of several rules."""
    steps = (judge(looks) for judge in judges)
    return min((step for step in steps if step is not None), default=None)


def every(looks: Looks, judge: Judge, steps: int) -> int | None:
    """A rule that sees one look in so many steps: the first at or after each multiple."""
    seen: list[Observation] = []
    for look in looks:
        if not seen or look.step // steps > seen[-1].step // steps:
            seen.append(look)
    return judge(seen)


def held(looks: Looks, says: Says, since: int, hold: int) -> int | None:
    """When a condition has held for so many steps, all of them from step `since` on."""
    holding = Hold(on=hold, off=0)
    for look, facts in with_facts(looks):
        said = says(look, facts) if look.step >= since else None
        if said is not None and holding.update(look.step, said):
            return look.step
    return None
