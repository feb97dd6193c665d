"""A case that is run live repeats what was measured of it headless: rows and findings."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch

from ganlab.casebook import find_case
from ganlab.config import RunConfig
from ganlab.engine.governor import Governor
from ganlab.engine.trainer import Trainer
from ganlab.lab import choose_threads, open_lab
from ganlab.panel import DetectorPanel
from ganlab.runs.record import Row

NOT_MEASURED = ("seconds", "steps_per_second", "probe_every", "facts")
QUICK = replace(
    find_case("oscillation").config(), steps=450, checkpoint_every=10_000, sample_every=50
)


@pytest.fixture(autouse=True)
def slow_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """On this device every probe costs too much, so that a governor spreads them at once."""
    monkeypatch.setattr("ganlab.engine.trainer.Governor", partial(Governor, share=1e-6))


def headless(config: RunConfig) -> tuple[list[Row], list[Row]]:
    """Metrics and findings of a run without a lab, which draws no sample until its end."""
    panel, rows, findings = DetectorPanel(), [], []
    for look in Trainer(replace(config, sample_every=100_000)):
        rows.append({"step": look.step, **look.metrics})
        findings += [event.as_row() for event in panel.update(look)]
    return rows, findings


def live(config: RunConfig, root: Path) -> tuple[list[Row], list[Row]]:
    """The same from the files of the lab's own manager."""
    manager = open_lab(root, live=True)
    try:
        run = manager.start(config)
        manager.wait(run, 60)
        rows, _ = manager.store.read(run, "metrics", 0)
        findings, _ = manager.store.read(run, "findings", 0)
    finally:
        manager.shutdown()
    kept = [{name: row[name] for name in row if name not in NOT_MEASURED} for row in rows]
    return kept, list(findings)


def test_a_case_repeats_live_what_it_showed_headless(tmp_path: Path) -> None:
    measured, said = headless(QUICK)
    shown, told = live(QUICK, tmp_path)
    assert [row["symptom"] for row in said] == ["total-collapse"]
    assert [(row["event"], row["symptom"], row["step"]) for row in told] == [
        (row["event"], row["symptom"], row["step"]) for row in said
    ]
    assert shown == measured


def test_a_run_of_the_lab_may_spread_its_probes(tmp_path: Path) -> None:
    rows, _ = live(replace(QUICK, repeatable=False, steps=300), tmp_path)
    probed = [row["step"] for row in rows if "diversity" in row]
    assert len(probed) < 300 // QUICK.probe_every


def test_a_repeatable_run_takes_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[int] = []
    monkeypatch.setattr(torch, "set_num_threads", chosen.append)
    monkeypatch.delenv("OMP_NUM_THREADS")
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    choose_threads(QUICK)
    choose_threads(replace(QUICK, repeatable=False))
    assert chosen == [1, 4]
