"""A disk that refuses: some call fails, once or from then on, and passes again."""

from __future__ import annotations

import errno
import os
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, cast

from ganlab.bench.faults.fault import Fault, promise
from ganlab.bench.faults.world import (
    CONFIG,
    begun,
    contents,
    ended,
    healthy,
    in_words,
    lab,
    tidy,
    until,
    whole,
)
from ganlab.runs import RunManager, Status, StoreError, files
from ganlab.runs.record import RunId

CALLS = ("open", "write", "fsync", "replace", "unlink", "mkdir")
ERRORS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EACCES": errno.EACCES}
_MOST = {"open": 30, "write": 45, "fsync": 6, "replace": 20, "unlink": 6, "mkdir": 12}

Call = Callable[..., Any]


@contextmanager
def intercepted(intercept: Callable[[str, Call, tuple[Any, ...]], Any]) -> Iterator[None]:
    """Hands every writing call of the store to `intercept`, with its name and its arguments."""
    real = files.system

    class Intercepted:
        def __getattr__(self, name: str) -> Call:
            return lambda *given: intercept(name, getattr(real, name), given)

    files.system = cast(files.System, Intercepted())
    try:
        yield
    finally:
        files.system = real


class Trap:
    """Lets calls of one kind fail, from the `at`-th on: `times` of them, or until `mended`."""

    def __init__(self, call: str, at: int, code: int, times: int | None = 1) -> None:
        self._call, self._at, self._code, self._times = call, at, code, times
        self._lock = threading.Lock()
        self.seen = 0
        self.mended = False

    def __call__(self, name: str, real: Call, given: tuple[Any, ...]) -> Any:
        """Calls, or raises; a full disk takes half of what is to be written first."""
        if name == self._call and self._springs():
            if name == "write" and self._code == errno.ENOSPC and len(given[1]) > 1:
                real(given[0], given[1][: len(given[1]) // 2])
            raise OSError(self._code, os.strerror(self._code))
        return real(*given)

    def _springs(self) -> bool:
        with self._lock:
            self.seen += 1
            late = self._times is not None and self.seen >= self._at + self._times
            return self.seen >= self._at and not late and not self.mended


def train_through(folder: Path, trap: Trap, *, waits: bool) -> None:
    """A run while the disk refuses, then the same run again, and another one."""
    with lab(folder, waits=waits) as manager:
        bystander = manager.start(CONFIG)
        ended(manager, bystander)
        before = contents(manager.store.path(bystander))
        run = None
        with intercepted(trap):
            try:
                run = manager.start(CONFIG)
            except StoreError as refusal:
                promise(in_words(str(refusal)), "a refused start says what to do", refusal)
            if run is not None:
                _wait_out(manager, run, trap)
        if run is not None:
            _goes_on(manager, run)
        promise(contents(manager.store.path(bystander)) == before, "no other run is touched")
        healthy(manager)


def _wait_out(manager: RunManager, run: RunId, trap: Trap) -> None:
    """Until the run has ended; where it waits for room, that comes."""
    until(lambda: _waits(manager, run) or not manager.info(run).status.live, "it ends or waits")
    while _waits(manager, run):
        trap.mended = True
        manager.resume(run)
        until(lambda: _waits(manager, run) or not manager.info(run).status.live, "it ends or waits")
    info = ended(manager, run)
    promise(info.status in (Status.FINISHED, Status.FAILED), "it finishes or fails", info.status)


def _waits(manager: RunManager, run: RunId) -> bool:
    info = manager.info(run)
    return info.status is Status.PAUSED and bool(info.trouble)


def _goes_on(manager: RunManager, run: RunId) -> None:
    """The disk is sound again: what stands is a beginning, and the run can be led to its end."""
    info, store = manager.info(run), manager.store
    begun(store, run)
    if info.status is not Status.FINISHED:
        if info.step < CONFIG.steps:
            manager.reopen(run)
        else:
            manager.reopen(run, steps=CONFIG.steps + 1)
        ended(manager, run)
        promise(manager.info(run).status is Status.FINISHED, "it goes on", manager.info(run))
    if manager.info(run).step == CONFIG.steps:
        whole(store, run)
    tidy(store.path(run))


def _refused(call: str, code: int, waits: bool, folder: Path, dice: random.Random) -> None:
    times = dice.choice([1, 1, 2, 5, None])
    train_through(folder, Trap(call, dice.randint(1, _MOST[call]), code, times), waits=waits)


def _small(waits: bool, folder: Path, dice: random.Random) -> None:
    """A disk of so many bytes, of which the bystander has taken a part."""
    room = dice.randrange(0, 200_000)

    class Small(Trap):
        def __call__(self, name: str, real: Call, given: tuple[Any, ...]) -> Any:
            if name == "write" and not self.mended and _used(folder) + len(given[1]) > limit:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*given)

    limit = room + 30_000
    train_through(folder, Small("write", 0, errno.ENOSPC), waits=waits)


def _used(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:  # a temporary, just renamed
            continue
    return total


def _outcome_fits(folder: Path, dice: random.Random) -> None:
    """A disk without a byte to spare, from some row on: the outcome is written all the same."""
    at = dice.randint(4, 40)

    class Full(Trap):
        def __call__(self, name: str, real: Call, given: tuple[Any, ...]) -> Any:
            self.seen += name == "write"
            if name == "write" and self.seen == at:
                self.limit = _used(folder)
            if name == "write" and self.seen >= at and _used(folder) + len(given[1]) > self.limit:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*given)

        limit = 0

    with lab(folder) as manager:
        full = Full("write", 0, errno.ENOSPC)
        with intercepted(full):
            run = manager.start(CONFIG)
            info = ended(manager, run)
        if full.seen >= at:
            outcome = type(manager.store)(manager.store.root).outcome(run)
            promise(outcome is not None, "a full disk takes the outcome", info)
        healthy(manager)


FAULTS = (
    *(
        Fault(f"{name} at some {call}", partial(_refused, call, code, False))
        for call in CALLS
        for name, code in ERRORS.items()
    ),
    *(
        Fault(f"ENOSPC at some {call}, waited out", partial(_refused, call, errno.ENOSPC, True))
        for call in ("open", "write", "fsync", "replace", "mkdir")
    ),
    Fault("a disk with little room", partial(_small, False)),
    Fault("a disk with little room, waited out", partial(_small, True)),
    Fault("a disk without a byte to spare", _outcome_fits),
)
