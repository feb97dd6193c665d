"""`ganlab diagnose`: a stored run, other thresholds, no training."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from ganlab.cli import main
from ganlab.config import RunConfig
from ganlab.panel import DetectorPanel
from ganlab.runs.recorder import Recorder
from ganlab.runs.store import RunStore
from tests.diagnosis.recorded import observations


@pytest.fixture
def stored(tmp_path: Path) -> str:
    store = RunStore(tmp_path)
    run = store.create(RunConfig())
    recorder = Recorder(store, run, DetectorPanel())
    for observation in observations("correct-tanh"):
        recorder.record(observation)
    store.close(run)
    return run


def diagnosed(run: str, folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    assert main(["diagnose", run, "--runs", str(folder), *more]) == 0
    return capsys.readouterr().out


def test_a_changed_threshold_changes_the_findings_of_a_stored_run(
    stored: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calm = orjson.loads(diagnosed(stored, tmp_path, capsys, "--json"))
    assert {row["severity"] for row in calm["findings"]} == {"notice"}
    assert calm["diagnosis"] == []
    strict = ["--set", "Memorisation.gap=-1", "Memorisation.hold=0", "--json"]
    found = orjson.loads(diagnosed(stored, tmp_path, capsys, *strict))
    assert any(row["symptom"] == "memorisation" for row in found["findings"])
    assert found["diagnosis"][0]["cause"] == "too-few-images"


def test_the_text_names_the_diagnosis(
    stored: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = diagnosed(stored, tmp_path, capsys, "--set", "Memorisation.gap=-1")
    assert "diagnosis 1: too-few-images (confidence" in said
    assert "diagnosis: no cause" in diagnosed(stored, tmp_path, capsys)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Memorisation.gap", "--set takes DETECTOR.THRESHOLD=VALUE"),
        ("Memory.gap=1", "No detector or cause 'Memory'; allowed: Divergence"),
        ("Memorisation.gab=1", "no threshold 'gab'; allowed: gap, grave, hold"),
        ("Memorisation.gap=much", "takes a number, got 'much'"),
    ],
)
def test_a_bad_threshold_is_answered_with_what_is_allowed(
    text: str, answer: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diagnose", "x", "--runs", str(tmp_path), "--set", text]) == 2
    assert answer in capsys.readouterr().err


def test_a_live_patch_of_the_run_is_a_suspect_of_what_followed_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = RunStore(tmp_path)
    run = store.create(RunConfig())
    recorder = Recorder(store, run, DetectorPanel())
    for observation in observations("narrow-sgd-faster"):
        recorder.record(observation)
    opened = next(row for row in store.read(run, "findings")[0] if row["severity"] != "notice")
    patch = {"step": opened["step"] - 20, "patch": {"lr_d": {"set": 0.02}}}
    store.append(run, "patches", patch)
    store.close(run)
    found = orjson.loads(diagnosed(run, tmp_path, capsys, "--json"))
    assert found["diagnosis"][0]["cause"] == "live-change"
    assert found["diagnosis"][0]["change"]["before"] == {"lr_d": 2e-4}
    assert found["state"] == "something is wrong"
