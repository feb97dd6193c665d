"""What is known of a stored run, and how its store can refuse. Knows no file and no thread.

StoreError          the run folder cannot be written, read or owned
├── UnknownRun      no run of that id
└── NotLive         the run does not train in this process, so nothing can be sent to it
"""

from __future__ import annotations

import dataclasses
import enum
from dataclasses import dataclass
from typing import Any, TypeAlias

from ganlab.config import RunConfig

RunId: TypeAlias = str
Row: TypeAlias = dict[str, Any]


class StoreError(RuntimeError):
    """A run that cannot be written, read or owned; the text says what to do."""


class UnknownRun(StoreError):  # noqa: N818 - reads as what it says
    """No run of that id is stored."""


class NotLive(StoreError):  # noqa: N818
    """The run does not train in this process."""


class Status(enum.StrEnum):
    """Where a run stands. Queued, running and paused runs are live, the others have ended."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def live(self) -> bool:
        """Whether the run may still change by itself or by an intent of its user."""
        return self in (Status.QUEUED, Status.RUNNING, Status.PAUSED)


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    status: Status
    step: int  # generator updates done
    seconds: float  # of training
    error: str = ""  # one line, for a failed run
    traceback: str = ""
    finished: float = 0.0  # unix time


@dataclass(frozen=True)
class RunInfo:
    """One run as a list of runs shows it."""

    id: RunId
    name: str
    status: Status
    config: RunConfig  # with the accepted patches applied
    created: float  # unix time
    parent: RunId | None = None
    step: int = 0  # generator updates, as last written
    seconds: float = 0.0  # of training, as last written
    error: str = ""
    traceback: str = ""

    def ended_with(self, outcome: Outcome) -> RunInfo:
        """The run after it has ended like that."""
        return dataclasses.replace(
            self,
            status=outcome.status,
            step=outcome.step,
            seconds=outcome.seconds,
            error=outcome.error,
            traceback=outcome.traceback,
        )


@dataclass(frozen=True)
class StoredSample:
    """Generated samples of one step as they lie on disk."""

    step: int  # -1: the real data that is drawn beside them
    png: bytes | None  # an image grid at native resolution
    details: Row  # points, surface and histogram, as far as they were given
