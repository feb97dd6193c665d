"""A store in a temporary folder, and a manager whose threads end with the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ganlab.bench.faults.world import Panel
from ganlab.runs import RunManager, RunStore
from tests.runs.fakes import FakeLab


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "runs")


@pytest.fixture
def lab() -> FakeLab:
    return FakeLab()


@pytest.fixture
def manager(store: RunStore, lab: FakeLab, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunManager]:
    monkeypatch.setattr(RunManager, "settle", 0.0)  # no torch here whose threads could linger
    manager = RunManager(store, lab, Panel)
    yield manager
    manager.shutdown()
