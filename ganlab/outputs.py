"""Result files: looked at before hours of work, and never the reason that its result is lost."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import stat
import sys
import tempfile
from pathlib import Path

from ganlab.knob import ConfigError

_LOG = logging.getLogger("ganlab")
_elsewhere: dict[Path, Path | None] = {}  # where results are that are not where they were wanted


def shown(path: Path | str) -> str:
    """The path as text that can be printed and stored, whatever bytes its name has."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def reason(error: Exception) -> str:
    """Why the system refused a path, without the path."""
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__


def check_writable(file: Path | None, flag: str = "--json") -> None:
    """Refuses a result file before the work, not after it. Raises ConfigError."""
    try:
        if file is not None:
            _probe(file)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"{flag} {shown(file or '')[:200]} cannot be written ({reason(error)}); allowed: a "
            "file in a folder that exists and that you may write to. Create the folder or name "
            "another file."
        ) from error


def check_folder(folder: Path | None, flag: str) -> None:
    """Refuses what cannot be a folder; one that is still to be made may be. Raises ConfigError."""
    try:
        if folder is not None and not stat.S_ISDIR(folder.expanduser().stat().st_mode):
            raise NotADirectoryError("it is a file")
    except FileNotFoundError:
        pass
    except (OSError, RuntimeError, ValueError) as error:
        raise ConfigError(
            f"{flag} is {shown(folder or '')[:200]!r}, which cannot be opened ({reason(error)}); "
            "allowed: a folder, or a new name in one. Name another."
        ) from error


def write_result(file: Path, content: bytes, flag: str = "--json") -> None:
    """Writes the whole file or leaves the old one.

    Where the disk refuses, the result is kept elsewhere: a message says where, and
    `all_written` says no from then on.
    """
    try:
        _put(file, content)
        _elsewhere.pop(file, None)
    except OSError as error:
        keep_elsewhere(file, content, reason(error), flag)


def keep_elsewhere(file: Path, content: bytes, why: str, flag: str = "--json") -> None:
    """Saves a result that cannot be where it was wanted, and says where it is."""
    place = _elsewhere[file] = _rescued(file, content)
    there = f"in {place}" if place else "on the standard output"
    _LOG.error(
        "%s %s could not be written (%s); the result is %s. Move it from there.",
        flag, shown(file), why, there,
    )  # fmt: skip


def all_written() -> bool:
    """Whether every result since `start_afresh` is where it was wanted."""
    return not _elsewhere


def start_afresh() -> None:
    """For another command in the same process."""
    _elsewhere.clear()


def _probe(file: Path) -> None:
    if file.is_dir():
        raise IsADirectoryError("it is a folder")
    if not file.exists():
        with file.open("xb") as new:  # a full disk refuses the byte, not the file
            new.write(b"\n")
        file.unlink()
    elif not file.is_fifo():  # a pipe would be waited for
        with file.open("ab", buffering=0) as old:
            if not file.is_file():
                old.write(b"\n")  # of a device, which may be full


def _put(file: Path, content: bytes) -> None:
    if file.exists() and not file.is_file():
        file.write_bytes(content)
        return
    target = Path(os.path.realpath(file))
    part = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as new:
            new.write(content)
        part.replace(target)
    except PermissionError:  # of the folder; the file itself may be open to us
        file.write_bytes(content)
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def _rescued(file: Path, content: bytes) -> Path | None:
    """Where it is now; None: printed, since there is no room anywhere."""
    try:
        place = _elsewhere.get(file)
        if place is None:
            handle, name = tempfile.mkstemp(file.suffix, "ganlab-")
            os.close(handle)
            place = Path(name)
        place.write_bytes(content)
    except OSError:
        sys.stdout.write(content.decode() + "\n")
        return None
    return place
