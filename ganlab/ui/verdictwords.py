"""The verdict on a run of a case as one sentence and the lines it rests on. Pure."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ganlab.casebook.case import Case, Expectation
from ganlab.casebook.verdict import Trace, is_alarm, judge, metrics_of, seen_at
from ganlab.config import RunConfig
from ganlab.diagnosis import Assessment, State, assess, changes_of
from ganlab.observation import Facts
from ganlab.runs.history import RunHistory
from ganlab.runs.record import RunInfo, Status
from ganlab.ui import plain
from ganlab.ui.casewords import awaited, deadline_words, expected_words
from ganlab.ui.timeline import count, title

_SEEN = ":green[:material/check:]"
_OPEN = ":gray[:material/hourglass_empty:]"
_LATE = ":orange[:material/schedule:]"
_MISSED = ":red[:material/close:]"
_ENDS = {
    Status.STOPPED: "was stopped",
    Status.INTERRUPTED: "was interrupted",
    Status.FAILED: "failed",
}
_UNBORN = -1  # the step before the first measurement
_HARMLESS = ("steps", "sample_every")  # settings that change nothing of what was seen so far


@dataclass(frozen=True)
class Said:
    """The verdict so far. Good is what the case says: a failure shown, a cure silent."""

    colour: str
    icon: str
    sentence: str  # plain text, spoken too
    lines: tuple[str, ...] = ()  # Markdown


def trace_of(case: Case, info: RunInfo, history: RunHistory) -> Trace:
    """What the verdict needs of a run."""
    columns = {name: history.column(name) for name in metrics_of(case)}
    series = {
        name: (steps.tolist(), values.tolist()) for name, (steps, _, values) in columns.items()
    }
    step = int(history.last().get("step", _UNBORN))
    return Trace(step, series, history.findings(), info.error)


_UNSEEN = Assessment(State.UNSEEN, "")


@dataclass(frozen=True)
class Course:
    """What became of a run, beside what it showed."""

    info: RunInfo
    steps: int  # it was to train; a run that has seen fewer gets no final verdict
    changed: tuple[str, ...] = ()  # settings that somebody changed while it trained
    assessment: Assessment = _UNSEEN

    @property
    def whole(self) -> bool:
        """Whether it has ended, and as it was to."""
        return self.info.status is Status.FINISHED and self.info.step >= self.steps


def course_of(info: RunInfo, history: RunHistory, original: RunConfig) -> Course:
    """From a run, its logs and the config that it was started with."""
    changes = changes_of(original, history.patches())
    names = dict.fromkeys(name for change in changes for name in change.after)
    facts: Facts = history.facts()  # type: ignore[assignment]
    assessment = assess(history.findings(), facts, history.last(), info.error, changes)
    changed = tuple(name for name in names if name not in _HARMLESS)
    return Course(info, original.steps, changed, assessment)


def of_failure(case: Case, trace: Trace, course: Course) -> Said:
    """Whether and when the run showed what its case expects."""
    verdict = judge(case, trace)
    lines = (*_changed(course), *(_line(each, step, trace, course) for each, step in verdict.seen))
    if verdict.step is not None:
        by = f"by step {count(verdict.step)}" if verdict.step else "at step 0"
        return _good(f"This run showed what the case expects, {by}.", lines)
    late = [_ever(expected, trace) for expected in case.expects]
    if None not in late:
        by = count(max(step for step in late if step is not None))
        return Said(
            "orange", "schedule", f"This run showed it later than expected, by step {by}.", lines
        )
    if course.info.status.live:
        return _waiting(f"Not yet: {_of_steps(trace, course)}.", lines)
    if not course.changed and all(trace.step >= each.by_step for each in case.expects):
        return Said("red", "close", f"{_ended(course.info)} without showing it.", lines)
    return _undecided(f"not all was seen up to step {_reached(trace)}", course, lines)


def of_silence(trace: Trace, course: Course, notes: Sequence[str] = ()) -> Said:
    """Whether a healthy or cured run has stayed silent; `notes` are added."""
    lines = (*_changed(course), *notes)
    if trace.error:
        return Said("red", "error", f"Stopped with an error: {trace.error}", lines)
    if raised := _raised(trace):
        return Said("orange", "notifications", f"Raised {raised}{_cut(course)}.", lines)
    info = course.info
    if info.status is Status.QUEUED or trace.step < 1:
        return _waiting("Silent so far: nothing has been trained yet.", lines)
    silence = f"no finding above notice up to step {count(trace.step)}"
    if info.status.live:
        return _waiting(f"Silent so far: {silence} of {count(course.steps)}.", lines)
    if course.changed or not course.whole:
        return _undecided(silence, course, lines)
    return _silent(silence, course.assessment, lines)


def _silent(silence: str, found: Assessment, lines: tuple[str, ...]) -> Said:
    """Of a run that was watched to its end: green only where its samples were measured too."""
    said = f"Silent to its end: {silence}"
    reason = plain.text(found.reason)
    match found.state:
        case State.HEALTHY:
            return _good(f"{said}, and its samples are like the data.", (reason, *lines))
        case State.WRONG | State.FAILED:
            return Said("orange", "warning", f"{said}; and yet: {found.reason}", lines)
    return _waiting(f"{said}. {found.reason}".strip(), lines)


def _undecided(seen: str, course: Course, lines: tuple[str, ...]) -> Said:
    """Of a run that was not watched to its end, or is no longer the case's own."""
    why = _cut(course).removeprefix("; ") or "its settings were changed"
    error = (plain.text(course.info.error),) if course.info.error else ()
    return Said("gray", "do_not_disturb_on", f"No verdict: {why}; {seen}.", (*lines, *error))


