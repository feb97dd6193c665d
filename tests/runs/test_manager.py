"""Runs on real threads, driven by intents as a page sends them."""

from __future__ import annotations

import errno
import shutil
import threading
from pathlib import Path

import pytest

from ganlab.bench.faults.world import Panel
from ganlab.config import ConfigError, RunConfig, Scale, Set
from ganlab.runs import (
    NotLive,
    RunManager,
    RunStore,
    Status,
    StoreError,
    UnknownRun,
    files,
)
from tests.runs.fakes import ENDLESS, PATIENCE, SMALL, FakeLab

INTENTS = ("pause", "resume", "step")


def training(manager: RunManager, lab: FakeLab, config: RunConfig = ENDLESS) -> str:
    """A run that has taken its first steps."""
    before = len(lab.trainings)
    run = manager.start(config)
    lab.until(lambda: len(lab.trainings) > before and lab.trainings[-1].step > 0)
    return run


def test_a_started_run_finishes(manager: RunManager) -> None:
    info = manager.wait(manager.start(SMALL, "mine"), PATIENCE)
    assert (info.status, info.step, info.name) == (Status.FINISHED, 100, "mine")


def test_waiting_ends_with_its_timeout(manager: RunManager, lab: FakeLab) -> None:
    assert manager.wait(training(manager, lab), timeout=0.0).status is Status.RUNNING


def test_a_paused_run_takes_single_steps_each_of_them_observed(
    manager: RunManager, lab: FakeLab, store: RunStore
) -> None:
    run = training(manager, lab)
    fake = lab.trainings[0]
    manager.pause(run)
    assert manager.info(run).status is Status.PAUSED
    manager.step(run, 2)
    lab.until(lambda: fake.calls[-2:] == [(1, True), (1, True)])
    manager.stop(run)
    info = manager.wait(run, PATIENCE)
    assert fake.calls[-2:] == [(1, True), (1, True)]
    assert info.step == fake.step
    assert [row["step"] for row in store.read(run, "metrics")[0][-2:]] == [info.step - 1, info.step]


def test_a_resumed_run_goes_on(manager: RunManager, lab: FakeLab) -> None:
    run = training(manager, lab)
    manager.pause(run)
    manager.step(run)
    lab.until(lambda: lab.trainings[0].calls[-1] == (1, True))
    manager.resume(run)
    assert manager.info(run).status is Status.RUNNING
    lab.until(lambda: lab.trainings[0].calls[-1] == (50, False))


def test_a_stopped_run_has_a_checkpoint_of_its_last_step(
    manager: RunManager, lab: FakeLab, store: RunStore
) -> None:
    run = training(manager, lab)
    manager.stop(run)
    info = manager.wait(run, PATIENCE)
    assert info.status is Status.STOPPED
    assert store.latest_checkpoint(run) == (info.step, lab.trainings[0].checkpoint())


def test_a_paused_run_can_be_stopped(manager: RunManager, lab: FakeLab) -> None:
    run = training(manager, lab)
    manager.pause(run)
    manager.stop(run)
    assert manager.wait(run, PATIENCE).status is Status.STOPPED


def test_a_paused_run_keeps_its_slot_for_a_while(manager: RunManager, lab: FakeLab) -> None:
    first, second = training(manager, lab), manager.start(SMALL)
    manager.pause(first)
    assert manager.info(second).status is Status.QUEUED
    assert manager.holders() == [first]
    manager.resume(first)
    assert manager.info(first).status is Status.RUNNING
    assert manager.queue() == [second]


def test_a_paused_run_frees_its_slot_after_a_while(manager: RunManager, lab: FakeLab) -> None:
    manager.hold = 0.0
    first = training(manager, lab)
    second = manager.start(SMALL)
    assert manager.info(second).status is Status.QUEUED
    manager.pause(first)
    assert manager.wait(second, PATIENCE).status is Status.FINISHED
    assert manager.info(first).status is Status.PAUSED


def test_a_resumed_run_queues_when_its_slot_is_taken(manager: RunManager, lab: FakeLab) -> None:
    manager.hold = 0.0
    first = training(manager, lab)
    manager.pause(first)
    second = training(manager, lab)
    manager.resume(first)
    assert manager.info(first).status is Status.QUEUED
    assert manager.queue() == [first]
    manager.stop(second)
    manager.wait(second, PATIENCE)
    assert manager.info(first).status is Status.RUNNING


