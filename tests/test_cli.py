"""The command line on real runs, small ones: what it prints, writes and answers to bad input."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from ganlab.cli import main
from ganlab.config import RunConfig
from ganlab.lab import classifier_path

TINY = ["--set", "hidden_g=16", "hidden_d=16", "probe_every=10", "sample_every=10"]


@pytest.fixture(autouse=True)
def own_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GANLAB_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"


def run(*arguments: str) -> int:
    return main(["run", *arguments])


def result(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = orjson.loads(path.read_bytes())
    return loaded


def test_a_run_writes_what_it_promises(tmp_path: Path) -> None:
    points = ["data=ring8", "latent_dim=2"]
    assert run(*TINY, *points, "--steps", "30", "--json", str(tmp_path / "out.json")) == 0
    out = result(tmp_path / "out.json")
    assert (out["status"], out["steps"], out["config"]["data"]) == ("finished", 30, "ring8")
    assert out["steps_per_second"] > 0
    assert "d_loss" in out["metrics"]
    assert out["coverage"]["classes"] == 8


def test_findings_are_printed_and_written_with_their_evidence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty = ["data=ring8", "output=sigmoid"]
    assert run(*TINY, *faulty, "--steps", "20", "--json", str(tmp_path / "out.json")) == 0
    found = {row["symptom"]: row for row in result(tmp_path / "out.json")["findings"]}
    proof = found["scaling-mismatch"]["evidence"][0]
    assert (proof["metric"], proof["relation"]) == ("unreachable", ">")
    assert proof["observed"] > proof["bound"]
    assert "scaling-mismatch" in capsys.readouterr().out


def test_a_run_can_be_resumed_with_more_steps(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    run(*TINY, "data=ring8", "--steps", "20", "--json", str(out))
    assert run("--resume", result(out)["run"], "--steps", "40", "--json", str(out)) == 0
    assert result(out)["steps"] == 40


def test_a_diverging_run_fails_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wild = ["data=ring8", "optimizer_g=sgd", "optimizer_d=sgd", "lr_g=10", "lr_d=10",
            "head=logits", "loss=least_squares"]  # fmt: skip
    assert run(*TINY, *wild, "--steps", "200", "--json", str(tmp_path / "out.json")) == 1
    out = result(tmp_path / "out.json")
    assert out["status"] == "failed"
    assert "divergence" in {row["symptom"] for row in out["findings"]}
    assert "smaller learning rates" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--set", "lrd=1"], "Did you mean 'lr_d'"),
        (["--set", "lr_d"], "KEY=VALUE"),
        (["--preset", "seed5"], "No preset 'seed5'"),
        (["--resume", "nothing"], "No run 'nothing'"),
        (["--resume", "nothing", "--seed", "1"], "--resume goes on"),
        (["--steps", "0"], "steps is 0; allowed"),
        (["--json", "/no/such/folder/out.json"], "Create the folder"),
        (["--json", "/"], "cannot be written"),
        (["--runs", "/proc/ganlab"], "Cannot write"),
    ],
)
def test_bad_input_is_answered_with_a_way_out(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    assert message in capsys.readouterr().err


def test_data_that_is_not_there_is_a_failed_run_that_says_where_to_put_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GANLAB_DATA", str(tmp_path / "nothing"))
    assert run("--set", "data=mnist") == 1
    assert "GANLAB_DATA" in capsys.readouterr().out


def test_detectors_and_causes_are_listed_with_their_thresholds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["diagnose", "--list-thresholds"]) == 0
    said = capsys.readouterr().out
    assert "TotalCollapse: Generated samples lie as close together" in said
    assert "GradientPenaltyWeak (gradient-penalty-weak): lambda too small to hold" in said
    assert "    weight = 1  lambda below which it is named; 10 is usual\n" in said


def test_a_diagnosis_needs_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose"]) == 2
    assert "takes a RUN, got none" in capsys.readouterr().err


def test_settings_and_presets_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--list-settings") == 0
    assert run("--list-presets") == 0
    printed = capsys.readouterr().out
    assert "lr_d = 0.0002  [live]" in printed
    assert "wgan-gp" in printed


WILD = ["data=ring8", "optimizer_g=sgd", "optimizer_d=sgd", "lr_g=10", "lr_d=10", "head=logits",
        "loss=least_squares", "steps=20"]  # fmt: skip


def test_nan_in_the_last_steps_is_a_failed_run_too(tmp_path: Path, own_runs: Path) -> None:
    assert run(*TINY, *WILD, "--json", str(tmp_path / "out.json")) == 1
    folder = own_runs / result(tmp_path / "out.json")["run"]
    assert not (folder / "generator.safetensors").exists()


def test_a_run_that_cannot_go_on_stays_what_it_was(
    tmp_path: Path, own_runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.json"
    run(*TINY, "data=ring8", "--steps", "20", "--json", str(out))
    folder = own_runs / result(out)["run"]
    for checkpoint in (folder / "checkpoints").iterdir():
        checkpoint.write_bytes(b"damaged")
    assert run("--resume", folder.name, "--steps", "40") == 1
    assert "none of its checkpoints" in capsys.readouterr().out
    assert orjson.loads((folder / "outcome.json").read_bytes())["status"] == "finished"


def test_a_damaged_classifier_is_trained_anew(
    own_runs: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    out = tmp_path / "out.json"
    stored = classifier_path(RunConfig(data="digits"), own_runs)
    stored.parent.mkdir(parents=True)
    stored.write_bytes(b"damaged")
    assert run(*TINY, "--steps", "5", "--json", str(out)) == 0
    assert f"The stored classifier {stored} cannot be read" in caplog.text
    assert stored.read_bytes() != b"damaged"
    assert result(out)["coverage"]["test_accuracy"] > 0.9
