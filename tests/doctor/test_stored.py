"""A real script in a process of its own: its run in the store, and how it ends there."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from ganlab.causes.weigh import LEAST
from ganlab.cli import main
from ganlab.doctor import Request, examine
from ganlab.runs import RunStore, Status
from tests.doctor.scripts import ring

ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "runs")


def test_a_script_leaves_curves_samples_and_a_report(tmp_path: Path, store: RunStore) -> None:
    report = examine(Request(ring(tmp_path), steps=60), store)
    run = report["run"]
    info = store.info(run)
    assert info.status is Status.FINISHED
    assert info.step == report["steps"] == 60
    assert info.source is not None
    assert info.source.name == "ring.py"
    rows, _ = store.read(run, "metrics")
    assert {"d_loss", "g_loss", "d_real", "d_fake"} <= rows[-1].keys() | rows[0].keys()
    assert store.sample_steps(run)[-1] >= 20  # the last look of a dense start, or a later one
    stored = store.report(run)
    assert stored is not None
    assert stored["discovered"] == report["discovered"]
    assert stored["final"]


def test_a_run_tells_of_its_facts_what_was_seen_and_no_more(
    tmp_path: Path, store: RunStore
) -> None:
    run = examine(Request(ring(tmp_path), steps=20), store)["run"]
    facts = next(row["facts"] for row in store.read(run, "metrics")[0] if "facts" in row)
    assert (facts["batch_size"], facts["conditional"], facts["n_critic"]) == (64, "none", 1)
    assert not {"train_size", "gp_weight", "weight_clip"} & facts.keys()


def test_a_stored_run_is_diagnosed_again_in_the_words_of_its_report(
    tmp_path: Path, store: RunStore, capsys: pytest.CaptureFixture[str]
) -> None:
    script = ring(tmp_path, steps=60, criterion="nn.BCEWithLogitsLoss()")
    report = examine(Request(script), store)
    assert [cause["slug"] for cause in report["causes"]] == ["double-sigmoid"]
    asked = ["diagnose", report["run"], "--runs", str(store.root)]
    assert main([*asked, "--json"]) == 0
    again = orjson.loads(capsys.readouterr().out)
    for cause in report["causes"]:
        del cause["location"]["code"]  # the text of the line, which may be another one by now
    for name in ("verdict", "reason", "causes", "notes", "symptoms"):
        assert again[name] == report[name]
    assert main(asked) == 0
    assert "diagnosis 1: double-sigmoid (confidence 0.97)" in capsys.readouterr().out


def test_what_is_no_history_is_refused_by_name(
    tmp_path: Path, store: RunStore, capsys: pytest.CaptureFixture[str]
) -> None:
    run = examine(Request(ring(tmp_path), steps=5), store)["run"]
    for row in ({"rounds": 5}, {"findings": [], "updates": "many"}, {"findings": [], "later": 1}):
        store.write_history(run, row)
        assert main(["diagnose", run, "--runs", str(store.root)]) == 2
        assert f"history.json in {run} is not what this version writes" in capsys.readouterr().err


def test_a_script_that_fails_is_a_failed_run(tmp_path: Path, store: RunStore) -> None:
    report = examine(Request(ring(tmp_path, end="1 / (i - 12)")), store)
    info = store.info(report["run"])
    assert info.status is Status.FAILED
    assert "ZeroDivisionError" in info.error
    assert info.step == 13  # updates done when it fails


def test_a_killed_script_is_a_failed_run_with_its_rows(tmp_path: Path, store: RunStore) -> None:
    kill = "if i == 20: import os; os.kill(os.getpid(), 9)"
    report = examine(Request(ring(tmp_path, end=kill)), store)
    info = store.info(report["run"])
    assert report["script_exit"] == -signal.SIGKILL
    assert info.status is Status.FAILED
    assert len(store.read(report["run"], "metrics")[0]) >= 15


def test_without_a_store_nothing_is_written(tmp_path: Path, store: RunStore) -> None:
    assert "run" not in examine(Request(ring(tmp_path), steps=5))
    assert store.runs() == []


def test_a_store_that_cannot_be_written_is_done_without(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    report = examine(Request(ring(tmp_path), steps=5), RunStore(tmp_path / "file"))
    assert report["steps"] == 5
    assert "run" not in report
    assert "examined without a run in the store" in caplog.text


def test_a_killed_doctor_leaves_an_interrupted_run_and_a_silent_script(
    tmp_path: Path, store: RunStore
) -> None:
    with endless(tmp_path, store) as (doctor, run):
        doctor.kill()
        doctor.wait(20)
        assert store.mark_orphans() == [run]
        assert store.info(run).status is Status.INTERRUPTED
        before = store.read(run, "metrics")[1]
        time.sleep(1.0)
        assert store.read(run, "metrics")[1] - before <= 1000  # what was in flight


def test_ctrl_c_leaves_a_stopped_run_with_the_report_so_far(
    tmp_path: Path, store: RunStore
) -> None:
    with endless(tmp_path, store) as (doctor, run):
        os.killpg(doctor.pid, signal.SIGINT)
        code = doctor.wait(240)
        info, report = store.info(run), store.report(run)
        assert info.status is Status.STOPPED
        assert report is not None
        assert report["final"]
        enough = report["steps"] >= LEAST  # on a fast machine
        assert (code, report["verdict"]) == ((0, "healthy") if enough else (2, "not-assessed"))
        assert report["steps"] == info.step > 0


def _listens_to_ctrl_c() -> None:
    """What a shell started in the background ignores, its children would ignore as well."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextlib.contextmanager
def endless(folder: Path, store: RunStore) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A doctor in a process group of its own, and its run, which has begun."""
    script = ring(folder, steps=1_000_000, end="import time; time.sleep(0.005)")
    doctor = subprocess.Popen(
        [sys.executable, "-m", "ganlab", "doctor", str(script), "--steps", "100000"],
        env=os.environ | {"GANLAB_RUNS": str(store.root), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_listens_to_ctrl_c,
    )
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and not any(info.step for info in store.runs()):
            time.sleep(0.2)
        (info,) = store.runs()
        assert info.status is Status.RUNNING
        yield doctor, info.id
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(doctor.pid, signal.SIGKILL)
        doctor.wait(20)
