"""`ganlab bench engine`: the engine against a typical loop, and the cost of watching a run.

One thread, CPU time of this process, interleaved rounds, medians, the baseline twice as a control.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from ganlab.bench.matches import MATCHES, Score, images_at_hand, play
from ganlab.bench.monitoring import (
    BOUND_TARGET,
    CYCLE,
    MEDIAN_TARGET,
    WATCHED,
    Cost,
    cost_of_watching,
)
from ganlab.bench.table import percent, table, times, verdict
from ganlab.engine.data import load
from ganlab.outputs import write_result


@dataclass(frozen=True)
class Effort:
    """How long to measure. In every sitting of a match both sides are built anew."""

    sittings: int
    rounds: int  # of a match, in each sitting
    cycles: int  # rounds of the cost of watching
    steps: int | None = None  # a round of a match; None: each match's own number
    cycle: int = CYCLE


FULL = Effort(sittings=3, rounds=5, cycles=31)
QUICK = Effort(sittings=1, rounds=3, cycles=6, steps=3)


def main(
    *, quick: bool = False, json_file: Path | None = None, effort: Effort | None = None
) -> str:
    """Measures and returns the tables; writes the figures where asked."""
    effort = effort or (QUICK if quick else FULL)
    with _one_thread():
        data = load(MATCHES[0].config())
        scores = [
            play(match, data, effort.rounds, sittings=effort.sittings, steps=effort.steps)
            for match in MATCHES
        ]
        costs = [cost_of_watching(name, data, effort.cycles, effort.cycle) for name in WATCHED]
    if json_file is not None:
        write_result(json_file, f"{json.dumps(_figures(scores, costs), indent=2)}\n".encode())
    return _report(scores, costs, quick)


@contextmanager
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _report(scores: list[Score], costs: list[Cost], quick: bool) -> str:
    notes = [_machine(), "Typical loop: DataLoader, PIL and transforms, noise from torch.randn."]
    if quick:
        notes.append("Quick: few rounds, wide bounds. Leave --quick out for figures to quote.")
    return "\n\n".join(["\n".join(notes), _scores(scores), _costs(costs)])


def _scores(scores: list[Score]) -> str:
    head = ("CPU ms a D update", "typical", "engine", "floor", "of floor", "ratio [rounds]",
            "target", "", "A/A control")  # fmt: skip
    rows = [
        (
            score.name,
            f"{score.baseline_ms:.2f}",
            f"{score.engine_ms:.2f}",
            f"{score.floor_ms:.2f}",
            f"{100 * score.floor_share:.0f} %",
            times(score.speedup),
            f"{score.target:.2f}",
            verdict(score.met),
            times(score.control),
        )
        for score in scores
    ]
    return table(head, rows) + (
        "\nfloor: the step's matrix products, convolutions and fused Adam alone"
    )


def _costs(costs: list[Cost]) -> str:
    head = ("Cost of watching", "bare ms a step", "median [95 %]", "target", "", "A/A control")
    target = f"< {100 * MEDIAN_TARGET:.0f} %, bound <= {100 * BOUND_TARGET:.0f} %"
    rows = [
        (
            cost.name,
            f"{cost.bare_ms:.2f}",
            percent(cost.share),
            target,
            verdict(cost.met),
            percent(cost.control),
        )
        for cost in costs
    ]
    return table(head, rows)


def _machine() -> str:
    data, cores = images_at_hand(), os.cpu_count()
    return f"torch {torch.__version__}, 1 thread of {cores} cores, {_load()}, data {data}"


def _load() -> str:
    """Of the whole machine: ratios stand a busy one, milliseconds do not."""
    if not hasattr(os, "getloadavg"):  # Windows
        return "load unknown"
    return f"load average {os.getloadavg()[0]:.1f}"


def _figures(scores: list[Score], costs: list[Cost]) -> dict[str, Any]:
    return {
        "machine": _machine(),
        "torch": torch.__version__,
        "threads": 1,
        "engine": [dataclasses.asdict(score) | {"met": score.met} for score in scores],
        "monitoring": [dataclasses.asdict(cost) | {"met": cost.met} for cost in costs],
    }