def test_a_patch_of_a_paused_run_shows_at_once_and_reaches_the_training(
    manager: RunManager, lab: FakeLab, store: RunStore
) -> None:
    run = training(manager, lab)
    manager.pause(run)
    manager.patch(run, {"lr_d": Set(0.5)}, "remedy: Speed up D")
    assert manager.info(run).config.lr_d == 0.5
    lab.until(lambda: lab.trainings[0].config.lr_d == 0.5)
    manager.stop(run)
    info = manager.wait(run, PATIENCE)
    (row,) = store.read(run, "patches")[0]
    assert (row["step"], row["origin"]) == (info.step + 1, "remedy: Speed up D")
    assert info.config.lr_d == 0.5


def test_a_patch_that_cannot_be_is_refused_and_changes_nothing(
    manager: RunManager, lab: FakeLab, store: RunStore
) -> None:
    run = training(manager, lab)
    with pytest.raises(ConfigError, match="seed cannot change while a run trains"):
        manager.patch(run, {"seed": Set(1)})
    with pytest.raises(ConfigError, match="set head=logits"):
        manager.patch(run, {"loss": Set("wgan")})
    assert manager.info(run).config == ENDLESS
    assert store.read(run, "patches")[0] == []


def test_a_queued_run_shows_its_patch_and_trains_with_it(manager: RunManager, lab: FakeLab) -> None:
    first = training(manager, lab)
    second = manager.start(SMALL)
    manager.patch(second, {"lr_d": Scale(0.5)})
    assert manager.info(second).config.lr_d == 1e-4
    manager.stop(first)
    assert manager.wait(second, PATIENCE).config.lr_d == 1e-4
    assert lab.trainings[1].rates[1] == 1e-4


def test_two_runs_train_at_once_with_two_slots(manager: RunManager, lab: FakeLab) -> None:
    manager.slots = 2
    runs = [training(manager, lab), training(manager, lab)]
    reached = [fake.step for fake in lab.trainings]
    lab.until(lambda: lab.trainings[0].step > reached[0] and lab.trainings[1].step > reached[1])
    assert {manager.info(run).status for run in runs} == {Status.RUNNING}


def test_one_slot_trains_in_the_order_of_the_starts(manager: RunManager, lab: FakeLab) -> None:
    first = training(manager, lab)
    rest = [manager.start(SMALL, str(number)) for number in range(4)]
    assert manager.queue() == rest
    manager.stop(first)
    ended = [manager.wait(run, PATIENCE) for run in rest]
    assert {info.status for info in ended} == {Status.FINISHED}
    outcomes = [manager.store.outcome(run) for run in [first, *rest]]
    times = [outcome.finished for outcome in outcomes if outcome is not None]
    assert times == sorted(times)


def test_a_queued_run_can_be_stopped_and_the_next_one_moves_up(
    manager: RunManager, lab: FakeLab
) -> None:
    training(manager, lab)
    second, third = manager.start(SMALL), manager.start(SMALL)
    manager.stop(second)
    info = manager.wait(second, PATIENCE)
    assert (info.status, info.step) == (Status.STOPPED, 0)
    assert manager.queue() == [third]


def test_a_training_that_raises_is_a_failed_run_and_harms_no_other(
    manager: RunManager, lab: FakeLab, store: RunStore
) -> None:
    manager.slots = 2
    healthy = training(manager, lab)
    lab.breaks_at = 35
    failed = manager.wait(manager.start(SMALL), PATIENCE)
    assert (failed.status, failed.error) == (Status.FAILED, "RuntimeError: the fake broke")
    stored = RunStore(store.root).info(failed.id)
    assert stored.traceback.startswith("Traceback")
    assert "in advance" in stored.traceback
    reached = lab.trainings[0].step
    lab.until(lambda: lab.trainings[0].step > reached)
    assert manager.info(healthy).status is Status.RUNNING
    assert manager.wait(failed.id) == failed


def test_a_factory_that_raises_is_a_failed_run_and_frees_its_slot(
    manager: RunManager, lab: FakeLab
) -> None:
    lab.broken = True
    failed = manager.wait(manager.start(SMALL), PATIENCE)
    assert (failed.status, failed.error) == (Status.FAILED, "MemoryError: the fake device is gone")
    lab.broken = False
    assert manager.wait(manager.start(SMALL), PATIENCE).status is Status.FINISHED


def test_a_broken_disk_fails_its_run_and_no_later_one(
    manager: RunManager, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, data: bytes, *, durable: bool = False) -> None:
        raise OSError(errno.EIO, "Input/output error")

    run = manager.start(SMALL)
    manager.wait(run, PATIENCE)
    monkeypatch.setattr(files, "replace_file", refuse)
    with pytest.raises(StoreError, match="Input/output error"):
        manager.start(SMALL)
    monkeypatch.undo()
    manager.reopen(run, steps=200)
    assert manager.wait(run, PATIENCE).status is Status.FINISHED


