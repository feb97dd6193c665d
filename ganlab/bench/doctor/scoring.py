"""Scores reports against answers. Knows nothing of how either came to be."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ganlab.bench.doctor.answers import Answer
from ganlab.causes import CAUSES
from ganlab.detectors.measured import Rate


@dataclass(frozen=True)
class Place:
    """A line of a script."""

    file: str  # its name
    line: int  # from 1


@dataclass(frozen=True)
class Report:
    """What was said about one script."""

    verdict: str  # healthy, cause or not-assessed
    reason: str = ""
    causes: tuple[str, ...] = ()  # best first
    notes: tuple[str, ...] = ()
    discovered: bool = False  # both networks
    steps: int | None = None  # generator updates until the verdict
    seconds: float | None = None
    overhead: float | None = None  # of the script's step time; 0.03 is 3 %
    places: tuple[Place | None, ...] = ()  # of the causes


def parsed(document: Mapping[str, Any]) -> Report:
    """From the doctor's JSON; what is missing there counts as not said."""
    found = document.get("discovered") or {}
    return Report(
        verdict=str(document.get("verdict", "not-assessed")),
        reason=str(document.get("reason") or ""),
        causes=tuple(str(cause["slug"]) for cause in document.get("causes") or ()),
        notes=tuple(str(note["slug"]) for note in document.get("notes") or ()),
        discovered=bool(found.get("generator")) and bool(found.get("discriminator")),
        steps=document.get("steps"),
        seconds=document.get("seconds"),
        overhead=document.get("overhead"),
        places=tuple(_place(cause.get("location")) for cause in document.get("causes") or ()),
    )


def _place(location: Mapping[str, Any] | None) -> Place | None:
    if not location:
        return None
    return Place(str(location["file"]).replace("\\", "/").rpartition("/")[2], location["line"])


def restored(row: Mapping[str, Any]) -> Report:
    """A report as `dataclasses.asdict` and JSON have made it."""
    places = (None if place is None else Place(**place) for place in row["places"])
    lists = {name: tuple(row[name]) for name in ("causes", "notes")}
    return Report(**{**row, **lists, "places": tuple(places)})


@dataclass(frozen=True)
class Case:
    """One script: what is true of it and what was said."""

    script: str
    answer: Answer
    report: Report

    @property
    def top1(self) -> bool:
        """The first cause is an accepted one; always false without a cause."""
        return self.named_within(1)

    @property
    def top3(self) -> bool:
        """One of the first three causes is an accepted one."""
        return self.named_within(3)

    def named_within(self, count: int) -> bool:
        """Only a verdict names a cause: a list under another verdict is talk."""
        said = self.report.causes[:count] if self.report.verdict == "cause" else ()
        return not self.answer.healthy and any(slug in self.answer.causes for slug in said)

    @property
    def false_alarm(self) -> bool:
        """A cause was named in a script that works."""
        return self.answer.healthy and self.report.verdict == "cause"

    @property
    def right(self) -> bool:
        """The best that can be said: the cause at the top, or healthy."""
        return self.report.verdict == "healthy" if self.answer.healthy else self.top1

    @property
    def located(self) -> bool:
        """The cause at the top is right, and the line that it points at is one of the fault's."""
        place = next(iter(self.report.places), None)
        if not self.top1 or place is None or place.file != f"{self.script}.py":
            return False
        return place.line in self.answer.lines

    @property
    def noted(self) -> bool:
        """A true but harmless bug is among the notes."""
        return any(slug in self.report.notes for slug in self.answer.notes)


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """None of nothing: no figure."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """What holds the true share with 95 % confidence."""
        return Rate(self.hits, self.of).interval

    def __str__(self) -> str:
        return f"{100 * self.hits / self.of:.0f} % ({self.hits}/{self.of})" if self.of else "-"


def share(cases: Iterable[Case], hit: Callable[[Case], bool]) -> Share:
    """How many of the cases are hits."""
    hits = [hit(case) for case in cases]
    return Share(sum(hits), len(hits))


@dataclass(frozen=True)
class Score:
    """The figures of one benchmark run."""

    top1: Share  # of the faulty scripts
    top3: Share
    located: Share  # of those whose cause was named first: the line is the fault's too
    false_alarms: Share  # of the healthy ones
    cleared: Share  # of the healthy ones: the verdict says so
    noted: Share  # of the healthy ones with a harmless bug
    discovered: Share  # of all
    steps: float | None  # median generator updates to a right cause
    seconds: float | None
    steps_healthy: float | None  # median generator updates to a right "healthy"
    overhead: float | None  # median of what the reports say


def score(cases: Sequence[Case]) -> Score:
    """Counts everything once."""
    sick = _sick(cases)
    well = [case for case in cases if case.answer.healthy]
    named = [case for case in sick if case.top1]
    return Score(
        top1=share(sick, lambda case: case.top1),
        top3=share(sick, lambda case: case.top3),
        located=share(named, lambda case: case.located),
        false_alarms=share(well, lambda case: case.false_alarm),
        cleared=share(well, lambda case: case.right),
        noted=share((case for case in well if case.answer.notes), lambda case: case.noted),
        discovered=share(cases, lambda case: case.report.discovered),
        steps=_median(case.report.steps for case in named),
        seconds=_median(case.report.seconds for case in named),
        steps_healthy=_median(case.report.steps for case in well if case.right),
        overhead=_median(case.report.overhead for case in cases),
    )


def groups(cases: Sequence[Case]) -> list[tuple[str, Share]]:
    """Top-1 of each group of causes, the worst first."""
    sick = _sick(cases)
    names = dict.fromkeys(_group(case) for case in sick)
    shares = [
        (name, share((case for case in sick if _group(case) == name), lambda case: case.top1))
        for name in names
    ]
    return sorted(shares, key=lambda row: (row[1].value or 0.0, row[0]))


def _sick(cases: Iterable[Case]) -> list[Case]:
    return [case for case in cases if not case.answer.healthy]


def misses(cases: Sequence[Case]) -> list[Case]:
    """Everything that was not said right."""
    return [case for case in cases if not case.right]


def misplaced(cases: Sequence[Case]) -> list[Case]:
    """Those whose cause was named first, with a line that isn't the fault's."""
    return [case for case in cases if case.top1 and not case.located]


def _group(case: Case) -> str:
    return CAUSES[case.answer.causes[0]].group


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None
