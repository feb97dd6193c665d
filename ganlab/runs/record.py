"""What is known of a stored run, and how its store can refuse. Knows no file and no thread.

StoreError          the run folder cannot be written, read or owned
├── UnknownRun      no run of that id
├── DiskFull        there is no room; passes when somebody frees some
├── Damaged         what is stored of a run is not what ganlab wrote
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
NAME_LENGTH = 100  # characters of a run's name


class StoreError(RuntimeError):
    """A run that cannot be written, read or owned; the text says what to do."""


class UnknownRun(StoreError):  # noqa: N818 - reads as what it says
    """No run of that id is stored."""


class Damaged(StoreError):  # noqa: N818
    """What is stored of a run cannot be read."""


class NotLive(StoreError):  # noqa: N818
    """The run does not train in this process."""


class DiskFull(StoreError):  # noqa: N818
    """There is no room for what a run writes."""


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
class Source:
    """A user's own code that is watched instead of trained by the lab."""

    script: str  # path, as given; "" for a loop in a notebook or a running program
    arguments: tuple[str, ...] = ()
    steps: int = 0  # generator updates observed at most; 0: no limit

    @property
    def name(self) -> str:
        """The script without its folders."""
        return self.script.replace("\\", "/").rpartition("/")[2] or "a training loop"

    @property
    def command(self) -> str:
        """The script and its arguments, short."""
        return " ".join([self.name, *self.arguments])


@dataclass(frozen=True)
class RunInfo:
    """One run as a list of runs shows it: of a config, or of a user's own script."""

    id: RunId
    name: str
    status: Status
    settings: RunConfig | None  # with the accepted patches applied; None for a script's run
    created: float  # unix time
    parent: RunId | None = None
    step: int = 0  # generator updates, as last written
    seconds: float = 0.0  # of training, as last written
    error: str = ""
    traceback: str = ""
    trouble: str = ""  # why a live run waits, and what its user can do
    source: Source | None = None  # of a run that the lab watches and does not train

    @property
    def config(self) -> RunConfig:
        """The settings. Raises StoreError for a script's run, whose settings nobody knows."""
        if self.settings is None:
            raise StoreError(
                f"Run {self.id} is one of a script and has no settings of the lab; allowed: runs "
                "that the lab trains. Read it on the Doctor page."
            )
        return self.settings

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
class BadFolder:
    """A run folder that cannot be read: one row of a list, beside the runs."""

    id: RunId
    problem: str  # what is wrong, what is allowed, and the next step


@dataclass(frozen=True)
class StoredSample:
    """Generated samples of one step as they lie on disk."""

    step: int  # -1: the real data that is drawn beside them
    png: bytes | None  # an image grid at native resolution
    details: Row  # points, surface and histogram, as far as they were given
