"""Compares the cost of variants on a busy machine. Knows nothing of what they do.

Every round runs each variant once, in rotating order, and only ratios within a round are used: a
load that slows a whole round down cancels out. The clock is the CPU time of this process.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Times = dict[str, list[float]]  # seconds of each variant, one entry a round


def interleaved(
    variants: Mapping[str, Callable[[], object]],
    rounds: int,
    clock: Callable[[], float] = time.process_time,
) -> Times:
    """Runs all variants `rounds` times; who comes first changes with the round."""
    names = list(variants)
    times: Times = {name: [] for name in names}
    for number in range(rounds):
        start = number % len(names)
        for name in names[start:] + names[:start]:
            began = clock()
            variants[name]()
            times[name].append(clock() - began)
    return times


def joined(times: Times, count: int) -> Times:
    """Rounds of `count` rounds each: finer interleaving than the work has natural rounds."""
    return {
        name: [sum(values[at : at + count]) for at in range(0, len(values), count)]
        for name, values in times.items()
    }


@dataclass(frozen=True)
class Spread:
    """A median and two bounds; what they bound is said where it is made."""

    median: float
    low: float
    high: float


def milliseconds(values: Sequence[float], units: int) -> float:
    """The median, for each of `units` units of work."""
    return 1000 * statistics.median(values) / units


def ratio(times: Times, above: str, below: str) -> Spread:
    """Cost of `above` in units of `below`, round by round; the bounds are the extreme rounds."""
    values = quotients(times[above], times[below])
    return Spread(statistics.median(values), min(values), max(values))


def overhead(times: Times, whole: str, bare: str) -> Spread:
    """The share that `whole` costs on top of `bare`; the bounds hold its median with 95 %."""
    values = [value - 1.0 for value in quotients(times[whole], times[bare])]
    low, high = median_bounds(values)
    return Spread(statistics.median(values), low, high)


def quotients(above: Sequence[float], below: Sequence[float]) -> list[float]:
    """The ratio of each round."""
    return [a / b for a, b in zip(above, below, strict=True)]


def median_bounds(values: Sequence[float], confidence: float = 0.95) -> tuple[float, float]:
    """Bounds of the median after the sign test: order statistics, whatever the distribution.

    With fewer than six values no bounds reach 95 %; the extremes are the best there are.
    """
    ordered, count = sorted(values), len(values)
    outside, tail = 0, 0.0
    while outside < (count - 1) // 2:
        tail += math.comb(count, outside) / 2**count
        if 2 * tail > 1 - confidence:
            break
        outside += 1
    cut = max(0, outside - 1)
    return ordered[cut], ordered[-1 - cut]
