"""Files that vanish while a run trains, and a second owner who comes then."""

from __future__ import annotations

import contextlib
import random
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from ganlab.bench.faults.fault import Fault, promise
from ganlab.bench.faults.world import (
    CONFIG,
    Counting,
    begun,
    contents,
    ended,
    healthy,
    lab,
    steps_of,
    until,
    whole,
)
from ganlab.runs import RunManager, RunStore, Status, StoreError, UnknownRun
from ganlab.runs.record import Damaged, RunId

_WHOLE = ("lock", "reserve", "samples", "checkpoints", "findings.jsonl", "outcome.json")


class Gate:
    """Stops a training before some step, and lets it go on."""

    def __init__(self, at: int) -> None:
        self._at = at
        self._reached, self._open = threading.Event(), threading.Event()

    def __call__(self, step: int) -> None:
        """Passed by the training at every step."""
        if step == self._at and not self._open.is_set():
            self._reached.set()
            self._open.wait(30.0)

    def reached(self) -> None:
        """Waits until the training stands before it."""
        until(self._reached.is_set, "it trains")

    def open(self) -> None:
        """Lets it pass."""
        self._open.set()


@contextlib.contextmanager
def halfway(folder: Path, dice: random.Random) -> Iterator[tuple[RunManager, RunId, Gate]]:
    """A run that has come to some step and stands still there."""
    gate = Gate(dice.randrange(1, CONFIG.steps))
    with lab(folder, factory=partial(Counting, gate=gate)) as manager:
        try:
            run = manager.start(CONFIG)
            gate.reached()
            yield manager, run, gate
        finally:
            gate.open()


def _gone(name: str, folder: Path, dice: random.Random) -> None:
    """A part of the run's folder is removed: the run ends with words, or goes on whole."""
    with halfway(folder, dice) as (manager, run, gate):
        there = steps_of(manager.store, run)
        _remove(manager.store.root / run / name)
        gate.open()
        try:
            info = ended(manager, run)
        except (UnknownRun, Damaged):
            promise(name in ("", "config.json"), "the run is known")
        else:
            if info.status is Status.FINISHED and name != "findings.jsonl":
                whole(manager.store, run)
            if name == "metrics.jsonl":
                promise(info.status is Status.FAILED, "lost rows are told", info)
            elif name in _WHOLE:
                begun(manager.store, run, len(there))
        healthy(manager)


def _moved(folder: Path, dice: random.Random) -> None:
    """The run's folder gets another name while it trains."""
    with halfway(folder, dice) as (manager, run, gate):
        root = manager.store.root
        (root / run).rename(root / "elsewhere")
        before = contents(root / "elsewhere")
        gate.open()
        with contextlib.suppress(UnknownRun, Damaged):
            ended(manager, run)
        now = contents(root / "elsewhere")
        kept = all(str(now[name]).startswith(str(was)[:-1]) for name, was in before.items())
        promise(kept, "what was written stays", sorted(now))
        healthy(manager)


def _second_owner(lockless: bool, folder: Path, dice: random.Random) -> None:
    """Another store wants the run that trains; without its lock it gets it, and it alone."""
    with halfway(folder, dice) as (manager, run, gate):
        other = RunStore(manager.store.root)
        if lockless:
            (other.path(run) / "lock").unlink()
        owned = _owned(other, run)
        promise(owned is lockless, "one owner", owned)
        before = contents(other.path(run))
        gate.open()
        info = ended(manager, run)
        if owned:
            promise(info.status is Status.FAILED, "the first owner says that it lost it", info)
            promise(contents(other.path(run)) == before, "one writer", info)
            other.close(run)
            manager.reopen(run)
            ended(manager, run)
        whole(manager.store, run)
        healthy(manager)


def _owned(store: RunStore, run: RunId) -> bool:
    try:
        store.own(run)
    except StoreError:
        return False
    return True


def _orphan(folder: Path, dice: random.Random) -> None:
    """The lock is removed, and another lab takes the run for an orphan and marks it."""
    with halfway(folder, dice) as (manager, run, gate):
        (manager.store.path(run) / "lock").unlink()
        RunStore(manager.store.root).mark_orphans()
        gate.open()
        info = ended(manager, run)
        promise(info.status is Status.FINISHED, "it goes on", info)
        outcome = manager.store.outcome(run)
        promise(outcome and outcome.status is Status.FINISHED, "its own outcome stands", outcome)
        whole(manager.store, run)
        healthy(manager)


def _deleters(folder: Path, dice: random.Random) -> None:
    """Two labs delete, rename and list the same run at once."""
    with lab(folder) as manager:
        run, other = manager.start(CONFIG), RunStore(manager.store.root)
        ended(manager, run)
        refused: list[BaseException] = []
        acts: list[Callable[[], object]] = [
            lambda: manager.store.delete(run),
            lambda: other.delete(run),
            lambda: other.rename(run, "new"),
            other.runs,
        ]
        dice.shuffle(acts)
        threads = [threading.Thread(target=_try, args=(act, refused)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        strange = [error for error in refused if not isinstance(error, StoreError)]
        promise(not strange, "refusals in words", strange)
        manager.store.close(run)
        other.close(run)
        healthy(manager)


def _try(act: Callable[[], object], refused: list[BaseException]) -> None:
    try:
        act()
    except Exception as error:
        refused.append(error)


def _remove(path: Path) -> None:
    for _ in range(100):  # a run that trains on may write into its folder meanwhile
        if not path.is_dir():
            return path.unlink(missing_ok=True)
        shutil.rmtree(path, ignore_errors=True)
    raise TimeoutError(f"{path} cannot be removed")


NAMES = ("config.json", "metrics.jsonl", "patches.jsonl", *_WHOLE)
FAULTS = (
    Fault("a training run's folder is removed", partial(_gone, "")),
    *(Fault(f"{name} is removed from a training run", partial(_gone, name)) for name in NAMES),
    Fault("a training run's folder is moved", _moved),
    Fault("a second owner of a training run", partial(_second_owner, False)),
    Fault("a second owner, after the lock was removed", partial(_second_owner, True)),
    Fault("a lock removed, and a lab opened", _orphan),
    Fault("two labs delete and rename one run", _deleters),
)
