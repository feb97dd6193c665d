"""What became of a recorded run, from its truth alone: failed, healthy, or neither. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ganlab.bench.corpus.recording import Recording

Fate = Literal["healthy", "mild", "failed"]
Check = Mapping[str, Any]
_LOWER_IS_BETTER = ("frechet", "top")
_LAST = 3  # checks whose median counts
MEMORY = 0.10  # share of reals by which D knows its own better: ten points


@dataclass(frozen=True)
class Bounds:
    """Where health ends and failure begins; what lies between is neither."""

    present: tuple[float, float]  # share of classes or modes: failed at most, healthy at least
    variety: tuple[float, float] = (0.0, 0.0)
    high_quality: tuple[float, float] = (0.0, 0.0)
    label_accuracy: tuple[float, float] = (0.30, 0.50)
    frechet: tuple[float, float] = (1.2, 1.05)  # failed at least, healthy at most
    top: tuple[float, float] = (0.85, 0.6)  # share of the fullest class or mode: the same


# A class is present with a tenth of its fair share of the samples; distances are taken in the
# classifier's features. Healthy MNIST runs of the casebook end at distances of 0.1 to 1.05.
IMAGES = Bounds(present=(0.3, 0.6), variety=(0.2, 0.25))
MIXTURE = Bounds(present=(0.5, 0.8), high_quality=(0.0, 0.02))
ONE_GAUSSIAN = Bounds(
    present=(0.0, 1.0), variety=(0.3, 0.6), high_quality=(0.5, 0.9), top=(2.0, 2.0)
)


def bounds_of(check: Check) -> Bounds:
    """The bounds of the check's kind of data."""
    if "frechet" in check or "high_quality" not in check:
        return IMAGES
    return ONE_GAUSSIAN if check["classes"] == 1 else MIXTURE


def fate_of(run: Recording) -> Fate:
    """The fate at the end of the run. A run that an error stopped has failed."""
    if run.error or not run.checks:
        return "failed"
    fate = fate_at(last_checks(run))
    return "mild" if memorised(run) and fate == "healthy" else fate


def last_checks(run: Recording) -> Sequence[Check]:
    """The checks that speak for the end of a run."""
    return run.checks[-_LAST:]


def memorised(run: Recording) -> bool:
    """Whether D knows its training reals by heart."""
    return (run.memory_gap or 0.0) >= MEMORY


def fate_at(checks: Sequence[Check]) -> Fate:
    """The fate that a few checks in a row show, by their medians."""
    bounds = bounds_of(checks[-1])
    measured: dict[str, float] = {
        name: statistics.median(_number(check, name) for check in checks)
        for name in ("variety", "high_quality", "label_accuracy", "frechet")
        if name in checks[-1]
    }
    measured["top"] = statistics.median(max(shares(check)) for check in checks)
    measured["present"] = statistics.median(present(check) for check in checks)
    failed, healthy = False, True
    for name, value in measured.items():
        bad, good = getattr(bounds, name)
        sign = -1.0 if name in _LOWER_IS_BETTER else 1.0
        failed |= sign * value < sign * bad or (name == "present" and value == bad)
        healthy &= sign * value >= sign * good
    return "failed" if failed else "healthy" if healthy else "mild"


def shares(check: Check) -> list[float]:
    """Of the classes or modes, among the samples that belong to one at all."""
    placed = check.get("high_quality", 1.0) or 1.0
    return [share / placed for share in check["shares"]]


def present(check: Check) -> float:
    """Share of the classes or modes that hold a tenth of their fair share."""
    held = shares(check)
    return sum(share >= 0.1 / len(held) for share in held) / len(held)


def _number(check: Check, name: str) -> float:
    """A value that was not finite counts as the worst."""
    value = check.get(name)
    if value is None:
        return 1e9 if name == "frechet" else 0.0
    return float(value)


def healthy_from(run: Recording) -> int | None:
    """The step at which a run first shows health that lasts; None if it never does."""
    since: int | None = None
    for place, check in enumerate(run.checks):
        if fate_at(run.checks[max(0, place - _LAST + 1) : place + 1]) != "healthy":
            since = None
        elif since is None:
            since = int(check["step"])
    return since
