"""What the last whole run said, as `ganlab/doctor/README.md` holds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from ganlab.bench.doctor import report
from ganlab.bench.doctor.answers import ANSWERS
from ganlab.bench.doctor.scoring import Case, Share, restored, score
from ganlab.bench.material import SAID
from ganlab.bench.table import markdown, marked

STEPS_TARGET = 200  # generator updates until a right cause


def stored(file: Path = SAID) -> Mapping[str, Any]:
    """What `bench doctor --json` wrote. Raises FileNotFoundError where nothing is committed."""
    found: Mapping[str, Any] = orjson.loads(file.read_bytes())
    return found


def cases_of(figures: Mapping[str, Any]) -> list[Case]:
    """Its reports beside today's answers."""
    return [
        Case(row["script"], ANSWERS[row["script"]], restored(row["report"]))
        for row in figures["cases"]
    ]


def quoted(file: Path = SAID) -> str:
    """The committed figures as Markdown, counted anew from what was said of each script."""
    figures = stored(file)
    cases = cases_of(figures)
    sick = sum(not case.answer.healthy for case in cases)
    head = (
        f"{figures['time'][:10]}: {len(cases)} scripts, {sick} faulty, {len(cases) - sick} healthy"
    )
    return markdown((head, "measured", "target", ""), list(_rows(cases)))


def _rows(cases: list[Case]) -> Iterator[tuple[str, ...]]:
    found = score(cases)
    yield _row("the cause named first", found.top1, report.TOP1_TARGET)
    yield _row("the cause among the first three", found.top3, report.TOP3_TARGET)
    yield _row("its line right, of causes named first", found.located, report.LINE_TARGET)
    yield _row(
        "false alarms on healthy scripts", found.false_alarms, report.ALARM_TARGET, most=True
    )
    yield _row("both networks found", found.discovered, report.DISCOVERY_TARGET)
    steps = found.steps
    yield (
        "updates until a right cause, median",
        "-" if steps is None else f"{steps:.0f}",
        str(STEPS_TARGET),
        "" if steps is None else marked(steps <= STEPS_TARGET),
    )


def _row(name: str, found: Share, target: float, *, most: bool = False) -> tuple[str, ...]:
    value, (low, high) = found.value, found.interval
    if value is None:
        return name, "-", f"{100 * target:.0f} %", ""
    met = value <= target if most else value >= target
    measured = (
        f"{100 * value:.0f} % ({found.hits} of {found.of}) [{100 * low:.0f}, {100 * high:.0f}]"
    )
    return name, measured, f"{100 * target:.0f} %", marked(met)
