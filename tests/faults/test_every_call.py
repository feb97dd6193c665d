"""Each writing call of a run fails once: the first, the second, and so on to the last."""

from __future__ import annotations

import errno
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from ganlab.bench.faults.calls import CALLS, Call, Trap, intercepted, train_through
from ganlab.bench.faults.world import CONFIG, lab, steps_of, until
from ganlab.runs import RunStore, Status, StoreError, logs
from ganlab.runs.record import DiskFull
from tests.runs.fakes import PATIENCE


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(("code", "waits"), [(errno.EIO, False), (errno.ENOSPC, True)])
def test_whichever_call_fails_no_run_but_its_own_is_harmed(
    tmp_path: Path, call: str, code: int, waits: bool
) -> None:
    for at in count(1):
        trap = Trap(call, at, code)
        train_through(tmp_path / str(at), trap, waits=waits)
        if trap.seen < at:  # the run has no such call any more
            break
    assert at > 1


def test_a_row_torn_at_any_byte_is_cut_off_before_the_next_one(tmp_path: Path) -> None:
    store, row = RunStore(tmp_path), {"step": 1, "seconds": 0.5}
    for size in range(len(logs.to_json(row)) + 1):
        run = store.create(CONFIG)
        store.append(run, "metrics", {"step": 0, "seconds": 0.0})

        def short(name: str, real: Call, given: tuple[Any, ...], size: int = size) -> Any:
            if name == "write":
                real(given[0], given[1][:size])
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*given)

        with intercepted(short), pytest.raises(DiskFull):
            store.append(run, "metrics", row)
        assert steps_of(store, run) == [0]
        store.append(run, "metrics", row)
        assert steps_of(store, run) == [0, 1]
        store.close(run)


def test_a_full_disk_pauses_a_run_and_says_how_much_to_free(tmp_path: Path) -> None:
    trap = Trap("write", 9, errno.ENOSPC, times=None)
    with lab(tmp_path, waits=True) as manager, intercepted(trap):
        run = manager.start(CONFIG)
        until(lambda: manager.info(run).trouble, "it waits")
        info = manager.info(run)
        assert info.status is Status.PAUSED
        assert info.error == ""
        assert "(No space left on device); allowed: at least 1 MB free. Free" in info.trouble
        rows = steps_of(manager.store, run)
        manager.resume(run)  # too early
        until(lambda: manager.info(run).trouble, "it waits")
        trap.mended = True
        manager.resume(run)
        ended = manager.wait(run, PATIENCE)
        assert (ended.status, ended.trouble) == (Status.FINISHED, "")
        assert steps_of(manager.store, run)[: len(rows)] == rows


def test_a_run_that_waits_for_room_frees_its_slot_and_can_be_stopped(tmp_path: Path) -> None:
    trap = Trap("write", 9, errno.ENOSPC, times=None)
    with lab(tmp_path, waits=True) as manager:
        manager.hold = 0.0
        with intercepted(trap):
            run = manager.start(CONFIG)
            until(lambda: manager.info(run).trouble, "it waits")
            trap.mended = True
            assert manager.wait(manager.start(CONFIG), PATIENCE).status is Status.FINISHED
            assert manager.info(run).status is Status.PAUSED
            manager.stop(run)
        info = manager.wait(run, PATIENCE)
        assert info.status is Status.FAILED
        assert "is full" in info.error


def test_without_a_user_a_full_disk_ends_the_run_in_words(tmp_path: Path) -> None:
    with lab(tmp_path) as manager, intercepted(Trap("write", 9, errno.ENOSPC, times=None)):
        run = manager.start(CONFIG)
        info = manager.wait(run, PATIENCE)
        assert info.status is Status.FAILED
        assert info.error.startswith("The disk with the run folders is full")


def test_a_refused_start_leaves_no_folder(tmp_path: Path) -> None:
    store = RunStore(tmp_path / "runs")
    with intercepted(Trap("replace", 1, errno.EIO)), pytest.raises(StoreError, match="allowed:"):
        store.create(CONFIG)
    assert not list(store.root.iterdir())