def _cut(course: Course) -> str:
    """How a run ended that was not watched to its end; "" for any other."""
    info = course.info
    if info.status.live or course.whole:
        return ""
    end = _ENDS.get(info.status, "ended")
    return f"; it {end} at step {count(info.step)} of {count(course.steps)}"


def _changed(course: Course) -> list[str]:
    """The reader's warning that the run is not the case's own any more."""
    names = ", ".join(f"`{name}`" for name in course.changed)
    return [f"{_LATE} Changed while it trained: {names}."] if names else []


def _good(sentence: str, lines: tuple[str, ...]) -> Said:
    return Said("green", "check_circle", sentence, lines)


def _waiting(sentence: str, lines: tuple[str, ...]) -> Said:
    return Said("blue", "hourglass_empty", sentence, lines)


def _line(expected: Expectation, step: int | None, trace: Trace, course: Course) -> str:
    what = expected_words(expected)
    if step is not None:
        return f"{_SEEN} {what}: seen at step {count(step)}"
    late = _ever(expected, trace)
    if late is not None:
        return f"{_LATE} {what}: seen at step {count(late)}, expected {deadline_words(expected)}"
    if trace.step >= expected.by_step:
        return f"{_MISSED} {what}: not seen {deadline_words(expected)}"
    if course.info.status.live:
        hint = f" (a detector of {awaited(expected)} is still to come)" if awaited(expected) else ""
        return f"{_OPEN} {what}: expected {deadline_words(expected)}, not yet{hint}"
    watched = f"watched only up to step {_reached(trace)}"
    return f"{_OPEN} {what}: expected {deadline_words(expected)}, {watched}"


def _ever(expected: Expectation, trace: Trace) -> int | None:
    """When it was seen, in time or not: a live run may measure less often than a headless one."""
    return seen_at(replace(expected, by_step=sys.maxsize), trace)


def _raised(trace: Trace) -> str:
    first: dict[str, int] = {}
    for row in trace.findings:
        if is_alarm(row):
            first.setdefault(row["symptom"], int(row["step"]))
    return ", ".join(f"{title(symptom)} at step {count(step)}" for symptom, step in first.items())


def _reached(trace: Trace) -> str:
    return count(max(0, trace.step))


def _of_steps(trace: Trace, course: Course) -> str:
    return f"step {_reached(trace)} of {count(course.info.config.steps)}"


def _ended(info: RunInfo) -> str:
    return f"This run {_ENDS.get(info.status, 'ended')} at step {count(info.step)}"
