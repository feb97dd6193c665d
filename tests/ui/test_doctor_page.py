"""The doctor's page: runs of scripts that other processes started, live and ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ganlab.config import RunConfig
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Samples
from ganlab.runs.manager import RunManager
from ganlab.runs.record import Outcome, Source, Status
from ganlab.runs.store import RunStore
from ganlab.ui import doctorwords
from tests.ui.links import follow

CAUSE = {
    "slug": "double-sigmoid",
    "confidence": 0.97,
    "evidence": ["A sigmoid lies before [a loss](https://evil.example) that has its own."],
    "location": {"file": "/home/her/ring.py", "line": 24, "code": "loss.backward()"},
    "fix": "Remove nn.Sigmoid() from D.",
    "checked": "The graph was read node by node.",
    "source": "PyTorch",
}
NOTE = CAUSE | {"slug": "batchnorm-eps", "evidence": ["eps is 0.8"], "location": None}
REPORT: dict[str, Any] = {
    "verdict": "cause",
    "reason": "A sigmoid lies before a loss that has its own.",
    "causes": [CAUSE],
    "notes": [NOTE],
    "symptoms": [],
    "discovered": {"generator": "net_G (Generator)", "discriminator": "net_D (Discriminator)"},
    "steps": 60,
    "seconds": 12.0,
    "overhead": 0.031,
    "script_exit": None,
    "final": True,
}


@pytest.fixture
def doctor(lab: RunManager) -> Iterator[RunStore]:
    """The store as the doctor's own process has it."""
    store = RunStore(lab.store.root)
    yield store
    for info in store.runs():
        store.close(info.id)


def examined(doctor: RunStore, report: dict[str, Any] | None = None, *, live: bool = False) -> str:
    """A stored run of a script, as far as a report says."""
    run = doctor.create_watched(Source("/home/her/ring.py", ("--fast",), 2000))
    for step in range(1, 61):
        row = {"step": step, "seconds": step / 10, "d_loss": 1.0, "g_loss": 0.7, "d_real": 0.6}
        doctor.append(run, "metrics", row | {"d_fake": 0.4})
    evidence = (Evidence("d_fake", 0.01, "<", 0.05),)
    finding = Finding(Symptom.SATURATION, Severity.WARNING, 30, "D is sure.", evidence)
    doctor.append(run, "findings", {"event": "opened", **finding.as_row()})
    points = np.random.default_rng(0).normal(size=(100, 2)).astype(np.float32)
    doctor.write_samples(run, "real", Samples(points=points))
    doctor.write_samples(run, 50, Samples(points=points))
    if report is not None:
        doctor.write_report(run, report)
    if not live:
        doctor.finish(run, Outcome(Status.FINISHED, 60, 12.0))
    return run


def page(app: AppTest) -> AppTest:
    """The doctor's page."""
    app.run()
    return app.switch_page("pages/doctor.py").run()


def words(app: AppTest) -> str:
    """All text of the page, without the backslashes that keep it from being markup."""
    elements = [*app.title, *app.markdown, *app.caption, *app.code, *app.warning, *app.error]
    texts = [element.value for element in elements] + [each.label for each in app.expander]
    return "\n".join(texts).replace("\\", "")


def test_without_a_run_the_page_says_what_to_type(app: AppTest) -> None:
    assert "python -m ganlab doctor train.py" in words(page(app))
    assert not app.exception


def test_the_newest_run_is_shown_with_its_diagnosis(app: AppTest, doctor: RunStore) -> None:
    examined(doctor, REPORT)
    text = words(page(app))
    for each in ("ring.py --fast", "Cause found: double-sigmoid", "97% sure", "ring.py, line 24",
                 "loss.backward()", "Remove nn.Sigmoid() from D.", "The graph was read",
                 "batchnorm-eps", "net_G (Generator)", "overhead 3.1%", "Saturation",
                 "d_fake = 0.01", "finished"):  # fmt: skip
        assert each in text, each
    assert not app.exception


def test_a_script_still_running_is_watched(app: AppTest, doctor: RunStore) -> None:
    run = examined(doctor, REPORT | {"final": False, "causes": [], "verdict": "not-assessed"},
                   live=True)  # fmt: skip
    assert "Nothing harmful in 60 generator updates so far" in words(page(app))
    doctor.write_report(run, REPORT)
    doctor.finish(run, Outcome(Status.FINISHED, 60, 12.0))
    assert "Cause found: double-sigmoid" in words(app.run())


def test_a_script_that_has_not_trained_yet_is_waited_for(app: AppTest, doctor: RunStore) -> None:
    doctor.create_watched(Source("ring.py", (), 2000))
    text = words(page(app))
    assert "Waiting for the first training step" in text
    assert not app.exception


def test_a_run_whose_doctor_was_killed_says_so(app: AppTest, doctor: RunStore) -> None:
    run = examined(doctor, REPORT | {"final": False}, live=True)
    doctor.close(run)
    text = words(page(app))
    assert "interrupted" in text
    assert "The doctor's process ended while the script ran" in text


def test_an_older_run_is_opened_by_its_address(app: AppTest, doctor: RunStore) -> None:
    first = examined(doctor, REPORT | {"reason": "the first one", "causes": []})
    examined(doctor, REPORT | {"reason": "the second one", "causes": []})
    app.run()
    app.session_state["examined"] = first
    app.switch_page("pages/doctor.py").run()
    assert "the first one" in words(app)
    assert app.query_params["run"] == first


def test_an_unknown_run_leads_to_the_newest(app: AppTest, doctor: RunStore) -> None:
    examined(doctor, REPORT)
    app.run()
    app.session_state["examined"] = "20200101-000000-nothing"
    app.switch_page("pages/doctor.py").run()
    assert "There is no run of a script" in words(app)
    assert "double-sigmoid" in words(app)


def test_the_lab_does_not_list_scripts_and_leads_to_the_doctor(
    app: AppTest, lab: RunManager, doctor: RunStore
) -> None:
    run = examined(doctor, REPORT)
    app.run()
    assert app.sidebar.selectbox[0].options == ["New run"]
    app.session_state["run"] = run
    app.run()
    assert "Cause found: double-sigmoid" in words(app)


def test_the_history_lists_scripts_without_made_up_settings(
    app: AppTest, lab: RunManager, doctor: RunStore
) -> None:
    lab.wait(lab.start(RunConfig(steps=20)), timeout=20)
    run = examined(doctor, REPORT)
    app.run()
    app.switch_page("pages/runs.py").run()
    text = words(app)
    assert "your own code, watched by the doctor: ring.py --fast" in text
    assert "step 60 of at most 2\u202f000" in text
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels == ["metrics.csv", "report.json", "metrics.csv", "config.json",
                      "generator.safetensors"]  # fmt: skip
    assert not app.exception
    follow(app, "Open", run)
    assert "Cause found: double-sigmoid" in words(app)


def test_place_of_a_windows_path() -> None:
    row = {"location": {"file": r"C:\work\train.py", "line": 3}}
    assert doctorwords.place(row) == "train.py, line 3"


def test_the_page_never_writes(app: AppTest, doctor: RunStore, tmp_path: Path) -> None:
    run = examined(doctor, REPORT)
    folder = doctor.path(run)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.name != "lock"}
    page(app)
    after = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.name != "lock"}
    assert before == after
