"""A disk that refuses, in words, and the room a run keeps for its outcome. Knows no log."""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Iterator
from pathlib import Path

from ganlab.outputs import reason
from ganlab.runs import files
from ganlab.runs.record import DiskFull, StoreError

RESERVE = 64 * 1024  # bytes that a run gives up so that its outcome fits on a full disk
_ROOM = 1_000_000  # bytes that a full disk should have free before anybody tries again


@contextlib.contextmanager
def writing(root: Path, size: int = 0) -> Iterator[None]:
    """Says what to do when the disk refuses `size` bytes. Raises StoreError for an OSError."""
    try:
        yield
    except OSError as error:
        if error.errno in files.FULL:
            wanted = math.ceil((2 * size + _ROOM) / 1e6)
            raise DiskFull(
                f"The disk with the run folders is full ({reason(error)}); allowed: at least "
                f"{wanted} MB free. Free as much there, then resume the run."
            ) from error
        raise StoreError(
            f"Cannot write to the run folder {root} ({reason(error)}); allowed: "
            "a folder you may write to. Set GANLAB_RUNS to one and start again."
        ) from error


def set_aside(folder: Path) -> None:
    """Takes the room that the outcome may need, unless it is taken. Raises OSError."""
    if not (folder / "reserve").is_file():
        # Random, because some file systems keep zeros in no room at all.
        files.replace_file(folder / "reserve", os.urandom(RESERVE))


def conclude(folder: Path, outcome: bytes) -> None:
    """Writes the outcome, on a full disk in the room that was set aside. Raises OSError."""
    try:
        files.replace_file(folder / "outcome.json", outcome, durable=True)
    except OSError as error:
        if error.errno not in files.FULL:
            raise
        files.remove(folder / "reserve")
        files.replace_file(folder / "outcome.json", outcome, durable=True)
    with contextlib.suppress(OSError):  # an ended run needs none, but it does no harm
        files.remove(folder / "reserve")
