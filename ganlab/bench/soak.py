"""`ganlab bench soak`: whether the server keeps its size and its speed under hours of use.

A run trains all the time; two browsers start, change, pause, stop and delete at random.
"""

from __future__ import annotations

import dataclasses
import json
import math
import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ganlab.bench.server import CannotMeasureError, Server, lab_server
from ganlab.bench.table import table, verdict
from ganlab.bench.timing import Spread
from ganlab.bench.wanderers import Wanderers
from ganlab.bench.watching import browser_page
from ganlab.outputs import write_result

SLOPE_TARGET = 10.0  # MB an hour
FLAT = 5  # handles and threads that come and go with a browser and a run
_WARM_UP = 600.0  # seconds until imports, pools and caches stand
_EVERY = 30.0  # seconds between two samples
_BUSY = 0.9  # share of the samples at which something must train, and of the acts that must work
_FEWEST = 6  # samples from which a slope can be told


@dataclass(frozen=True)
class Sample:
    """The server at one moment."""

    seconds: float  # since the start
    rss: float  # MB
    handles: int
    threads: int
    refresh: float  # seconds, median since the sample before; NaN without a refresh
    trains: bool  # a run wrote a row in the last half minute


@dataclass(frozen=True)
class Outcome:
    """What the samples after the warm-up came to."""

    slope: Spread  # MB an hour; the bounds hold it with 95 %
    rss: tuple[float, float]  # at the start and the end, medians of a quarter, as all below
    handles: tuple[float, float]
    threads: tuple[float, float]
    refresh: tuple[float, float]  # seconds
    trained: float  # share of the samples at which something trained


def main(
    *,
    hours: float = 2.0,
    seed: int = 0,
    json_file: Path | None = None,
    progress: Callable[[str], None] = lambda text: None,
) -> str:
    """Soaks and returns the table.

    Raises CannotMeasureError without a browser or /proc, or where the time is too short.
    """
    seconds = 3600.0 * hours
    warm_up = min(_WARM_UP, seconds / 3)
    if not (math.isfinite(seconds) and seconds - warm_up >= _FEWEST * _EVERY):
        raise CannotMeasureError(
            f"bench soak takes a sample every {_EVERY:.0f} s and needs {_FEWEST} after its "
            f"warm-up; got --hours {hours:g}; allowed: 0.1 and more."
        )
    with browser_page() as page, lab_server() as server:
        people = Wanderers(page.context.browser, server, seed)
        samples = _soak(server, people, seconds, progress)
        log = (server.timings.parent / "log.txt").read_text()
    result = outcome([each for each in samples if each.seconds >= warm_up])
    troubles = [*people.errors, *(["the server's log has a traceback"] * log.count("Traceback"))]
    if json_file is not None:
        figures = {
            "hours": hours, "seed": seed, **dataclasses.asdict(result), "acts": people.done,
            "troubles": troubles, "samples": [dataclasses.asdict(each) for each in samples],
        }  # fmt: skip
        write_result(json_file, f"{json.dumps(figures, indent=2)}\n".encode())
    return report(result, people.done, troubles, warm_up)


