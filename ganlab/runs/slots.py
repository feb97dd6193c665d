"""Who may train: a few runs at once, the others in order. Knows no run's thread and no file."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Protocol

from ganlab.config import ConfigError
from ganlab.runs.control import Control
from ganlab.runs.record import RunId, Status


class Alarm(Protocol):
    """Something that happens later."""

    def cancel(self) -> None:
        """Lets it not happen."""


def after(seconds: float, act: Callable[[], None]) -> Alarm:
    """Does it then, on a thread of its own that keeps no process alive."""
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()
    return timer


class Slots:
    """Grants at most `count` runs a slot each, first come first served. Safe for threads.

    A run that is paused keeps its slot for `hold` seconds: whoever looks at something for a moment
    does not lose it to the next in the queue. Single steps need no slot: a click must not wait for
    a run of hours to end.
    """

    def __init__(
        self,
        count: int,
        hold: float = 60.0,  # seconds
        after: Callable[[float, Callable[[], None]], Alarm] = after,
    ) -> None:
        self.hold = hold
        self._after = after
        self._held: dict[RunId, Alarm] = {}  # slots of paused runs
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

    def holders(self) -> list[RunId]:
        """The runs that have a slot, those that have been paused for less than `hold` included."""
        with self._lock:
            training = [run for run, c in self._controls.items() if c.status is Status.RUNNING]
            return [*training, *self._held]

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
        """Pauses a run; a place in the queue goes to the next at once, a slot after `hold`."""
        with self._lock:
            had = self._has_slot(run)
            self._controls[run].pause()
            self._give_up(run, had)

    def step(self, run: RunId, count: int) -> None:
        """Pauses a run and asks it for single steps."""
        with self._lock:
            had = self._has_slot(run)
            self._controls[run].step(count)
            self._give_up(run, had)

    def resume(self, run: RunId) -> None:
        """Lets a paused run go on: at once in the slot it has kept, else from the queue's end."""
        with self._lock:
            control = self._controls[run]
            control.resume()
            if self._let_go(run):
                control.grant()
            elif control.status is Status.QUEUED and run not in self._queue:
                self._queue.append(run)
            self._grant()

    def stop(self, run: RunId) -> None:
        """Asks a run to end; it keeps its slot until it has, but no place in the queue."""
        with self._lock:
            self._controls[run].stop()
            self._give_up(run)

    def close(self) -> None:
        """Waits for nothing any more."""
        with self._lock:
            for run in list(self._held):
                self._let_go(run)

    def _has_slot(self, run: RunId) -> bool:
        return self._controls[run].status is Status.RUNNING or run in self._held

    def _give_up(self, run: RunId, keeps_slot: bool = False) -> None:
        if run in self._queue:
            self._queue.remove(run)
        self._let_go(run)
        if keeps_slot and self.hold:
            self._held[run] = self._after(self.hold, partial(self._expire, run))
        self._grant()

    def _let_go(self, run: RunId) -> bool:
        """Ends the hold; whether there was one."""
        alarm = self._held.pop(run, None)
        if alarm is not None:
            alarm.cancel()
        return alarm is not None

    def _expire(self, run: RunId) -> None:
        with self._lock:
            self._let_go(run)
            self._grant()

    def _grant(self) -> None:
        for _ in range(self._count - len(self.holders())):
            if self._queue:
                self._controls[self._queue.pop(0)].grant()
