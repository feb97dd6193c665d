"""What `python -m ganlab casebook` measured of the cases, as committed beside them.

measured("x255-output")["mnist"].shown -> 3
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ganlab.casebook.case import Case, Fix, Health
from ganlab.casebook.verdict import is_healthy

FILE = Path(__file__).with_name("measured.json")


@dataclass(frozen=True)
class Trials:
    """Runs of one config, seed by seed."""

    seeds: tuple[int, ...]
    alarms: tuple[tuple[str, ...], ...]  # symptoms above notice
    outcomes: tuple[Mapping[str, Any] | None, ...]  # Coverage rows
    errors: tuple[str, ...]
    seconds: tuple[float, ...]  # of one core's time, start and judgement included

    def healthy(self, health: Health) -> int:
        """Seeds with a healthy outcome."""
        return sum(is_healthy(outcome, health) for outcome in self.outcomes)

    @property
    def silent(self) -> int:
        """Seeds with no finding above notice and no error."""
        return sum(not a and not e for a, e in zip(self.alarms, self.errors, strict=True))

    def cured(self, health: Health) -> int:
        """Seeds that are both."""
        return sum(
            is_healthy(outcome, health) and not alarms and not error
            for outcome, alarms, error in zip(
                self.outcomes, self.alarms, self.errors, strict=True
            )
        )  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """A case on one data set: its own runs, when each showed it, and every fix that was tried."""

    runs: Trials
    onsets: tuple[int | None, ...]  # step by which all that is expected had been seen
    onset_seconds: tuple[float | None, ...]  # of the run, at that step
    fixes: Mapping[str, Trials]  # by the fix's name

    @property
    def shown(self) -> int:
        """Seeds that showed everything expected."""
        return sum(step is not None for step in self.onsets)


def measured_of(row: Mapping[str, Any]) -> Measured:
    """From its JSON form."""
    return Measured(
        runs=_trials(row["runs"]),
        onsets=tuple(row["onsets"]),
        onset_seconds=tuple(row["onset_seconds"]),
        fixes={name: _trials(trials) for name, trials in row["fixes"].items()},
    )


def _trials(row: Mapping[str, Any]) -> Trials:
    return Trials(
        seeds=tuple(row["seeds"]),
        alarms=tuple(tuple(entry) for entry in row["alarms"]),
        outcomes=tuple(row["outcomes"]),
        errors=tuple(row["errors"]),
        seconds=tuple(row["seconds"]),
    )


@cache
def _all() -> Mapping[str, Mapping[str, Measured]]:
    stored = json.loads(FILE.read_text()) if FILE.exists() else {}
    return {
        slug: {data: measured_of(row) for data, row in by_data.items()}
        for slug, by_data in stored.items()
    }


def measured(slug: str) -> Mapping[str, Measured]:
    """By data set; empty for a case that was not measured yet."""
    return _all().get(slug, {})


def differences(case: Case, found: Measured) -> list[str]:
    """Where the runs differ from what the case says; empty when it holds."""
    total, health = len(found.runs.seeds), case.health
    said: list[str] = []
    wanted = -(-case.share[0] * total // case.share[1])
    if case.expects and found.shown < wanted:
        said.append(f"shown by {found.shown} of {total} seeds, expected {wanted}")
    if not case.fails:
        if found.runs.silent < total:
            said.append(f"expected silence, found {_heard(found.runs)}")
        if case.judged and found.runs.healthy(health) < total:
            said.append(f"healthy outcome in {found.runs.healthy(health)} of {total} seeds")
    tried = [(fix, found.fixes[fix.name]) for fix in case.tried if fix.name in found.fixes]
    return said + [word for fix, trials in tried if (word := _differs(fix, trials, health))]


def _differs(fix: Fix, trials: Trials, health: Health) -> str:
    cured, total = trials.cured(health), len(trials.seeds)
    if fix.helps and cured < total:
        return f"'{fix.name}' cured {cured} of {total} seeds"
    if not fix.helps and cured == total:
        return f"'{fix.name}' is said not to help, and cured every seed"
    return ""


def _heard(trials: Trials) -> str:
    words = [word for alarms in trials.alarms for word in alarms] + [*filter(None, trials.errors)]
    return ", ".join(dict.fromkeys(words))
