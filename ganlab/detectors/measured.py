"""How often the detectors were right, as committed beside them.

`python -m ganlab bench detectors --sealed --json FILE` measured it on recorded runs whose truth is
known, and which no threshold was set on.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("measured.json")


@dataclass(frozen=True)
class Rate:
    """hits of all."""

    hits: int
    all: int

    @property
    def value(self) -> float:
        """The share; NaN of none."""
        return self.hits / self.all if self.all else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """What holds the true share with 95 % confidence (Clopper & Pearson 1934)."""
        return _least(self.hits, self.all), 1.0 - _least(self.all - self.hits, self.all)


def _least(hits: int, count: int, tail: float = 0.025) -> float:
    """The share below which so many hits or more have a chance of `tail` at most."""
    if hits == 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        chance = sum(_chance(k, count, middle) for k in range(hits, count + 1))
        low, high = (middle, high) if chance < tail else (low, middle)
    return low


def _chance(hits: int, count: int, share: float) -> float:
    ways = math.lgamma(count + 1) - math.lgamma(hits + 1) - math.lgamma(count - hits + 1)
    return math.exp(ways + hits * math.log(share) + (count - hits) * math.log1p(-share))


@dataclass(frozen=True)
class Detection:
    """Failing or not: one way to say so, on all runs."""

    precision: Rate
    recall: Rate
    false_alarms: Rate  # of the healthy runs
    median_delay: float | None  # steps from the onset
    p90_delay: float | None

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 without any hit."""
        total = self.precision.value + self.recall.value
        return 2 * self.precision.value * self.recall.value / total if total > 0 else 0.0


@dataclass(frozen=True)
class FamilyScore:
    """One way to fail, by the first cause of the diagnosis."""

    precision: Rate
    recall: Rate
    alarmed: Rate  # with any alarm at all
    own_symptom: Rate
    top3: Rate
    f1: float
    symptoms: tuple[str, ...] = ()  # its own, in alphabetical order


@dataclass(frozen=True)
class DetectorScore:
    """One detector."""

    precision: Rate  # of the runs in which it alarmed: those that failed
    recall: Rate  # of the failed runs in its families: those in which it alarmed
    median_delay: float | None


@dataclass(frozen=True)
class StateScore:
    """One thing that is so or not at a run's end, by the symptoms that stand there."""

    precision: Rate
    recall: Rate


@dataclass(frozen=True)
class Measured:
    """All that one look at the sealed runs said."""

    hold: float | None  # steps that an alarm has to stand
    calibrating: int  # healthy runs that this was set on
    runs: Mapping[str, int]  # failed, healthy, neither
    detection: Detection
    rivals: Mapping[str, Detection]
    families: Mapping[str, FamilyScore]
    detectors: Mapping[str, DetectorScore]  # by the detector's name
    states: Mapping[str, StateScore]
    macro_f1: float | None
    macro_f1_configs: float | None  # of losses and architectures that thresholds were set on
    macro_f1_held_out: float | None  # of the others
    top1: Rate
    top3: Rate
    mild_alarms: Rate
    misses: tuple[str, ...]


def measured() -> Measured | None:
    """What is committed; None before the first measurement."""
    return _read(FILE)


@cache
def _read(file: Path) -> Measured | None:
    return measured_of(json.loads(file.read_text())) if file.exists() else None


def measured_of(row: Mapping[str, Any]) -> Measured:
    """From its JSON form."""
    known = dict(row)
    for name in ("top1", "top3", "mild_alarms"):
        known[name] = Rate(*row[name])
    known["misses"] = tuple(row["misses"])
    known["detection"] = Detection(**_scores(row["detection"]))
    kinds = {
        "rivals": Detection,
        "families": FamilyScore,
        "detectors": DetectorScore,
        "states": StateScore,
    }
    for name, kind in kinds.items():
        known[name] = {key: kind(**_scores(scores)) for key, scores in row[name].items()}
    return Measured(**known)


def _scores(row: Mapping[str, Any]) -> dict[str, Any]:
    """Rates travel as [hits, all]."""
    return {name: _score(name, item) for name, item in row.items()}


def _score(name: str, item: Any) -> Any:
    if name == "symptoms":
        return tuple(item)
    return Rate(*item) if isinstance(item, list) else item
