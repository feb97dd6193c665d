"""A run that has ended goes on as if it had not."""

from __future__ import annotations

import dataclasses

import pytest

from ganlab.config import ConfigError, Set
from ganlab.runs import RunHistory, RunManager, RunStore, Status
from tests.runs.fakes import ENDLESS, PATIENCE, SMALL, FakeLab


def steps_of(store: RunStore, run: str, log: str = "metrics") -> list[int]:
    return [row["step"] for row in store.read(run, log)[0]]


def test_a_finished_run_goes_on_with_more_steps(manager: RunManager, store: RunStore) -> None:
    run = manager.start(SMALL)
    manager.wait(run, PATIENCE)
    manager.reopen(run, steps=200)
    info = manager.wait(run, PATIENCE)
    assert (info.status, info.step, info.config.steps) == (Status.FINISHED, 200, 200)
    assert steps_of(store, run) == list(range(0, 201, 10))
    (row,) = store.read(run, "patches")[0]
    assert (row["step"], row["patch"], row["origin"]) == (101, {"steps": {"set": 200}}, "reopen")


def test_the_detectors_go_on_where_they_were(manager: RunManager, store: RunStore) -> None:
    run, whole = manager.start(SMALL), manager.start(dataclasses.replace(SMALL, steps=200))
    for each in (run, whole):
        manager.wait(each, PATIENCE)
    manager.reopen(run, steps=200)
    manager.wait(run, PATIENCE)
    assert store.read(run, "findings") == store.read(whole, "findings")


def test_rows_after_the_last_checkpoint_are_written_again_and_not_twice(
    manager: RunManager, lab: FakeLab, store: RunStore
) -> None:
    lab.breaks_at = 75
    run = manager.start(SMALL)
    history = RunHistory(store, run)
    assert manager.wait(run, PATIENCE).status is Status.FAILED
    history.refresh()
    lab.breaks_at = -1
    manager.reopen(run)
    info = manager.wait(run, PATIENCE)
    assert (info.status, info.error, info.traceback) == (Status.FINISHED, "", "")
    assert lab.trainings[1].rates.keys() == set(range(41, 101))
    assert steps_of(store, run) == list(range(0, 101, 10))
    assert steps_of(store, run, "findings") == [0, 30, 60, 90]
    assert store.sample_steps(run) == [0, 50, 100]
    history.refresh()
    assert history.column("d_loss")[0].tolist() == list(range(0, 101, 10))


def test_a_run_without_a_checkpoint_starts_over_as_it_was_configured(
    manager: RunManager, lab: FakeLab, store: RunStore
) -> None:
    lab.breaks_at = 35
    run = manager.start(SMALL)
    manager.wait(run, PATIENCE)
    store.append(run, "patches", {"step": 5, "patch": {"lr_d": {"set": 0.5}}, "origin": "user"})
    store.close(run)
    lab.breaks_at = -1
    manager.reopen(run)
    assert manager.wait(run, PATIENCE).config == SMALL
    assert steps_of(store, run) == list(range(0, 101, 10))
    assert lab.trainings[1].rates[1] == SMALL.lr_d


def test_a_patch_sent_while_paused_survives_stop_and_reopening(
    manager: RunManager, lab: FakeLab
) -> None:
    run = manager.start(ENDLESS)
    lab.until(lambda: lab.trainings and lab.trainings[0].step > 0)
    manager.pause(run)
    manager.patch(run, {"lr_d": Set(0.5)})
    manager.stop(run)
    manager.wait(run, PATIENCE)
    manager.reopen(run)
    lab.until(lambda: len(lab.trainings) == 2 and lab.trainings[1].rates)
    assert set(lab.trainings[1].rates.values()) == {0.5}
    assert manager.info(run).config.lr_d == 0.5
    manager.stop(run)
    assert manager.wait(run, PATIENCE).config.lr_d == 0.5


def test_a_run_that_has_done_its_steps_asks_for_more(manager: RunManager) -> None:
    run = manager.start(SMALL)
    manager.wait(run, PATIENCE)
    for steps in (None, 100, 7):
        with pytest.raises(ConfigError, match="has done 100; allowed: more"):
            manager.reopen(run, steps=steps)
    assert manager.info(run).status is Status.FINISHED


def test_a_run_killed_after_its_last_row_can_be_led_to_its_end(
    manager: RunManager, store: RunStore
) -> None:
    run = manager.start(SMALL)
    manager.wait(run, PATIENCE)
    (store.path(run) / "outcome.json").unlink()
    (store.path(run) / "generator.safetensors").unlink()
    store.mark_orphans()
    assert manager.info(run).status is Status.INTERRUPTED
    manager.reopen(run)
    assert manager.wait(run, PATIENCE).status is Status.FINISHED
    assert steps_of(store, run) == list(range(0, 101, 10))
    assert store.generator_file(run).exists()


def test_a_run_that_cannot_be_reopened_stays_what_it_was_and_says_why(
    manager: RunManager, lab: FakeLab, store: RunStore
) -> None:
    run = manager.start(SMALL)
    manager.wait(run, PATIENCE)
    lab.broken = True
    manager.reopen(run, steps=200)
    info = manager.wait(run, PATIENCE)
    assert (info.status, info.step) == (Status.FINISHED, 100)
    assert info.error
    assert steps_of(store, run) == list(range(0, 101, 10))


def test_a_run_stopped_while_it_waits_to_go_on_ends_as_it_had_before(
    manager: RunManager, lab: FakeLab
) -> None:
    run = manager.start(SMALL)
    manager.wait(run, PATIENCE)
    manager.start(ENDLESS)
    manager.reopen(run, steps=200)
    assert manager.info(run).status is Status.QUEUED
    manager.stop(run)
    info = manager.wait(run, PATIENCE)
    assert (info.status, info.step, info.config.steps) == (Status.FINISHED, 100, 100)