def outcome(samples: Sequence[Sample]) -> Outcome:
    """The slope of the memory, and what else was at the start and at the end of the samples."""
    part = max(1, len(samples) // 4)

    def ends(name: str) -> tuple[float, float]:
        values = [float(getattr(each, name)) for each in samples]
        return _median(values[:part]), _median(values[-part:])

    return Outcome(
        slope([each.seconds / 3600 for each in samples], [each.rss for each in samples]),
        trained=sum(each.trains for each in samples) / len(samples),
        **{name: ends(name) for name in ("rss", "handles", "threads", "refresh")},
    )


def slope(x: Sequence[float], y: Sequence[float]) -> Spread:
    """The least squares' slope of y over x, with bounds that hold it with 95 %.

    Neighbouring samples are alike: their number is reduced by the correlation of the residuals.
    """
    at = np.asarray(x) - np.mean(x)
    spread = float(at @ at)
    best = float(at @ np.asarray(y)) / spread
    rest = np.asarray(y) - np.mean(y) - best * at
    total = float(rest @ rest)
    alike = max(0.0, float(rest[1:] @ rest[:-1]) / total) if total > 0 else 0.0
    error = math.sqrt(total / (len(at) - 2) / spread) if total > 0 else 0.0
    wide = 1.96 * error * math.sqrt((1 + alike) / (1 - min(alike, 0.99)))
    return Spread(best, best - wide, best + wide)


def report(
    result: Outcome, done: Mapping[str, int], troubles: Sequence[str], warm_up: float
) -> str:
    """The table with its targets, the acts, and what went wrong."""
    rate = f"{result.slope.median:.1f} [{result.slope.low:.1f}, {result.slope.high:.1f}]"
    grown = [result.handles[1] - result.handles[0], result.threads[1] - result.threads[0]]
    rows = [
        ("memory, MB an hour", rate, f"< {SLOPE_TARGET:.0f}",
         verdict(result.slope.median < SLOPE_TARGET)),
        ("memory, MB", _both(result.rss), "", ""),
        ("open handles", _both(result.handles), f"+ {FLAT}", verdict(grown[0] <= FLAT)),
        ("threads", _both(result.threads), f"+ {FLAT}", verdict(grown[1] <= FLAT)),
        ("a refresh, ms", _both([1000 * each for each in result.refresh]), "", ""),
    ]  # fmt: skip
    missed = sum(count for name, count in done.items() if name.endswith("missed"))
    worked = 1 - missed / max(1, sum(done.values()))
    rows += [
        (name, f"{share:.0%}", f">= {_BUSY:.0%}", verdict(share >= _BUSY))
        for name, share in (("time in training", result.trained), ("acts that worked", worked))
    ]
    acts = ", ".join(f"{count} {name}" for name, count in sorted(done.items()))
    lines = [
        f"{os.cpu_count()} cores; after a warm-up of {warm_up / 60:.0f} minutes; in brackets the "
        "bounds that hold the slope with 95 %; start and end are medians of a quarter.",
        f"Acts: {acts}.",
        f"Errors on the pages and in the log: {len(troubles) or 'none'}.",
        *troubles[:5],
        *(
            []
            if warm_up >= _WARM_UP
            else ["Short: the server still warms up. Quote an hour or more."]
        ),
        "",
        table(("The server under two random browsers", "", "target", ""), rows),
    ]
    return "\n".join(lines)


def _soak(
    server: Server, people: Wanderers, seconds: float, progress: Callable[[str], None]
) -> list[Sample]:
    began, samples, told = time.monotonic(), [sample(server, 0.0, 0)], 0
    while (now := time.monotonic() - began) < seconds:
        people.act()
        if now - samples[-1].seconds >= _EVERY:
            samples.append(last := sample(server, now, told))
            told = len(server.ticks())
            progress(
                f"{now / 60:6.1f} min  {last.rss:7.1f} MB  {last.handles} handles  "
                f"{last.threads} threads  {1000 * last.refresh:.0f} ms"
            )
    return samples


def sample(server: Server, seconds: float, told: int) -> Sample:
    """The server now; `told` refreshes were counted before. Raises CannotMeasureError."""
    process = Path(f"/proc/{server.pid}")
    try:
        pages = int((process / "statm").read_text().split()[1])
        handles, threads = (len(os.listdir(process / each)) for each in ("fd", "task"))
    except OSError as problem:
        raise CannotMeasureError(
            f"bench soak reads the server's size in /proc, and could not: {problem}. Run it on "
            "Linux, and look at the server's last words if it has ended."
        ) from problem
    ticks = [wall for wall, _ in server.ticks()[told:]]
    megabytes = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    trains = any(_is_fresh(folder / "metrics.jsonl") for folder in server.runs.glob("*"))
    return Sample(seconds, megabytes, handles, threads, _median(ticks), trains)


def _is_fresh(file: Path) -> bool:
    try:
        return time.time() - file.stat().st_mtime < _EVERY
    except OSError:  # before its first row, or deleted
        return False


def _median(values: Sequence[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return statistics.median(known) if known else math.nan


def _both(ends: Sequence[Any]) -> str:
    return f"{ends[0]:.0f} -> {ends[1]:.0f}"
