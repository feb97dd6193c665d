"""Starts runs on threads, few at a time; has never heard of torch, files or metrics."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable
from functools import partial

from ganlab.config import ConfigError, Patch, RunConfig, Set
from ganlab.runs.control import Control, Request
from ganlab.runs.crew import Crew, Worker
from ganlab.runs.record import BadFolder, NotLive, RunId, RunInfo, Status, StoreError
from ganlab.runs.recorder import Panel, Recorder
from ganlab.runs.session import Factory, Job, Session
from ganlab.runs.slots import Slots
from ganlab.runs.store import RunStore


class RunManager:
    """All runs of this process and, through the store, all runs on disk.

    At most `slots` runs train at once; further ones wait in the order of their start. A paused
    run frees its slot after `hold` seconds, and waits for one again when it is resumed later.
    With `waits` a run whose disk is full is paused until its user resumes it; else it fails.
    """

    settle = 0.1  # seconds; torch's own threads need a moment after ours, or the process aborts

    def __init__(
        self,
        store: RunStore,
        factory: Factory,
        panel_factory: Callable[[], Panel],
        slots: int = 1,
        *,
        waits: bool = True,
    ) -> None:
        self.store = store
        self._waits = waits
        self._factory = factory
        self._panel_factory = panel_factory
        self._slots = Slots(slots)
        self._crew = Crew(store, self._slots)

    # --- starting ------------------------------------------------------------------------------

    def start(self, config: RunConfig, name: str = "", parent: RunId | None = None) -> RunId:
        """Starts a run, or queues it. Raises StoreError when its folder cannot be written."""
        self._crew.check_open()
        run = self.store.create(config, name, parent)
        self._launch(self.store.info(run), resumes=False)
        return run

    def reopen(self, run: RunId, steps: int | None = None) -> None:
        """Lets an ended run go on from its latest checkpoint, up to `steps` in all.

        Raises StoreError when the run is live, ConfigError when no step is left to train.
        """
        self._crew.check_open()
        info = self.store.info(run)
        config = info.config if steps is None else info.config.patched({"steps": Set(steps)})
        # Killed between its last row and its outcome, it has its end still to write.
        least = info.step + (info.status is not Status.INTERRUPTED)
        if config.steps < least:
            raise ConfigError(
                f"steps is {config.steps}, and run {run} has done {info.step}; allowed: more than "
                "that. Reopen it with a larger number of steps."
            )
        self.store.own(run)
        self._launch(dataclasses.replace(info, settings=config), resumes=True)

    def reset(self, run: RunId) -> RunId:
        """Stops the run and starts its original config anew; returns the new run."""
        info, config = self.store.info(run), self.store.original(run)
        self.stop(run)
        return self.start(config, info.name, parent=run)

    # --- intents -------------------------------------------------------------------------------

    def pause(self, run: RunId) -> None:
        """Holds the run after the steps in flight; its slot is kept for it for a while."""
        self._intend(run, self._slots.pause)

    def resume(self, run: RunId) -> None:
        """Lets a paused run go on: in the slot it has kept, or as soon as one is free."""
        self._intend(run, self._slots.resume)

    def step(self, run: RunId, count: int = 1) -> None:
        """Pauses the run and trains `count` single updates, which need no slot."""
        self._intend(run, lambda run: self._slots.step(run, count))

    def stop(self, run: RunId) -> None:
        """Ends the run after the steps in flight, with a checkpoint; no effect on an ended one."""
        if self._crew.find(run):
            with contextlib.suppress(NotLive):
                self._intend(run, self._slots.stop)
        else:
            self.store.path(run)

    def patch(self, run: RunId, patch: Patch, origin: str = "user", rest: float = 0.0) -> None:
        """Changes hot settings from the next step on; `origin`: "user" or "remedy: NAME".

        With `rest` it waits so many seconds for a newer one of the same settings, and counts once.
        Raises ConfigError when a setting is not hot or the result impossible, NotLive when the
        run does not train here; then nothing changes.
        """
        self._crew.worker(run).control.send(patch, origin, rest)

    def pending(self, run: RunId) -> tuple[Request, ...]:
        """The patches that the run has accepted and not yet applied, oldest first."""
        worker = self._crew.find(run)
        return worker.control.pending() if worker else ()

    def come_to_rest(self, run: RunId, rest: float) -> None:
        """Applies the patch that still waits for a newer one `rest` seconds from now."""
        if worker := self._crew.find(run):
            worker.control.come_to_rest(rest)

    # --- looking -------------------------------------------------------------------------------

    @property
    def slots(self) -> int:
        """How many runs train at once. Raising it starts queued runs; ConfigError below 1."""
        return self._slots.count

    @slots.setter
    def slots(self, count: int) -> None:
        self._slots.resize(count)

    def queue(self) -> list[RunId]:
        """The runs that wait for a slot, the next one first."""
        return self._slots.queue()

    def holders(self) -> list[RunId]:
        """The runs that the queue waits for: they train, or were paused a moment ago."""
        return self._slots.holders()

    @property
    def hold(self) -> float:
        """Seconds for which a paused run keeps its slot."""
        return self._slots.hold

    @hold.setter
    def hold(self, seconds: float) -> None:
        self._slots.hold = seconds

    def info(self, run: RunId) -> RunInfo:
        """The run as it is now. Raises UnknownRun."""
        return self._crew.now(self.store.info(run))

    def runs(self) -> list[RunInfo]:
        """All runs, live and stored, newest first."""
        return self.survey()[0]

    def survey(self) -> tuple[list[RunInfo], list[BadFolder]]:
        """All runs, newest first, and the run folders that cannot be read."""
        runs, bad = self.store.survey()
        return [self._crew.now(info) for info in runs], bad

    def wait(self, run: RunId, timeout: float | None = None) -> RunInfo:
        """The run once it has ended, or as it is after `timeout` seconds."""
        worker = self._crew.find(run)
        if worker is not None:
            worker.ended.wait(timeout)
        return self.info(run)

    def shutdown(self, timeout: float = 30.0) -> None:
        """Stops all runs and waits (seconds) until their threads have ended; safe to call twice."""
        live, threads = self._crew.close()
        self._slots.close()
        for run in live:
            with contextlib.suppress(StoreError):  # it has ended meanwhile, and was deleted
                self.stop(run)
        deadline = time.monotonic() + timeout
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if threads:
            time.sleep(self.settle)

    # --- inside --------------------------------------------------------------------------------

    def _launch(self, info: RunInfo, *, resumes: bool) -> None:
        control = Control(info.config)
        recorder = Recorder(self.store, info.id, self._panel_factory())
        session = Session(Job(info, control, self._factory, resumes), self.store, recorder)
        wait_out = partial(self._wait_out, info.id, control) if self._waits else None
        self._crew.begin(info.id, Worker(session, control), wait_out)

    def _wait_out(self, run: RunId, control: Control, trouble: str) -> bool:
        """Pauses a run that cannot be written; whether its user lets it try again."""
        self._slots.pause(run)
        return control.wait_out(trouble)

    def _intend(self, run: RunId, act: Callable[[RunId], None]) -> None:
        self._crew.worker(run)
        try:
            act(run)
        except KeyError:  # it ended between the two
            self._crew.worker(run)
