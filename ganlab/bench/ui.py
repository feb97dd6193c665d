"""`ganlab bench ui`: what a browser that watches at 2 Hz costs the run, and what a refresh costs.

The same run of the same server is measured in turn with a browser on it and without. Before that,
a long stored run is opened by several browsers.
"""

from __future__ import annotations

import dataclasses
import json
import os
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganlab.bench import opening
from ganlab.bench.server import CannotMeasureError, lab_server
from ganlab.bench.table import table, times, verdict
from ganlab.bench.timing import Spread, quotients
from ganlab.bench.watching import Phase, browser_page, measured, start_training
from ganlab.outputs import write_result

RATE_TARGET = 0.9  # of the steps a second that a run makes unwatched
TICK_TARGET = 0.1  # seconds of the server for one refresh, median


@dataclass(frozen=True)
class Effort:
    """How long to measure."""

    rounds: int  # each a watched phase and an unwatched one
    seconds: float  # of a phase


FULL = Effort(rounds=7, seconds=12.0)
QUICK = Effort(rounds=2, seconds=6.0)


@dataclass(frozen=True)
class Outcome:
    """What the phases came to; bounds are the extreme rounds or refreshes."""

    watched: float  # steps a second
    unwatched: float
    kept: Spread  # share of the unwatched rate
    kept_free: Spread  # the same without the time in the queue for a core
    tick: Spread  # seconds on the clock inside one refresh
    tick_cpu: Spread  # of the thread that refreshes
    server_cpu: float  # of all the server's threads but the training one, a refresh
    refreshes: float  # a second, while watched


def main(*, quick: bool = False, json_file: Path | None = None) -> str:
    """Measures and returns the table; raises CannotMeasureError without a browser."""
    effort = QUICK if quick else FULL
    with browser_page() as page, lab_server() as server:
        opened = opening.measure(page, server)
    pairs: list[tuple[Phase, Phase]] = []
    with browser_page() as page, lab_server() as server:
        address = start_training(page, server)
        for number in range(effort.rounds):
            order = (address, "about:blank") if number % 2 else ("about:blank", address)
            phases = {at: measured(page, server, at, effort.seconds) for at in order}
            pairs.append((phases[address], phases["about:blank"]))
    result = outcome(pairs)
    if json_file is not None:
        figures = _figures(result) | {"opening": [dataclasses.asdict(one) for one in opened]}
        write_result(json_file, f"{json.dumps(figures, indent=2)}\n".encode())
    return f"{_report(result, quick)}\n\n{opening.report(*opened)}"


def outcome(pairs: list[tuple[Phase, Phase]]) -> Outcome:
    """The medians over (watched, unwatched) pairs."""
    watched, unwatched = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    ticks = [tick for phase in watched for tick in phase.ticks]
    if not ticks:
        raise CannotMeasureError(
            "The page was not refreshed once in a watched phase; look at it in the lab."
        )
    walls, cpus = zip(*ticks, strict=True)
    extra = sum(phase.others for phase in watched) - sum(phase.others for phase in unwatched)
    return Outcome(
        watched=statistics.median(phase.rate for phase in watched),
        unwatched=statistics.median(phase.rate for phase in unwatched),
        kept=_kept(pairs, lambda phase: phase.rate),
        kept_free=_kept(pairs, lambda phase: phase.free_rate),
        tick=_spread(walls),
        tick_cpu=_spread(cpus),
        server_cpu=extra / len(ticks),
        refreshes=len(ticks) / sum(phase.seconds for phase in watched),
    )


def _kept(pairs: list[tuple[Phase, Phase]], rate: Callable[[Phase], float]) -> Spread:
    """The share of the unwatched rate that is left while somebody watches."""
    watched, unwatched = zip(*pairs, strict=True)
    return _spread(quotients(list(map(rate, watched)), list(map(rate, unwatched))))


def _spread(values: Sequence[float]) -> Spread:
    return Spread(statistics.median(values), min(values), max(values))


def _met(result: Outcome) -> tuple[bool, bool, bool]:
    return (
        result.kept.median >= RATE_TARGET,
        result.kept_free.median >= RATE_TARGET,
        result.tick.median < TICK_TARGET,
    )


def _report(result: Outcome, quick: bool) -> str:
    met = [verdict(ok) for ok in _met(result)]
    rate, tick = f">= {RATE_TARGET:.2f}", f"< {1000 * TICK_TARGET:.0f} ms"
    rows = [
        ("steps a second, unwatched", f"{result.unwatched:.1f}", "", ""),
        ("steps a second, watched", f"{result.watched:.1f}", "", ""),
        ("share kept, with the browser on the same cores", times(result.kept), rate, met[0]),
        ("share kept, time in the queue for a core apart", times(result.kept_free), rate, met[1]),
        ("refreshes a second", f"{result.refreshes:.2f}", "", ""),
        ("a refresh, ms on the clock", _ms(result.tick), tick, met[2]),
        ("a refresh, ms of CPU", _ms(result.tick_cpu), "", ""),
        ("a refresh, ms of CPU in the whole server", f"{1000 * result.server_cpu:.1f}", "", ""),
    ]
    notes = [f"{os.cpu_count()} cores; medians, in brackets the extremes."]
    if quick:
        notes.append("Quick: few phases. Leave --quick out for figures to quote.")
    return "\n".join([*notes, "", table(("One browser at 2 Hz", "", "target", ""), rows)])


def _ms(spread: Spread) -> str:
    return f"{1000 * spread.median:.1f} [{1000 * spread.low:.1f}-{1000 * spread.high:.1f}]"


def _figures(result: Outcome) -> dict[str, Any]:
    names = ("kept_met", "kept_free_met", "tick_met")
    return dataclasses.asdict(result) | dict(zip(names, _met(result), strict=True))
