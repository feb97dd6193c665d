"""One run's mailbox: intents go down, the worker takes its turns. Knows no thread and no file."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ganlab.config import ConfigError, Patch, RunConfig, Set, find_knob
from ganlab.runs.record import NotLive, Status


@dataclass(frozen=True)
class Request:
    """A patch on its way to the training, and who wants it: "user" or "remedy: NAME"."""

    patch: Patch
    origin: str
    # On the control's clock; until then a newer one may take its place.
    due: float = field(default=0.0, compare=False)

    def follows(self, other: Request) -> bool:
        """Whether it only says anew what the other has said: the same settings, by the same act."""
        absolute = all(isinstance(change, Set) for change in self.patch.values())
        return absolute and (self.origin, [*self.patch]) == (other.origin, [*other.patch])


@dataclass(frozen=True)
class Turn:
    """What the worker does next: apply the requests, then stop, go on freely or do one step."""

    requests: tuple[Request, ...] = ()
    stop: bool = False
    single: bool = False
    free: bool = False


class StopWanted(Exception):  # noqa: N818 - no error: it carries an intent out of long work
    """The run was asked to stop while its training was being built."""


class Control:
    """Intents on one side, turns on the other; all methods may be called from any thread.

    A run starts queued; whoever hands out slots calls `grant`. Pausing gives the slot up,
    resuming queues again; single steps need no slot.
    """

    def __init__(self, config: RunConfig, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._status = Status.QUEUED
        self._config = config  # as the training has it
        self._requests: list[Request] = []
        self._singles = 0
        self._stopped = False
        self._closed = False
        self._trouble = ""

    # For the owner of the run.

    @property
    def status(self) -> Status:
        """Queued, running or paused; a run asked to stop keeps it until it has ended."""
        return self._status

    @property
    def trouble(self) -> str:
        """Why the worker waits in the middle of its work; "" while it does not."""
        return self._trouble

    def config(self) -> RunConfig:
        """The config with all accepted patches, those not yet applied included."""
        with self._changed:
            return self._agreed()

    def pending(self) -> tuple[Request, ...]:
        """The requests that the training has not applied yet, oldest first."""
        with self._changed:
            return tuple(self._requests)

    def grant(self) -> None:
        """Gives a queued run its slot."""
        with self._changed:
            if self._status is Status.QUEUED:
                self._set(Status.RUNNING)

    def pause(self) -> None:
        """Holds the run after the steps in flight; those asked for one by one are forgotten."""
        with self._changed:
            self._singles = 0
            self._set(Status.PAUSED)

    def resume(self) -> None:
        """Queues a paused run for a slot."""
        with self._changed:
            if self._status is Status.PAUSED:
                self._singles = 0
                self._set(Status.QUEUED)

    def step(self, count: int = 1) -> None:
        """Pauses, then trains `count` generator updates, each of them observed."""
        if count < 1:
            raise ValueError(f"step count is {count}; allowed: at least 1. Ask for 1 or more.")
        with self._changed:
            self._singles += count
            self._set(Status.PAUSED)

    def stop(self) -> None:
        """Ends the run after the steps in flight, also a paused or a queued one."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def send(self, patch: Patch, origin: str = "user", rest: float = 0.0) -> None:
        """Asks for a patch from the next step on, or `rest` seconds after its last change.

        Within that time a patch that sets the same settings takes its place: a slider on its way
        is one change. Raises ConfigError when it is not hot or leads to an impossible config, and
        NotLive when the run has ended; then nothing changes.
        """
        cold = [name for name in patch if not find_knob(name).hot]
        if cold:
            raise ConfigError(
                f"{', '.join(cold)} cannot change while a run trains; allowed: settings marked as "
                "live. Start a new run with the change."
            )
        with self._changed:
            if self._closed or self._stopped:
                raise NotLive(
                    "The run has ended; patches are allowed while it is queued, running or "
                    "paused. Reopen it, or start a new run with the change."
                )
            self._agreed().patched(patch)
            self._take(Request(patch, origin, self._clock() + rest if rest else 0.0))
            self._changed.notify_all()

    def come_to_rest(self, rest: float) -> None:
        """Lets the patch that may still be replaced, if there is one, wait `rest` seconds more."""
        with self._changed:
            last = self._requests[-1] if self._requests else None
            if last and last.due > self._clock():
                self._requests[-1] = replace(last, due=self._clock() + rest)
                self._changed.notify_all()

    # For the worker.

    def begin(self) -> bool:
        """Waits until the run may start; False when it was stopped before."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._may_train())
            return not self._stopped

    def pulse(self) -> None:
        """For long work before the first turn. Raises StopWanted once the run is to stop."""
        if self._stopped:
            raise StopWanted

    def turn(self, timeout: float | None = None) -> Turn:
        """Waits for something to do, at most `timeout` seconds; requests stay until `applied`.

        May return with nothing to do, when anything has happened.
        """
        with self._changed:
            if not (self._stopped or self._due() or self._may_train()):
                self._changed.wait(self._patience(timeout))
            free = self._status is Status.RUNNING
            single = not free and self._singles > 0 and not self._stopped
            self._singles -= single
            return Turn(self._due(), self._stopped, single, free)

    def wait_out(self, trouble: str) -> bool:
        """Waits, paused, until the run is resumed or stepped; False when it is stopped instead."""
        with self._changed:
            self._trouble = trouble
            self._changed.wait_for(lambda: self._stopped or self._may_train())
            self._trouble = ""
            return not self._stopped

    def applied(self, request: Request, config: RunConfig) -> None:
        """The training has taken (or refused) the request; `config` is what it has now."""
        with self._changed:
            self._requests.remove(request)
            self._config = config

    def adopt(self, config: RunConfig) -> None:
        """The config that the training was built or resumed with."""
        with self._changed:
            self._config = config

    def close(self) -> bool:
        """Closes the mailbox unless a request waits in it; whether it is closed now."""
        with self._changed:
            self._hurry()
            self._closed = self._stopped or not self._requests
            return self._closed

    def _may_train(self) -> bool:
        return self._status is Status.RUNNING or self._singles > 0

    def _take(self, request: Request) -> None:
        """Queues it; in the place of the last one where that is still moving and says the same."""
        last = self._requests[-1] if self._requests else None
        if last and last.due > self._clock() and request.follows(last):
            self._requests.pop()
            before = self._agreed()
            if before.patched(request.patch) == before:  # moved forth and back
                return
        self._hurry()  # what came before it is done with
        self._requests.append(request)

    def _hurry(self) -> None:
        self._requests = [replace(request, due=0.0) for request in self._requests]

    def _due(self) -> tuple[Request, ...]:
        now = self._clock()
        return tuple(item for item in self._requests if item.due <= now or self._stopped)

    def _patience(self, timeout: float | None) -> float | None:
        """Seconds until the moving request, if there is one, has come to rest."""
        if not self._requests or not (left := max(0.0, self._requests[-1].due - self._clock())):
            return timeout
        return left if timeout is None else min(left, timeout)

    def _set(self, status: Status) -> None:
        self._status = status
        self._changed.notify_all()

    def _agreed(self) -> RunConfig:
        config = self._config
        for request in self._requests:
            with contextlib.suppress(ConfigError):  # an earlier one was refused: so will this be
                config = config.patched(request.patch)
        return config
