"""Logs with torn rows."""

from __future__ import annotations

import random
from pathlib import Path

from ganlab.bench.faults.fault import Fault, promise
from ganlab.config import RunConfig
from ganlab.runs.store import RunStore


def _torn(folder: Path, dice: random.Random) -> None:
    """The log ends at some byte; the rows before it are read, and the next one is not lost."""
    store = RunStore(folder / "runs")
    run = store.create(RunConfig())
    count = dice.randint(1, 20)
    for step in range(count):
        store.append(run, "metrics", {"step": step, "seconds": 0.1, "d_loss": dice.random()})
    store.close(run)
    log = store.path(run) / "metrics.jsonl"
    whole = log.read_bytes()
    cut = dice.randrange(len(whole) + 1)
    log.write_bytes(whole[:cut])
    left = whole[:cut].count(b"\n")
    seen = [row["step"] for row in store.read(run, "metrics")[0]]
    promise(seen == list(range(left)), f"rows 0 to {left - 1} are read", seen)
    store.own(run)
    store.append(run, "metrics", {"step": count, "seconds": 1.0})
    store.close(run)
    seen = [row["step"] for row in store.read(run, "metrics")[0]]
    promise(seen == [*range(left), count], "the next row stands after the whole ones", seen)


FAULTS = (Fault("a log torn at some byte", _torn),)
