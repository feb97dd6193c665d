"""Processes killed in the middle of a call of the store, and at any moment of a real training."""

from __future__ import annotations

import json
import mmap
import multiprocessing
import os
import random
import signal
import struct
import tempfile
import time
from collections.abc import Callable
from functools import cache, partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from ganlab.bench.faults.calls import Call, intercepted
from ganlab.bench.faults.fault import Fault, promise
from ganlab.bench.faults.world import (
    CONFIG,
    PATIENCE,
    STEPS,
    Counting,
    ended,
    healthy,
    lab,
    steps_of,
    tidy,
    whole,
)
from ganlab.config import RunConfig, Set
from ganlab.runs import RunStore, Status

CALLS = {"open": 30, "write": 45, "fsync": 6, "replace": 20, "unlink": 6, "mkdir": 12, "close": 30}
_REAL = RunConfig(
    data="ring8", latent_dim=2, hidden_g=(16,), hidden_d=(16,), batch_size=32, steps=60,
    probe_every=7, sample_every=20, checkpoint_every=15, device="cpu", repeatable=True,
)  # fmt: skip


_LONG = 240.0  # seconds; for a process that may have to load torch on a busy machine


class Counter:
    """A number that a killed process leaves behind."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 8)

    def add(self) -> None:
        """One more."""
        self._memory[:8] = struct.pack("q", self.value + 1)

    @property
    def value(self) -> int:
        """How many so far."""
        return int(struct.unpack("q", self._memory[:8])[0])


def _killed_in(call: str, folder: Path, dice: random.Random) -> None:
    """The process dies before, within or after its n-th call of that kind; the run goes on."""
    at, moment = dice.randint(1, CALLS[call]), dice.choice(["before", "within", "after"])
    made = Counter()
    child = os.fork()
    if not child:
        _train_and_die(folder, call, at, moment, made)
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status)
    promise(killed or os.WEXITSTATUS(status) == 0, "the child trains", status)
    _pick_up(folder, made.value)


def _train_and_die(folder: Path, call: str, at: int, moment: str, made: Counter) -> None:
    """In the child: never returns."""
    seen = 0

    def deadly(name: str, real: Call, given: tuple[Any, ...]) -> Any:
        nonlocal seen
        seen += name == call
        if name != call or seen != at:
            return real(*given)
        if moment == "within" and name == "write":
            real(given[0], given[1][: len(given[1]) // 2])
        elif moment == "after":
            real(*given)
        return os.kill(os.getpid(), signal.SIGKILL)

    try:
        factory = partial(Counting, made=made.add)
        with intercepted(deadly), lab(folder, factory=factory) as manager:
            manager.wait(manager.start(CONFIG), PATIENCE)
        os._exit(0)
    finally:
        os._exit(1)


def _pick_up(folder: Path, made: int) -> None:
    """Opens the lab after a kill: no row but the last is lost, and the run ends as if unhurt."""
    with lab(folder) as manager:
        manager.store.mark_orphans()
        runs = manager.store.runs()
        promise(len(runs) <= 1, "one run", runs)
        for info in runs:
            steps = steps_of(manager.store, info.id)
            promise(steps == STEPS[: len(steps)], "rows without a gap", steps)
            promise(len(steps) >= made - 1, "at most one row is lost", (made, steps))
            promise(not info.status.live, "no run without an owner is live", info.status)
            if info.status is not Status.FINISHED:
                if info.step < CONFIG.steps:
                    manager.reopen(info.id)
                else:
                    manager.reopen(info.id, steps=CONFIG.steps + 1)
                promise(ended(manager, info.id).status is Status.FINISHED, "it goes on", info)
            if info.step < CONFIG.steps or info.status is Status.FINISHED:
                whole(manager.store, info.id)
            tidy(manager.store.path(info.id))
        healthy(manager)


def _killed_training(every: int, folder: Path, dice: random.Random) -> None:
    """A real training is killed at some moment; one row is lost at most, and none is another."""
    config = _REAL.patched({"observe_every": Set(every)})
    made, told = folder / "made", folder / "told"
    for _ in range(dice.randint(2, 5)):
        made.write_bytes(b"")
        process = _run(_train, folder / "runs", dict(config), str(made), str(told))
        _wait_for_rows(process, made, dice.randint(1, 1 + 50 // every))
        time.sleep(dice.random() * 0.02)
        process.kill()
        process.join(_LONG)
        _look(folder / "runs", len(made.read_bytes()))
    process = _run(_train, folder / "runs", dict(config), str(made), str(told))
    process.join(_LONG)
    promise(process.exitcode == 0, "the run goes on to its end", _text(told))
    for name, left in _left(folder / "runs").items():
        right = _undisturbed(config)[name]
        promise(left == right, f"{name} of an undisturbed run, to the bit", (left, right))


@cache
def _undisturbed(config: RunConfig) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        made, told = str(root / "made"), str(root / "told")
        process = _run(_train, root / "runs", dict(config), made, told)
        process.join(_LONG)
        promise(process.exitcode == 0, "an undisturbed run ends", _text(root / "told"))
        return _left(root / "runs")


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else "no word"


def _look(root: Path, made: int) -> None:
    """No row that was made is missing, but one."""
    store = RunStore(root)
    for run in (info.id for info in store.runs()):
        resumed = store.read(run, "resumes")[0]
        steps = steps_of(store, run)
        earlier = sum(step <= resumed[-1]["step"] for step in steps) if resumed else 0
        rows = len(steps) - earlier
        promise(rows >= made - 1, "at most one row is lost", (made, rows, earlier))


def _left(root: Path) -> dict[str, object]:
    """What a run leaves, without its clock."""
    store = RunStore(root)
    (run,) = (info.id for info in store.runs())
    found: dict[str, object] = {
        path.name: path.read_bytes() for path in store.path(run).glob("samples/*")
    }
    found["the weights"] = _weights(store.generator_file(run).read_bytes())
    facts: dict[str, object] = {}
    for log in ("metrics", "findings"):
        rows = store.read(run, log)[0]
        for row in rows:
            facts |= row.pop("facts", {})  # sent again when a run goes on
        found[log] = repr([{**row, "seconds": 0} for row in rows])
    return found | {"the facts": facts}


def _weights(file: bytes) -> tuple[object, bytes]:
    """Head and body of a safetensors file; the order within the head is any."""
    end = 8 + int.from_bytes(file[:8], "little")
    return json.loads(file[8:end]), file[end:]


def _wait_for_rows(process: BaseProcess, made: Path, count: int) -> None:
    end = time.monotonic() + _LONG
    while process.is_alive() and len(made.read_bytes()) < count and time.monotonic() < end:
        time.sleep(0.0005)


def _run(act: Callable[..., None], *given: Any) -> BaseProcess:
    """A process from a server that has loaded torch, and has never trained."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["ganlab.bench.faults.kills", "ganlab.engine.trainer"])
    process = context.Process(target=act, args=given)
    process.start()
    return process


