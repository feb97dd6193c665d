"""Who may train: a few runs at once, the others in order. Knows no thread and no file."""

from __future__ import annotations

import threading

from ganlab.config import ConfigError
from ganlab.runs.control import Control
from ganlab.runs.record import RunId, Status


class Slots:
    """Grants at most `count` runs a slot each, first come first served. Safe for threads.

    Single steps need no slot: a click must not wait for a run of hours to end.
    """

    def __init__(self, count: int) -> None:
        self._lock = threading.RLock()
        self._controls: dict[RunId, Control] = {}
        self._queue: list[RunId] = []
        self._count = 0
        self.resize(count)

    @property
    def count(self) -> int:
        """How many runs may train at once."""
        return self._count

    def resize(self, count: int) -> None:
        """Allows more or fewer runs; fewer take effect as runs end. Raises ConfigError below 1."""
        if count < 1:
            raise ConfigError(f"slots is {count}; allowed: at least 1. Use 1 or 2.")
        with self._lock:
            self._count = count
            self._grant()

    def queue(self) -> list[RunId]:
        """The runs that wait, the next one first."""
        with self._lock:
            return list(self._queue)

    def enter(self, run: RunId, control: Control) -> None:
        """Queues a new run."""
        with self._lock:
            self._controls[run] = control
            self._queue.append(run)
            self._grant()

    def leave(self, run: RunId) -> None:
        """Forgets a run that has ended."""
        with self._lock:
            self._controls.pop(run, None)
            self._give_up(run)

    def pause(self, run: RunId) -> None:
        """Pauses a run; its slot, or its place in the queue, goes to the next."""
        with self._lock:
            self._controls[run].pause()
            self._give_up(run)

    def step(self, run: RunId, count: int) -> None:
        """Pauses a run and asks it for single steps."""
        with self._lock:
            self._controls[run].step(count)
            self._give_up(run)

    def resume(self, run: RunId) -> None:
        """Queues a paused run again."""
        with self._lock:
            control = self._controls[run]
            control.resume()
            if control.status is Status.QUEUED and run not in self._queue:
                self._queue.append(run)
            self._grant()

    def stop(self, run: RunId) -> None:
        """Asks a run to end; it keeps its slot until it has, but no place in the queue."""
        with self._lock:
            self._controls[run].stop()
            self._give_up(run)

    def _give_up(self, run: RunId) -> None:
        if run in self._queue:
            self._queue.remove(run)
        self._grant()

    def _grant(self) -> None:
        training = [c for c in self._controls.values() if c.status is Status.RUNNING]
        for _ in range(self._count - len(training)):
            if self._queue:
                self._controls[self._queue.pop(0)].grant()
