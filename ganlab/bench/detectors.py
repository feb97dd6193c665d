"""`ganlab bench detectors`: how often the detectors are right, on runs whose truth is known.

Findings are a pure function of observations, so a recorded corpus is replayed in seconds. The
sealed part is read with `sealed=True` only, and every such look is entered in a ledger.
"""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson

from ganlab.bench.corpus import store
from ganlab.bench.corpus.intervals import conformal_bound
from ganlab.bench.corpus.judged import Judged, judged
from ganlab.bench.corpus.proof import told
from ganlab.bench.corpus.record import record_all
from ganlab.bench.corpus.report import report
from ganlab.bench.corpus.results import Results, Seen, measured
from ganlab.bench.corpus.rivals import RIVALS
from ganlab.bench.corpus.split import jobs, plans
from ganlab.bench.corpus.store import Shelf
from ganlab.bench.published_checks import checks_table, self_test
from ganlab.outputs import write_result

ALPHA = 0.05  # healthy runs that may raise an alarm
CALIBRATING = 99  # healthy runs
_SEED = "@0"  # what --quick looks at
_CHUNK = 8  # runs that a worker takes at a time


def main(
    *,
    quick: bool = False,
    json_file: Path | None = None,
    sealed: bool = False,
    record: Path | None = None,
    check_measures: bool = True,
    progress: Callable[[str], None] = lambda line: None,
) -> str:
    """Replays, scores and returns the tables; `record` makes the corpus anew before that.

    `check_measures` adds the truth's self-test: real against real, and a collapsed generator.
    """
    if record is not None:
        record_all(jobs(), record, _workers(), progress)
        progress(f"Packed: {store.pack(record) / 1e6:.1f} MB.")
    opened = _judged("open", quick=quick)
    runs = [run for run, _ in opened]
    hold = calibrated(runs)
    looked_at = _judged("sealed", quick=quick) if sealed else [
        (run, rivals) for run, rivals in opened if run.part == "development"
    ]  # fmt: skip
    results = measured(looked_at, runs, hold)
    if sealed and not quick:
        store.enter(_headline(results))
    if json_file is not None:
        write_result(json_file, orjson.dumps(results.as_row(), option=orjson.OPT_INDENT_2) + b"\n")
    proof = told([run.proof for run in runs])
    text = f"{report(results, sealed=sealed, quick=quick)}\n\n{proof}"
    return f"{text}\n\n{checks_table(self_test())}" if check_measures and not quick else text


def calibrated(runs: Sequence[Judged]) -> float:
    """Steps that an alarm has to stand so that a new healthy run alarms with 5 % at most.

    Run-level split conformal over the first 99 healthy calibration runs (Vovk et al. 2005): no
    assumption on what happens inside a run, only that runs are exchangeable.
    """
    healthy = [run for run in runs if run.part == "calibration" and run.fate == "healthy"]
    scores = [max((a.stood for a in run.alarms), default=0) for run in healthy[:CALIBRATING]]
    return conformal_bound([float(score) for score in scores], ALPHA)


def _judged(shelf: Shelf, *, quick: bool) -> list[Seen]:
    """Every run of a shelf, replayed by the detectors and by the baselines."""
    wanted = [name for name in store.names(shelf) if not quick or name.endswith(_SEED)]
    parts = [(shelf, wanted[at : at + _CHUNK]) for at in range(0, len(wanted), _CHUNK)]
    with multiprocessing.get_context("spawn").Pool(_workers()) as pool:
        return [seen for part in pool.imap(_replayed, parts) for seen in part]


def _replayed(part: tuple[Shelf, list[str]]) -> list[Seen]:
    shelf, wanted = part
    by_name = {plan.name: plan for plan in plans()}
    found: list[Seen] = []
    for run in store.read(shelf, wanted):
        looks = list(run.observations())
        rivals = {rival.name: rival.alarm(looks) for rival in RIVALS}
        found.append((judged(run, by_name[run.plan]), rivals))
    return found


def _workers() -> int:
    return os.cpu_count() or 1


def _headline(results: Results) -> dict[str, Any]:
    """What the ledger keeps of a look at the sealed runs."""
    return {
        "macro_f1_configs": round(results.macro_f1(held_out=False), 4),
        "macro_f1_held_out": round(results.macro_f1(held_out=True), 4),
        "false_alarms": dataclasses.astuple(results.detection.false_alarms),
        "top1": dataclasses.astuple(results.top1),
        "top3": dataclasses.astuple(results.top3),
        "median_delay": results.detection.median_delay,
        "p90_delay": results.detection.p90_delay,
        "hold": results.hold,
    }
