"""`ganlab bench live`: settings moved on a healthy run, and what the lab says of it.

Each break was recorded once, with its unpatched twin and its undo; the recordings are replayed.
The sealed part is read with `sealed=True` only, and every such look is entered in a ledger.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
import multiprocessing
import os
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from ganlab.bench.live import store
from ganlab.bench.live.catalogue import breaks
from ganlab.bench.live.judged import Judged, judge_all
from ganlab.bench.live.plans import SEEDS
from ganlab.bench.live.report import report
from ganlab.bench.live.runs import read_runs
from ganlab.bench.live.scores import Scores, scored
from ganlab.bench.live.split import Shelf, base_runs, jobs, shelf_of
from ganlab.bench.live.store import Reader
from ganlab.bench.live.truth import Check, Margin, Pair, margins
from ganlab.outputs import write_result

_FIRST = "@0"  # what --quick looks at


def main(
    *,
    quick: bool = False,
    json_file: Path | None = None,
    sealed: bool = False,
    record: Path | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> str:
    """Replays, scores and returns the table; `record` records all breaks anew before that."""
    if record is not None:
        _record(record, progress)
    shelf: Shelf = "sealed" if sealed else "open"
    names = [name for name in store.names(shelf) if not quick or name.endswith(_FIRST)]
    scores = measured(store.of_archives, names)
    if sealed and not quick:
        store.enter(_headline(scores))
    if json_file is not None:
        write_result(json_file, orjson.dumps(as_row(scores), option=orjson.OPT_INDENT_2) + b"\n")
    return report(scores, sealed=sealed, quick=quick)


def _record(folder: Path, progress: Callable[[str], None]) -> None:
    from ganlab.bench.live.record import estimate, record_all  # brings torch along

    estimate(folder, jobs(), progress)
    record_all(jobs(), folder, progress)
    progress(f"Packed: {store.pack(folder) / 1e6:.1f} MB.")


def measured(read: Reader, names: Sequence[str]) -> Scores:
    """The scores of these recordings (NAME@SEED), breaks and repeats."""
    known = {found.name for found in breaks()}
    patched = [name for name in names if name.rpartition("@")[0] in known]
    repeats = [name for name in names if ".repeat" in name]
    margin = margins(_pairs(read, names))
    found = _judged(read, [*patched, *repeats], margin)
    return scored(
        [run for run in found if run.name in known],
        [run for run in found if run.name not in known],
    )


def _pairs(read: Reader, names: Sequence[str]) -> dict[str, list[Pair]]:
    """By base, every two of the unpatched runs that start at one checkpoint.

    The open ones, whichever part is looked at; of a base that is sealed as a whole, its own.
    """
    bases = {name.partition(".")[0] for name in names if ".repeat" in name}
    bases |= {found.base for found in breaks() if shelf_of(f"{found.base}.twin") == "open"}
    pairs: dict[str, list[Pair]] = defaultdict(list)
    for base, seed in itertools.product(sorted(bases), range(SEEDS)):
        group = [checks for name in base_runs(base)[1:] if (checks := _checks(read, name, seed))]
        pairs[base] += itertools.combinations(group, 2)
    return pairs


def _checks(read: Reader, name: str, seed: int) -> tuple[Check, ...]:
    """None where this seed was not recorded."""
    try:
        return tuple(read(f"{name}@{seed}").checks)
    except KeyError:
        return ()


def _judged(read: Reader, names: Sequence[str], margin: Mapping[str, Margin]) -> list[Judged]:
    """Every run, replayed in parallel: the breaks of one checkpoint in one worker."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in names:
        base = name.partition("-")[0].partition(".")[0].partition("@")[0]
        groups[base, name.rpartition("@")[2]].append(name)
    parts = [(read, group, margin) for group in groups.values()]
    with multiprocessing.get_context("spawn").Pool(os.cpu_count() or 1) as pool:
        return [run for part in pool.imap(_replayed, parts) for run in part]


def _replayed(part: tuple[Reader, list[str], Mapping[str, Margin]]) -> list[Judged]:
    read, names, margin = part
    runs = list(read_runs(read, names))
    twin = next(read_runs(read, [f"{runs[0].base}.twin@{runs[0].seed}"]))
    return list(judge_all(runs, {(twin.base, twin.seed): twin}, margin))


def as_row(scores: Scores) -> dict[str, Any]:
    """The JSON form; rates as [hits, all]."""
    row = dataclasses.asdict(scores)
    for name, value in row.items():
        if isinstance(value, dict) and set(value) == {"hits", "all"}:
            row[name] = [value["hits"], value["all"]]
    middle = scores.median_delay
    return row | {"median_delay": None if math.isnan(middle) else middle}


def _headline(scores: Scores) -> dict[str, Any]:
    """What the ledger keeps of a look at the sealed breaks."""
    row = as_row(scores)
    kept = ("kinds", "noticed", "noticed_fallen", "named", "median_delay", "false_alarms",
            "green_over_harm", "recovered", "all_clear", "not_before")  # fmt: skip
    return {name: row[name] for name in kept}