def _train(root: Path, settings: dict[str, Any], made: str, told: str) -> None:
    """In a process of its own: starts the run, or goes on with it. Notes each row it makes."""
    from ganlab.engine.trainer import Trainer
    from ganlab.lab import open_lab

    notes = os.open(made, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    look_around = Trainer._look_around

    def noted(self: Trainer, row: Any) -> Any:
        pending = look_around(self, row)
        os.write(notes, b".")
        return pending

    Trainer._look_around = noted  # type: ignore[method-assign]
    config = RunConfig.of(settings)
    manager = open_lab(root, live=False)
    runs = manager.runs()
    run = runs[0].id if runs else manager.start(config)
    if runs and runs[0].status is not Status.FINISHED:
        manager.reopen(run)
    info = manager.wait(run)
    Path(told).write_text(f"{info.status} {info.error}")
    manager.shutdown()
    os._exit(0 if info.status is Status.FINISHED else 1)


FAULTS = (
    *(Fault(f"a kill at some {call}", partial(_killed_in, call), cost=0.1) for call in CALLS),
    *(
        Fault(f"kills of a real training, a row every {every} steps",
              partial(_killed_training, every), cost=4.0)
        for every in (1, 10)
    ),
)  # fmt: skip
if not hasattr(os, "fork"):  # Windows has no such kill
    FAULTS = ()
