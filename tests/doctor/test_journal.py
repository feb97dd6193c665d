"""What a script does lands in the store while it runs; nothing in here can stop the script."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from ganlab.doctor.run.journal import Journal
from ganlab.observation import Observation
from ganlab.runs import RunStore, Source

FINDING = {
    "event": "opened",
    "symptom": "saturation",
    "severity": "warning",
    "step": 3,
    "evidence": [
        {"metric": "d_fake", "observed": 0.01, "relation": "<", "bound": 0.05, "window": 20}
    ],
}


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path)


@pytest.fixture
def run(store: RunStore) -> str:
    return store.create_watched(Source("train.py"))


@pytest.fixture
def journal(store: RunStore, run: str) -> Iterator[Journal]:
    """A journal whose script shows points."""
    journal = Journal(store.root, run, clock=lambda: 0.0)
    kept: Any = SimpleNamespace(made=[torch.randn(64, 2)], reals=[torch.randn(64, 2)])
    journal.kept = lambda: kept
    yield journal
    journal.close()


def test_rows_and_findings_can_be_read_while_the_script_runs(
    journal: Journal, store: RunStore, run: str
) -> None:
    journal.take(Observation(3, {"d_loss": 1.0}, {"loss": "hinge"}, seconds=0.5), [FINDING])
    (row,), _ = store.read(run, "metrics")
    assert row == {"step": 3, "seconds": 0.5, "d_loss": 1.0, "facts": {"loss": "hinge"}}
    assert store.read(run, "findings")[0] == [{**FINDING, "summary": "", "remedies": []}]


def test_a_grid_is_drawn_every_fifty_updates(journal: Journal, store: RunStore, run: str) -> None:
    for step in range(1, 131):
        journal.take(Observation(step, {}), [])
    assert store.sample_steps(run) == [1, 51, 101]
    journal.close()
    assert store.sample_steps(run) == [1, 51, 101, 130]
    assert store.real_sample(run) is not None


def test_costly_grids_are_drawn_seldom(
    journal: Journal, store: RunStore, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter(range(1000))
    monkeypatch.setattr(journal, "_clock", lambda: float(next(times)))  # a second a look
    for step in range(1, 201):
        journal.take(Observation(step, {}), [])
    assert store.sample_steps(run) == [1]


def test_a_store_that_vanishes_ends_the_journal_and_nothing_else(
    journal: Journal, store: RunStore
) -> None:
    shutil.rmtree(store.root)
    journal.take(Observation(1, {}), [])
    journal.report({})
    assert "No run" in journal.broken


def test_a_journal_ends_with_the_process_that_owns_the_run(
    journal: Journal, store: RunStore, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getppid", lambda: 1)
    journal.take(Observation(1, {}), [])
    assert store.read(run, "metrics")[0] == []


def test_no_descriptor_stays_open_for_a_script_to_close(
    journal: Journal, store: RunStore, run: str
) -> None:
    """Its number might be that of a file of the script's own next."""
    for step in (1, 2):
        journal.take(Observation(step, {}), [FINDING])
        names = [os.readlink(link) for link in Path("/proc/self/fd").iterdir() if link.exists()]
        assert not [name for name in names if name.endswith(".jsonl")]
    assert len(store.read(run, "metrics")[0]) == 2
