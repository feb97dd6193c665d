"""A lab of fake trainings behind the real pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ganlab.runs.manager import RunManager
from ganlab.runs.recorder import Panel
from ganlab.runs.store import RunStore
from ganlab.ui.guard import Guard
from tests.ui.fakes import FakePanel, FakeTraining

APP = str(Path(__file__).parents[2] / "app.py")


@pytest.fixture
def panel() -> type[Panel]:
    """What watches the runs; a test file may have its own."""
    return FakePanel


@pytest.fixture
def lab(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, panel: type[Panel]
) -> Iterator[RunManager]:
    """The manager that the pages find."""
    manager = RunManager(RunStore(tmp_path), FakeTraining, panel)
    monkeypatch.setattr("ganlab.lab.open_lab", lambda: manager)
    # Frozen objects of a test would never be collected.
    monkeypatch.setattr("gc.freeze", lambda: None)
    st.cache_resource.clear()
    yield manager
    manager.shutdown()
    st.cache_resource.clear()


@pytest.fixture
def app(lab: RunManager, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The lab's start page, not yet run, as a guarded server would run it."""
    monkeypatch.setattr(Guard, "stands", True)
    return AppTest.from_file(APP, default_timeout=30)
