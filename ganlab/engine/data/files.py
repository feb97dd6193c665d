"""Files of other people, opened so that they can neither hang nor fill the memory.

Knows no format.
"""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path
from typing import Any

from ganlab import openflags
from ganlab.engine.data.dataset import Pulse
from ganlab.outputs import reason


def open_regular(path: Path, pulse: Pulse, most: int) -> io.BufferedReader:
    """A regular file of at most `most` bytes; reading it beats the pulse.

    Raises OSError for everything else, at once: a pipe or a device would be waited for.
    """
    raw = _Beating(path, pulse)
    try:
        about = os.fstat(raw.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise OSError("it is not a regular file; allowed: files, and links to files")
        if about.st_size > most:
            raise OSError(f"it has {about.st_size:,} bytes; allowed: at most {most:,}")
    except OSError:
        raw.close()
        raise
    return io.BufferedReader(raw)


class _Beating(io.FileIO):
    def __init__(self, path: Path, pulse: Pulse) -> None:
        super().__init__(path, opener=_without_waiting)
        self._pulse = pulse

    def readinto(self, buffer: Any, /) -> int | None:
        self._pulse()
        return super().readinto(buffer)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | openflags.NO_WAIT)


def folder_problem(given: str) -> str:
    """Why the path is no folder to look into; empty where it is one."""
    try:
        return "" if Path(given).expanduser().is_dir() else "there is no such folder"
    except (OSError, RuntimeError, ValueError) as error:  # too long; a user who does not exist
        return f"it cannot be opened: {reason(error)}"
