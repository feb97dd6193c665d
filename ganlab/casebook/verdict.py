"""Whether a run showed what its case expects, and whether its twin is cured. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ganlab.casebook.case import Case, Declined, Expectation, Health, Named, Refused, Signature
from ganlab.finding import Severity, is_known

Row = Mapping[str, Any]
Series = tuple[Sequence[float], Sequence[float]]  # steps, values


@dataclass(frozen=True)
class Trace:
    """What a run has said so far."""

    step: int  # negative before the first measurement
    metrics: Mapping[str, Series]
    findings: Sequence[Row]  # opened, worsened and closed, oldest first
    error: str = ""

    @classmethod
    def of_rows(
        cls, metrics: Iterable[Row], findings: Iterable[Row], names: Iterable[str], error: str = ""
    ) -> Trace:
        """From a run's stored rows; only the named metrics are kept."""
        rows = list(metrics)
        series = {name: _series(rows, name) for name in names}
        return cls(rows[-1]["step"] if rows else 0, series, list(findings), error)


def _series(rows: Sequence[Row], name: str) -> Series:
    found = [(row["step"], row[name]) for row in rows if isinstance(row.get(name), (int, float))]
    return [step for step, _ in found], [value for _, value in found]


def metrics_of(case: Case) -> tuple[str, ...]:
    """The metrics that the case's signatures speak of."""
    return tuple(
        dict.fromkeys(
            item.metric for item in case.expects if isinstance(item, Signature | Declined)
        )
    )


def seen_at(expected: Expectation, trace: Trace) -> int | None:
    """The step at which the run showed it, or None so far (or for good, past `by_step`)."""
    match expected:
        case Named():
            step = _named(expected, trace.findings)
        case Signature():
            step = _held(expected, *trace.metrics.get(expected.metric, ((), ())))
        case Declined():
            step = _turned(expected, *trace.metrics.get(expected.metric, ((), ())))
        case Refused():
            step = max(0, trace.step) if expected.text in trace.error else None
    return step if step is not None and step <= expected.by_step else None


def _named(expected: Named, findings: Sequence[Row]) -> int | None:
    for row in findings:
        severe = Severity.named(row["severity"]) >= expected.severity
        if is_opening(row) and row["symptom"] == expected.symptom and severe:
            return int(row["step"])
    return None


def _held(expected: Signature, steps: Sequence[float], values: Sequence[float]) -> int | None:
    """The step at which the bound had been crossed for a whole window."""
    since: float | None = None
    for step, value in zip(steps, values, strict=True):
        beyond = value < expected.bound if expected.relation == "<" else value > expected.bound
        if not beyond:
            since = None
            continue
        since = step if since is None else since
        if step - since >= expected.window:
            return int(step)
    return None


def _turned(expected: Declined, steps: Sequence[float], values: Sequence[float]) -> int | None:
    """The middle of the best window, once a later window's median is `factor` times its own."""
    best, turned, first = math.inf, 0.0, 0
    for last, step in enumerate(steps):
        if step > expected.by_step:
            break
        while steps[first] <= step - expected.window:
            first += 1
        if step - steps[0] < expected.window:
            continue
        median = statistics.median(values[first : last + 1])
        if median < best:
            best, turned = median, (steps[first] + step) / 2
        elif median >= expected.factor * best:
            return int(turned)
    return None


def alarms(findings: Iterable[Row]) -> list[str]:
    """Symptoms above notice that a run has raised, in order, each once."""
    return list(dict.fromkeys(row["symptom"] for row in findings if is_alarm(row)))


def is_opening(row: Row) -> bool:
    """Whether it says that something stands."""
    return is_known(row) and row["event"] != "closed"


def is_alarm(row: Row) -> bool:
    """Whether it says that something above notice stands."""
    return is_opening(row) and Severity.named(row["severity"]) > Severity.NOTICE


@dataclass(frozen=True)
class Verdict:
    """What a run says of its case so far."""

    seen: tuple[tuple[Expectation, int | None], ...]
    alarms: tuple[str, ...]
    error: str

    @property
    def step(self) -> int | None:
        """The step by which everything expected had been seen; None while something is missing."""
        steps = [step for _, step in self.seen]
        return (
            None if None in steps or not steps else max(step for step in steps if step is not None)
        )

    @property
    def silent(self) -> bool:
        """Whether nothing above notice was said, and no error."""
        return not self.alarms and not self.error


def judge(case: Case, trace: Trace) -> Verdict:
    """The verdict on a run of the case; on its cured twin only `silent` matters."""
    seen = tuple((expected, seen_at(expected, trace)) for expected in case.expects)
    return Verdict(seen, tuple(alarms(trace.findings)), trace.error)


def is_healthy(outcome: Row | None, health: Health) -> bool:
    """Whether an outcome (a Coverage row) reaches the bounds; unknown parts are not judged."""
    if outcome is None:
        return False
    floors = {"variety": health.variety, "high_quality": health.high_quality,
              "label_accuracy": health.label_accuracy}  # fmt: skip
    enough = all(
        outcome[name] >= floor for name, floor in floors.items() if outcome.get(name) is not None
    )
    close = outcome.get("frechet") is None or outcome["frechet"] <= health.frechet
    return enough and close and outcome["covered"] >= health.covered * outcome["classes"]
