"""The long run that `bench ui` opens, and what it says of it; the browser is another matter."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

from ganlab.bench.opening import Opening, report, store_run
from ganlab.observation import Observation
from ganlab.runs import RunHistory, RunStore, Status

SEEN = [
    Observation(0, {"d_loss": 1.0}, {"loss": "hinge"}),
    Observation(10, {"d_loss": 2.0}),
    Observation(20, {"d_loss": 3.0, "diversity": 0.5}),
]


def test_the_stored_run_repeats_what_was_seen_at_ever_later_steps(tmp_path: Path) -> None:
    run = store_run(tmp_path, SEEN, 7)
    store = RunStore(tmp_path)
    history = RunHistory(store, run)
    history.refresh()
    steps, _, values = history.column("d_loss")
    assert steps.tolist() == [0, 10, 20, 30, 40, 50, 60]
    assert values.tolist() == [1, 2, 3, 2, 3, 2, 3]
    assert history.facts() == {"loss": "hinge"}
    assert store.info(run).status is Status.FINISHED


def test_the_length_of_the_run_is_what_counts() -> None:
    short, long = Opening(100, 3.0, 0.5, math.nan), Opening(100_000, 4.5, 1.75, 2.0)
    said = report(short, long)
    assert "open 100 000 rows, s" in said
    assert "1.5" in said and "1.25" in said
    assert said.count("met") == 2 and "MISSED" not in said
    said = report(short, dataclasses.replace(long, seconds=9.0, session=40.0))
    assert said.count("MISSED") == 2
