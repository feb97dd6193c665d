"""What the browsers on one server share."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.runs.history import RunHistory
from ganlab.runs.manager import RunManager
from ganlab.ui import session
from tests.ui.conftest import APP
from tests.ui.test_lab_page import finished


def test_a_second_browser_on_a_run_adds_no_second_history(
    app: AppTest, lab: RunManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[RunHistory] = []
    history = session.history

    def watched(run: str) -> RunHistory:
        drawn.append(history(run))
        return drawn[-1]

    monkeypatch.setattr(session, "history", watched)
    run = finished(app, lab)
    first, before = drawn[-1], len(drawn)
    other = AppTest.from_file(APP, default_timeout=30)
    other.query_params["run"] = run
    other.run()
    assert len(drawn) > before
    assert all(each is first for each in drawn)