def test_a_run_whose_folder_is_removed_frees_its_slot_and_keeps_nobody_waiting(
    manager: RunManager, lab: FakeLab, store: RunStore
) -> None:
    run = training(manager, lab)
    following = manager.start(SMALL)
    folder = store.path(run)
    while folder.exists():  # it trains on, and may write into it meanwhile
        shutil.rmtree(folder, ignore_errors=True)
    assert manager.wait(following, PATIENCE).status is Status.FINISHED
    with pytest.raises(UnknownRun):
        manager.wait(run, PATIENCE)
    assert store.runs() == [manager.info(following)]


def test_whatever_breaks_at_the_end_of_a_run_keeps_nobody_waiting(
    manager: RunManager, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(run: str, outcome: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(store, "finish", refuse)
    run, following = manager.start(SMALL), manager.start(SMALL)
    assert manager.wait(run, PATIENCE).step == 100
    assert manager.wait(following, PATIENCE).step == 100
    for each in (run, following):
        store.close(each)


def test_a_lab_that_has_trained_many_runs_keeps_none_of_their_threads(manager: RunManager) -> None:
    for _ in range(10):
        manager.wait(manager.start(SMALL), PATIENCE)
    assert len(manager._crew._threads) < 4


def test_a_run_that_no_thread_can_be_had_for_is_refused_and_holds_no_slot(
    manager: RunManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        with pytest.raises(StoreError, match=r"no thread can be had .*allowed: .*Close"):
            manager.start(SMALL)
    (refused,) = manager.runs()
    assert not refused.status.live
    assert manager.wait(manager.start(SMALL), PATIENCE).status is Status.FINISHED


def test_an_unwritable_folder_is_refused_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    manager = RunManager(RunStore(tmp_path / "file"), FakeLab(), Panel)
    with pytest.raises(StoreError, match="Set GANLAB_RUNS"):
        manager.start(SMALL)
    assert manager.runs() == []


@pytest.mark.parametrize("run", ["unknown", "../../etc", ""])
def test_an_unknown_run_is_refused_by_every_intent(manager: RunManager, run: str) -> None:
    for intent in (*INTENTS, "stop", "reset", "reopen", "info", "wait"):
        with pytest.raises(UnknownRun, match="No run"):
            getattr(manager, intent)(run)
    with pytest.raises(UnknownRun):
        manager.patch(run, {"lr_d": Set(0.1)})


def test_an_ended_run_takes_no_intent_but_may_be_stopped_again(manager: RunManager) -> None:
    run = manager.start(SMALL)
    manager.wait(run, PATIENCE)
    for intent in INTENTS:
        with pytest.raises(NotLive, match=r"is finished and does not train here.*Reopen it"):
            getattr(manager, intent)(run)
    with pytest.raises(NotLive):
        manager.patch(run, {"lr_d": Set(0.1)})
    manager.stop(run)
    assert manager.info(run).status is Status.FINISHED


def test_reset_stops_the_run_and_starts_its_original_config(
    manager: RunManager, lab: FakeLab
) -> None:
    first = training(manager, lab, ENDLESS)
    manager.patch(first, {"lr_d": Set(0.5)})
    second = manager.reset(first)
    lab.until(lambda: len(lab.trainings) == 2 and lab.trainings[1].step > 0)
    assert manager.wait(first, PATIENCE).status is Status.STOPPED
    info = manager.info(second)
    assert (info.config, info.parent) == (ENDLESS, first)


def test_runs_lists_live_and_ended_ones_newest_first(manager: RunManager, lab: FakeLab) -> None:
    ended = manager.start(SMALL)
    manager.wait(ended, PATIENCE)
    live, queued = training(manager, lab), manager.start(SMALL)
    assert [(info.id, info.status) for info in manager.runs()] == [
        (queued, Status.QUEUED),
        (live, Status.RUNNING),
        (ended, Status.FINISHED),
    ]


def test_a_live_run_cannot_be_deleted_or_reopened(manager: RunManager, lab: FakeLab) -> None:
    run = training(manager, lab)
    for refused in (manager.store.delete, manager.reopen):
        with pytest.raises(StoreError, match="one owner at a time"):
            refused(run)


def test_shutdown_stops_everything_and_may_be_called_twice(
    manager: RunManager, lab: FakeLab
) -> None:
    running, queued = training(manager, lab), manager.start(SMALL)
    manager.shutdown()
    manager.shutdown()
    assert {manager.info(run).status for run in (running, queued)} == {Status.STOPPED}
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ganlab-")]
    with pytest.raises(StoreError, match="shut down"):
        manager.start(SMALL)
    with pytest.raises(StoreError, match="shut down"):
        manager.reopen(running)
