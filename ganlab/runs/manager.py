"""Starts runs on threads, few at a time; has never heard of torch, files or metrics."""

from __future__ import annotations

import dataclasses
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from ganlab.config import ConfigError, Patch, RunConfig, Set
from ganlab.runs.control import Control
from ganlab.runs.recorder import Panel, Recorder
from ganlab.runs.record import NotLive, Outcome, RunId, RunInfo, Status, StoreError
from ganlab.runs.session import Factory, Job, Session
from ganlab.runs.store import RunStore


@dataclass(frozen=True)
class _Worker:
    """A live run."""

    session: Session
    control: Control
    thread: threading.Thread
    ended: threading.Event = field(default_factory=threading.Event)


class RunManager:
    """All runs of this process and, through the store, all runs on disk.

    At most `slots` runs train at once; further ones wait in the order of their start. A paused
    run frees its slot, and waits for one again when it is resumed.
    """

    settle = 0.1  # seconds; torch's own threads need a moment after ours, or the process aborts

    def __init__(
        self,
        store: RunStore,
        factory: Factory,
        panel_factory: Callable[[], Panel],
        slots: int = 1,
    ) -> None:
        self.store = store
        self._factory = factory
        self._panel_factory = panel_factory
        self._lock = threading.RLock()
        self._live: dict[RunId, _Worker] = {}
        self._queue: list[RunId] = []
        self._unwritten: dict[RunId, Outcome] = {}
        self._open = True
        self.slots = slots

    # --- starting ------------------------------------------------------------------------------

    def start(self, config: RunConfig, name: str = "", parent: RunId | None = None) -> RunId:
        """Starts a run, or queues it. Raises StoreError when its folder cannot be written."""
        self._check_open()
        run = self.store.create(config, name, parent)
        self._launch(self.store.info(run), resumes=False)
        return run

    def reopen(self, run: RunId, steps: int | None = None) -> None:
        """Lets an ended run go on from its latest checkpoint, up to `steps` in all.

        Raises StoreError when the run is live, ConfigError when no step is left to train.
        """
        self._check_open()
        info = self.store.info(run)
        config = info.config if steps is None else info.config.patched({"steps": Set(steps)})
        if config.steps <= info.step:
            raise ConfigError(
                f"steps is {config.steps}, and run {run} has done {info.step}; allowed: more than "
                "that. Reopen it with a larger number of steps."
            )
        self.store.own(run)
        self._launch(dataclasses.replace(info, config=config), resumes=True)

    def reset(self, run: RunId) -> RunId:
        """Stops the run and starts its original config anew; returns the new run."""
        info, config = self.store.info(run), self.store.original(run)
        self.stop(run)
        return self.start(config, info.name, parent=run)

    # --- intents -------------------------------------------------------------------------------

    def pause(self, run: RunId) -> None:
        """Holds the run after the steps in flight; its slot goes to the next in the queue."""
        with self._lock:
            self._control(run).pause()
            self._leave_queue(run)

    def resume(self, run: RunId) -> None:
        """Lets a paused run go on as soon as a slot is free."""
        with self._lock:
            control = self._control(run)
            control.resume()
            if control.status is Status.QUEUED and run not in self._queue:
                self._queue.append(run)
            self._schedule()

    def step(self, run: RunId, count: int = 1) -> None:
        """Pauses the run and trains `count` single updates, which need no slot."""
        with self._lock:
            self._control(run).step(count)
            self._leave_queue(run)

    def stop(self, run: RunId) -> None:
        """Ends the run after the steps in flight, with a checkpoint; no effect on an ended one."""
        with self._lock:
            if run in self._live:
                self._live[run].control.stop()
                self._leave_queue(run)
                return
        self.store.path(run)

    def patch(self, run: RunId, patch: Patch, origin: str = "user") -> None:
        """Changes hot settings from the next step on; `origin`: "user" or "remedy: NAME".

        Raises ConfigError when a setting is not hot or the result impossible, NotLive when the
        run does not train here; then nothing changes.
        """
        self._control(run).send(patch, origin)

    # --- looking -------------------------------------------------------------------------------

    @property
    def slots(self) -> int:
        """How many runs train at once; raising it starts queued runs."""
        return self._slots

    @slots.setter
    def slots(self, count: int) -> None:
        if count < 1:
            raise ConfigError(f"slots is {count}; allowed: at least 1. Use 1 or 2.")
        with self._lock:
            self._slots = count
            self._schedule()

    def queue(self) -> list[RunId]:
        """The runs that wait for a slot, the next one first."""
        with self._lock:
            return list(self._queue)

    def info(self, run: RunId) -> RunInfo:
        """The run as it is now. Raises UnknownRun."""
        return self._with_live_status(self.store.info(run))

    def runs(self) -> list[RunInfo]:
        """All runs, live and stored, newest first."""
        return [self._with_live_status(info) for info in self.store.runs()]

    def wait(self, run: RunId, timeout: float | None = None) -> RunInfo:
        """The run once it has ended, or as it is after `timeout` seconds."""
        with self._lock:
            worker = self._live.get(run)
        if worker is not None:
            worker.ended.wait(timeout)
        return self.info(run)

    def shutdown(self, timeout: float = 30.0) -> None:
        """Stops all runs and waits (seconds) until their threads have ended; safe to call twice."""
        with self._lock:
            self._open = False
            workers = list(self._live.values())
            for run in list(self._live):
                self.stop(run)
        deadline = time.monotonic() + timeout
        for worker in workers:
            worker.thread.join(max(0.0, deadline - time.monotonic()))
        if workers:
            time.sleep(self.settle)

    # --- threads -------------------------------------------------------------------------------

    def _launch(self, info: RunInfo, *, resumes: bool) -> None:
        control = Control(info.config)
        recorder = Recorder(self.store, info.id, self._panel_factory())
        session = Session(Job(info, control, self._factory, resumes), self.store, recorder)
        thread = threading.Thread(
            target=self._work, args=(info.id,), name=f"ganlab-{info.id}", daemon=True
        )
        with self._lock:
            if not self._open:
                self.store.close(info.id)
                self._check_open()
            self._live[info.id] = _Worker(session, control, thread)
            self._queue.append(info.id)
            self._schedule()
            thread.start()

    def _work(self, run: RunId) -> None:
        worker = self._live[run]
        try:
            outcome = worker.session.train()
        except Exception as error:  # the thread's edge: whatever it is, it is this run's failure
            outcome = dataclasses.replace(
                worker.session.outcome(Status.FAILED),
                error=f"{type(error).__name__}: {error}",
                traceback=traceback.format_exc(),
            )
        self._end(run, outcome)
        worker.ended.set()

    def _end(self, run: RunId, outcome: Outcome) -> None:
        try:
            self.store.finish(run, outcome)
        except (OSError, StoreError):  # a full or vanished disk: at least say it while we live
            self._unwritten[run] = outcome
        with self._lock:
            del self._live[run]
            self._leave_queue(run)

    def _schedule(self) -> None:
        """Gives free slots to the queue, first come first served."""
        running = [w for w in self._live.values() if w.control.status is Status.RUNNING]
        for _ in range(self._slots - len(running)):
            if self._queue:
                self._live[self._queue.pop(0)].control.grant()

    def _leave_queue(self, run: RunId) -> None:
        if run in self._queue:
            self._queue.remove(run)
        self._schedule()

    def _control(self, run: RunId) -> Control:
        worker = self._live.get(run)
        if worker is None:
            status = self.store.info(run).status
            raise NotLive(
                f"Run {run} is {status} and does not train in this process; allowed: runs that "
                "are queued, running or paused here. Reopen it to go on."
            )
        return worker.control

    def _with_live_status(self, info: RunInfo) -> RunInfo:
        worker, unwritten = self._live.get(info.id), self._unwritten.get(info.id)
        if worker is not None:
            return dataclasses.replace(
                info, status=worker.control.status, config=worker.control.config()
            )
        if unwritten is None:
            return info
        return dataclasses.replace(
            info,
            status=unwritten.status,
            error=unwritten.error,
            traceback=unwritten.traceback,
        )

    def _check_open(self) -> None:
        if not self._open:
            raise StoreError("The lab has been shut down; start it again to train.")
