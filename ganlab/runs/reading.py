"""Opens what is stored of a run, and only plain files: whatever lies there, opening it ends."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from ganlab import openflags
from ganlab.outputs import reason
from ganlab.runs.record import Damaged

_PARTS: Mapping[str, bool] = {  # of a run folder; whether it is a folder itself
    "config.json": False,
    "outcome.json": False,
    "report.json": False,
    "history.json": False,
    "metrics.jsonl": False,
    "findings.jsonl": False,
    "patches.jsonl": False,
    "resumes.jsonl": False,
    "samples": True,
    "checkpoints": True,
}


def damaged(path: Path, what: str) -> Damaged:
    """The error of a stored file; `what` is wrong with it, as in 'is a link'."""
    return Damaged(
        f"{path.name} in {path.parent.name} {what}; allowed: what ganlab wrote. Restore it, or "
        "delete the run."
    )


def open_stored(path: Path) -> BinaryIO:
    """The file, open for reading. Raises FileNotFoundError, and Damaged for what is no file."""
    try:
        handle = os.open(path, openflags.READ)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise damaged(path, _why(path, error)) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise damaged(path, "is no plain file")
    return os.fdopen(handle, "rb")


def read_whole(path: Path, most: int) -> bytes:
    """All of a file of at most `most` bytes. Raises FileNotFoundError and Damaged."""
    with open_stored(path) as file:
        try:
            content = file.read(most + 1)
        except OSError as error:
            raise damaged(path, _why(path, error)) from error
    if len(content) > most:
        raise damaged(path, f"is larger than {most} bytes")
    return content


def check(folder: Path) -> None:
    """Raises Damaged where a run folder, or a part of it, is a link or of the wrong kind."""
    if folder.is_symlink():
        raise damaged(folder, "is a link")
    for name, is_folder in _PARTS.items():
        path = folder / name
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            continue
        except OSError as error:
            raise damaged(path, _why(path, error)) from error
        if stat.S_ISLNK(mode):
            raise damaged(path, "is a link")
        if not (stat.S_ISDIR if is_folder else stat.S_ISREG)(mode):
            raise damaged(path, "is no folder" if is_folder else "is no plain file")


def _why(path: Path, error: OSError) -> str:
    if path.is_symlink():
        return "is a link"
    return f"cannot be read ({reason(error)})"
