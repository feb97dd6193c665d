"""The detector benchmark's parts: recording, truth, split, scores."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ganlab.bench.corpus import store
from ganlab.bench.corpus.families import FAMILIES
from ganlab.bench.corpus.fate import fate_at, fate_of, healthy_from
from ganlab.bench.corpus.healthy import HEALTHY
from ganlab.bench.corpus.judged import Alarm, Judged, alarms_of, judged
from ganlab.bench.corpus.plans import Plan, patched
from ganlab.bench.corpus.proof import Proof, proof_of, told
from ganlab.bench.corpus.record import file_of, record, record_all
from ganlab.bench.corpus.recording import Recording, rounded
from ganlab.bench.corpus.scores import Onsets, detection, families, first_alarm
from ganlab.bench.corpus.split import part_of, plans
from ganlab.config import Set
from ganlab.panel import DetectorPanel

_TINY = Plan("ok-mix", "toy-r1", {"data": "mixture1d", "steps": 300})


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """A short run."""
    return record(_TINY, 0, tmp_path_factory.mktemp("corpus"))


def test_a_recording_comes_back_as_it_was(recorded: Recording) -> None:
    again = Recording.of_bytes(recorded.to_bytes())
    assert list(again.observations()) == list(recorded.observations())
    assert (again.checks, again.facts, again.learnable) == (
        recorded.checks,
        recorded.facts,
        recorded.learnable,
    )


def test_a_run_recorded_twice_is_the_same(recorded: Recording, tmp_path: Path) -> None:
    again = record(_TINY, 0, tmp_path)
    assert replace(again, seconds=0.0).to_bytes() == replace(recorded, seconds=0.0).to_bytes()


def test_findings_are_a_function_of_the_recording(recorded: Recording) -> None:
    def found(run: Recording) -> list[object]:
        panel = DetectorPanel()
        return [event for look in run.observations() for event in panel.update(look)]

    assert found(recorded) == found(Recording.of_bytes(recorded.to_bytes()))


def test_what_is_not_finite_survives() -> None:
    values = np.array([np.nan, np.inf, -np.inf, 0.0, 1.0, -100.0, 0.1], np.float32)
    kept = rounded(values)
    assert np.isnan(kept[0]) and kept[1:6].tolist() == values[1:6].tolist()
    assert kept[6] == pytest.approx(0.1, rel=2e-4)


def test_a_late_fault_is_applied_at_its_step(tmp_path: Path) -> None:
    plan = patched("nan-late", "toy", 100, {"lr_g": Set(0.5)}, data="mixture1d", steps=200)
    told = [(step, facts["lr_g"]) for step, facts in record(plan, 0, tmp_path).facts]
    assert told[0] == (0, 1e-3)
    assert told[1][1] == 0.5 and told[1][0] > 100


def test_an_error_ends_a_run_and_is_kept(tmp_path: Path) -> None:
    changes = {"data": "mixture1d", "optimizer_d": "sgd", "optimizer_g": "sgd", "lr_d": 10.0,
               "lr_g": 10.0}  # fmt: skip
    run = record(Plan("nan-mixture", "toy-rp", changes), 0, tmp_path)
    assert "diverged" in run.error and fate_of(run) == "failed" and run.learnable is None


def test_recording_goes_on_where_it_stopped(tmp_path: Path) -> None:
    said: list[str] = []
    record_all([(_TINY, 0)], tmp_path, 1, said.append)
    before = file_of(tmp_path, _TINY.name, 0).stat().st_mtime_ns
    record_all([(_TINY, 0)], tmp_path, 1, said.append)
    assert file_of(tmp_path, _TINY.name, 0).stat().st_mtime_ns == before
    assert said[-1] == "1 of 1 runs are recorded."


def test_an_archive_is_the_same_whenever_it_is_packed(recorded: Recording, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    runs.mkdir()
    for plan in ("ok-gauss", "strong-ls"):
        run = replace(recorded, plan=plan)
        file_of(runs, plan, 0).write_bytes(run.to_bytes())
    store.pack(runs, tmp_path / "a")
    store.pack(runs, tmp_path / "b")
    assert store.names("open", tmp_path / "a") == ["ok-gauss@0"]
    assert store.names("sealed", tmp_path / "a") == ["strong-ls@0"]
    assert (tmp_path / "a/open.zip").read_bytes() == (tmp_path / "b/open.zip").read_bytes()
    (again,) = store.read("sealed", ["strong-ls@0"], tmp_path / "a")
    assert again.plan == "strong-ls"


def test_every_look_at_the_sealed_runs_is_on_record(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    store.enter({"top1": 0.5}, ledger)
    store.enter({"top1": 0.6}, ledger)
    rows = [json.loads(line) for line in ledger.read_text().splitlines()]
    assert [row["top1"] for row in rows] == [0.5, 0.6]
    assert rows[0]["code"] == store.code_hash() and rows[0]["time"]


# The split.


def test_enough_families_configs_and_healthy_runs() -> None:
    assert len(FAMILIES) >= 14 and all(len(family.plans) == 6 for family in FAMILIES)
    assert len(HEALTHY) * 5 >= 300
    names = [plan.name for plan in plans()]
    assert len(set(names)) == len(names)


def test_held_out_losses_and_architectures_are_sealed_as_a_whole() -> None:
    assert all(part_of(plan.name) == "sealed" for plan in plans() if plan.held_out)
    for family in FAMILIES:
        assert not family.plans[4].held_out and family.plans[5].held_out


def test_a_third_of_the_failing_configs_is_sealed() -> None:
    for family in FAMILIES:
        parts = [part_of(plan.name) for plan in family.plans]
        assert parts == ["development"] * 4 + ["sealed"] * 2


def test_healthy_configs_are_split_with_enough_runs_in_each_part() -> None:
    parts = [part_of(plan.name) for plan in HEALTHY]
    assert parts.count("calibration") * 5 >= 99 and parts.count("sealed") * 5 >= 150


# The truth.

_EVEN = [0.1] * 10
_GOOD = {"step": 250, "classes": 10, "shares": _EVEN, "variety": 0.6, "frechet": 0.4}


@pytest.mark.parametrize(
    ("change", "fate"),
    [
        ({}, "healthy"),
        ({"shares": [0.5, 0.5] + [0.0] * 8}, "failed"),
        ({"shares": [0.2] * 5 + [0.0] * 5}, "mild"),
        ({"frechet": 1.3}, "failed"),
        ({"frechet": None}, "failed"),
        ({"variety": 0.1}, "failed"),
        ({"shares": [0.91] + [0.01] * 9}, "failed"),
        ({"label_accuracy": 0.1}, "failed"),
        ({"label_accuracy": 0.9}, "healthy"),
    ],
)
def test_fate_of_images(change: dict[str, object], fate: str) -> None:
    assert fate_at([_GOOD | change] * 3) == fate


def test_two_of_four_modes_are_a_failure_however_sharp() -> None:
    check = {"classes": 4, "shares": [0.48, 0.47, 0.01, 0.01], "variety": 1.2, "high_quality": 0.97}
    assert fate_at([check] * 3) == "failed"


def test_shares_of_modes_are_taken_among_the_samples_that_lie_on_one() -> None:
    blurred = {"classes": 8, "shares": [0.02] * 8, "variety": 1.0, "high_quality": 0.16}
    assert fate_at([blurred] * 3) == "healthy"
    assert fate_at([blurred | {"shares": [0.16] + [0.0] * 7}] * 3) == "failed"


def test_health_has_to_last(recorded: Recording) -> None:
    bad = _GOOD | {"shares": [1.0] + [0.0] * 9}
    checks = [_GOOD | {"step": 1}, bad | {"step": 2}, bad | {"step": 3},
              _GOOD | {"step": 4}, _GOOD | {"step": 5}]  # fmt: skip
    assert healthy_from(replace(recorded, checks=tuple(checks))) == 5


# The scores.


def _run(plan: str, family: str, fate: str, *alarms: Alarm, **more: object) -> Judged:
    known: dict[str, object] = {
        "plan": plan, "seed": 0, "part": "development", "family": family, "held_out": False,
        "fate": fate, "patched_at": 0, "health": 500, "last": 2000, "alarms": alarms,
        "suspects": (), "causes": (),
    }  # fmt: skip
    return Judged(**(known | more))  # type: ignore[arg-type]


_ONSETS = Onsets([_run("ok-gauss", "", "healthy")], {"ok-gauss": "ring8", "x": "ring8", "y": "?"})


def test_precision_recall_and_delay() -> None:
    runs = [
        _run("x", "D too strong", "failed", Alarm("saturation", 900, 2000)),
        _run("x", "D too strong", "failed", Alarm("saturation", 300, 2000)),
        _run("x", "D too strong", "failed"),
        _run("x", "D too strong", "mild", Alarm("saturation", 300, 2000)),
        _run("ok-gauss", "", "healthy", Alarm("oscillation", 300, 400)),
        _run("ok-gauss", "", "healthy"),
    ]
    found = detection(runs, first_alarm(0), _ONSETS)
    assert (found.precision.hits, found.precision.all) == (2, 3)
    assert (found.recall.hits, found.recall.all) == (2, 3)
    assert (found.false_alarms.hits, found.false_alarms.all) == (1, 2)
    assert found.delays == (400, 0)


def test_an_alarm_has_to_stand_longer_than_calibration_asks() -> None:
    run = _run("x", "D too strong", "failed", Alarm("saturation", 900, 1000))
    assert first_alarm(100)(run) == 999
    assert first_alarm(101)(run) is None
    stopped = _run("x", "non-finite", "failed", Alarm("stopped", 50, 50))
    assert first_alarm(math.inf)(stopped) is not None


def test_an_alarm_before_a_late_fault_is_false() -> None:
    run = _run("x", "late shock", "failed", Alarm("oscillation", 300, 2000), patched_at=1500)
    found = detection([run], first_alarm(0), _ONSETS)
    assert found.recall.hits == 0 and found.precision.all == 1


def test_a_family_is_scored_by_the_first_cause() -> None:
    strong, alarm = ("discriminator-too-strong",), Alarm("saturation", 900, 2000)
    runs = [
        _run("x", "D too strong", "failed", alarm, suspects=strong, causes=strong),
        _run("x", "D too strong", "failed", alarm, suspects=("mode-collapse",), causes=strong),
        _run("y", "SGD", "failed", alarm, suspects=strong, causes=("optimizer-unsuited",)),
    ]
    by_slug = {score.slug: score for score in families(runs, 0)}
    assert by_slug["D too strong"].precision.hits == 1
    assert by_slug["D too strong"].precision.all == 2
    assert by_slug["D too strong"].recall.all == 2
    assert by_slug["SGD"].f1 == 0.0


def test_findings_become_intervals() -> None:
    events = [
        {"event": "opened", "symptom": "critic-unbounded", "severity": "notice", "step": 10},
        {"event": "worsened", "symptom": "critic-unbounded", "severity": "warning", "step": 20},
        {"event": "closed", "symptom": "critic-unbounded", "severity": "warning", "step": 50},
        {"event": "opened", "symptom": "oscillation", "severity": "warning", "step": 60},
    ]
    assert alarms_of(events, 100) == (
        Alarm("critic-unbounded", 20, 50),
        Alarm("oscillation", 60, 100),
    )


def test_a_recorded_run_is_judged(recorded: Recording) -> None:
    run = judged(recorded, _TINY)
    assert (run.family, run.fate, run.part) == ("", "healthy", "sealed")


# The proof.


def test_findings_whose_inequality_does_not_hold_are_counted_by_event_and_by_run() -> None:
    true = {"metric": "auc", "observed": 0.99, "relation": ">", "bound": 0.95}
    false = true | {"observed": 0.5}
    nan = {"metric": "d_loss", "observed": "nan", "relation": "beyond", "bound": 3.4e38}
    counted = proof_of([
        {"event": "opened", "evidence": [true, nan]},
        {"event": "worsened", "evidence": [true, false]},
        {"event": "closed", "evidence": [false]},
    ])  # fmt: skip
    assert counted == Proof(said=2, false=1, closed=1, closed_false=1)
    assert told([counted, Proof()]) == (
        "Open part, findings with false evidence: 1 of 2 (opened or worsened; in 1 of 2 runs), "
        "1 of 1 closed (in 1 runs)."
    )
