"""The threads of live runs, one each; has never heard of a queue of intents or of torch."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from ganlab.memory import give_back
from ganlab.runs.control import Control
from ganlab.runs.ending import trained
from ganlab.runs.record import NotLive, Outcome, RunId, RunInfo, StoreError, UnknownRun
from ganlab.runs.session import Session
from ganlab.runs.slots import Slots
from ganlab.runs.store import RunStore


@dataclass(frozen=True)
class Worker:
    """A live run."""

    session: Session
    control: Control
    ended: threading.Event = field(default_factory=threading.Event)


class Crew:
    """The live runs of this process, and the ends of those that could not write theirs."""

    def __init__(self, store: RunStore, slots: Slots) -> None:
        self._store, self._slots = store, slots
        self._lock = threading.Lock()
        self._live: dict[RunId, Worker] = {}
        self._threads: list[threading.Thread] = []
        self._open = True
        self._unwritten: dict[RunId, Outcome] = {}

    def check_open(self) -> None:
        """Raises StoreError once `close` has been called."""
        if not self._open:
            raise StoreError("The lab has been shut down; start it again to train.")

    def begin(self, run: RunId, worker: Worker, wait_out: Callable[[str], bool] | None) -> None:
        """Enters the run for a slot, on a thread of its own; its folder is closed on an error.

        `wait_out` is asked whether to try again where the disk is full. Raises StoreError.
        """
        thread = threading.Thread(target=self._work, args=(run,), name=f"ganlab-{run}", daemon=True)
        with self._lock:
            if not self._open or run in self._live:
                self._store.close(run)
                raise StoreError(f"Run {run} is just ending, or the lab is; try again.")
            if wait_out is not None:
                self._store.wait_for_room(run, wait_out)
            self._unwritten.pop(run, None)
            self._live[run] = worker
            self._threads = [one for one in self._threads if one.is_alive()]
            self._slots.enter(run, worker.control)
            try:
                thread.start()
            except RuntimeError as error:  # the system gives no more threads
                del self._live[run]
                self._slots.leave(run)
                self._store.close(run)
                raise StoreError(
                    f"Run {run} cannot train: no thread can be had ({error}); allowed: as many "
                    "as the system gives. Close other programs, then start the run again."
                ) from error
            self._threads.append(thread)

    def _work(self, run: RunId) -> None:
        worker = self._live[run]
        try:
            self._end(run, trained(worker.session, self._store, run))
        finally:  # whatever broke: nobody waits for it for ever, and no other run
            with self._lock:
                del self._live[run]
            self._slots.leave(run)
            worker.ended.set()
        give_back()

    def _end(self, run: RunId, outcome: Outcome) -> None:
        try:
            self._store.finish(run, outcome)
        except UnknownRun:  # deleted while it trained: there is nobody to tell
            return
        except Exception:  # a full or vanished disk: at least say it while we live
            self._unwritten[run] = outcome

    def find(self, run: RunId) -> Worker | None:
        """The run where it is live."""
        return self._live.get(run)

    def worker(self, run: RunId) -> Worker:
        """The live run. Raises NotLive, and UnknownRun."""
        worker = self._live.get(run)
        if worker is None:
            raise NotLive(
                f"Run {run} is {self._store.info(run).status} and does not train here; allowed: "
                "runs that are queued, running or paused in this process. Reopen it to go on."
            )
        return worker

    def now(self, info: RunInfo) -> RunInfo:
        """What is stored of a run, with what is known of it here."""
        worker, unwritten = self._live.get(info.id), self._unwritten.get(info.id)
        if worker is not None:
            control = worker.control
            return dataclasses.replace(
                info, status=control.status, settings=control.config(), trouble=control.trouble
            )
        return info if unwritten is None else info.ended_with(unwritten)

    def close(self) -> tuple[list[RunId], list[threading.Thread]]:
        """Lets nobody in any more; the runs that are live still, and all threads, once."""
        with self._lock:
            self._open = False
            threads, self._threads = self._threads, []
            return list(self._live), threads
