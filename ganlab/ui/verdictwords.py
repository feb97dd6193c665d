"""The verdict on a run of a case as one sentence and the lines it rests on. Pure."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ganlab.casebook.case import Case, Expectation
from ganlab.casebook.verdict import Trace, judge, metrics_of, seen_at
from ganlab.runs.history import RunHistory
from ganlab.runs.record import RunInfo, Status
from ganlab.ui.casewords import awaited, deadline_words, expected_words
from ganlab.ui.timeline import count, title

_SEEN = ":green[:material/check:]"
_OPEN = ":gray[:material/hourglass_empty:]"
_LATE = ":orange[:material/schedule:]"
_MISSED = ":red[:material/close:]"


@dataclass(frozen=True)
class Said:
    """The verdict so far. Good is what the case says: a failure shown, a cure silent."""

    colour: str
    icon: str
    sentence: str
    lines: tuple[str, ...] = ()


def trace_of(case: Case, info: RunInfo, history: RunHistory) -> Trace:
    """What the verdict needs of a run."""
    columns = {name: history.column(name) for name in metrics_of(case)}
    series = {
        name: (steps.tolist(), values.tolist()) for name, (steps, _, values) in columns.items()
    }
    step = int(history.last().get("step", 0))
    return Trace(step, series, history.findings(), info.error)


def of_failure(case: Case, trace: Trace, info: RunInfo) -> Said:
    """Whether and when the run showed what its case expects."""
    verdict = judge(case, trace)
    lines = tuple(_line(expected, step, trace, info) for expected, step in verdict.seen)
    if verdict.step is not None:
        by = f"by step {count(verdict.step)}" if verdict.step else "at step 0"
        return _good(f"This run showed what the case expects, {by}.", lines)
    late = [_ever(expected, trace) for expected in case.expects]
    if None not in late:
        by = count(max(step for step in late if step is not None))
        return Said(
            "orange", "schedule", f"This run showed it later than expected, by step {by}.", lines
        )
    if info.status.live:
        return _waiting(f"Not yet: {_of_steps(trace, info)}.", lines)
    return Said("red", "close", f"{_ended(info)} without showing it.", lines)


def of_silence(trace: Trace, info: RunInfo, notes: Sequence[str] = ()) -> Said:
    """Whether a healthy or cured run has stayed silent; `notes` are added."""
    raised = _raised(trace)
    if trace.error:
        return Said("red", "error", f"Stopped with an error: {trace.error}", tuple(notes))
    if raised:
        return Said("orange", "notifications", f"Raised {raised}.", tuple(notes))
    if info.status is Status.QUEUED or not trace.step:
        return _waiting("Silent so far: nothing has been trained yet.", tuple(notes))
    so_far = "Silent so far" if info.status.live else "Silent to its end"
    return _good(f"{so_far}: no finding above notice up to step {count(trace.step)}.", tuple(notes))


def _good(sentence: str, lines: tuple[str, ...]) -> Said:
    return Said("green", "check_circle", sentence, lines)


def _waiting(sentence: str, lines: tuple[str, ...]) -> Said:
    return Said("blue", "hourglass_empty", sentence, lines)


def _line(expected: Expectation, step: int | None, trace: Trace, info: RunInfo) -> str:
    what = expected_words(expected)
    if step is not None:
        return f"{_SEEN} {what}: seen at step {count(step)}"
    late = _ever(expected, trace)
    if late is not None:
        return f"{_LATE} {what}: seen at step {count(late)}, expected {deadline_words(expected)}"
    if info.status.live and trace.step < expected.by_step:
        hint = f" (a detector of {awaited(expected)} is still to come)" if awaited(expected) else ""
        return f"{_OPEN} {what}: expected {deadline_words(expected)}, not yet{hint}"
    return f"{_MISSED} {what}: not seen {deadline_words(expected)}"


def _ever(expected: Expectation, trace: Trace) -> int | None:
    """When it was seen, in time or not: a live run may measure less often than a headless one."""
    return seen_at(replace(expected, by_step=sys.maxsize), trace)


def _raised(trace: Trace) -> str:
    first: dict[str, int] = {}
    for row in trace.findings:
        if row["event"] != "closed" and row["severity"] != "notice":
            first.setdefault(row["symptom"], int(row["step"]))
    return ", ".join(f"{title(symptom)} at step {count(step)}" for symptom, step in first.items())


def _of_steps(trace: Trace, info: RunInfo) -> str:
    return f"step {count(trace.step)} of {count(info.config.steps)}"


def _ended(info: RunInfo) -> str:
    words = {Status.STOPPED: "was stopped", Status.INTERRUPTED: "was interrupted"}
    return f"This run {words.get(info.status, 'ended')} at step {count(info.step)}"
