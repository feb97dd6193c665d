"""How the store writes: whole files or none, and never through a link. Knows no run and no row.

Every call that changes the disk goes through `system`, so that tests can let each of them fail.
What is written is safe from a kill of this process; `durable` files are safe from a power cut too.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import secrets
import shutil
import stat
from pathlib import Path

from ganlab import openflags
from ganlab.runs.record import StoreError

FULL = (errno.ENOSPC, errno.EDQUOT)  # passes as soon as somebody frees some room
_ENDING = ".tmp"


class System:
    """The calls of the operating system by which the store writes."""

    open = staticmethod(os.open)
    write = staticmethod(os.write)
    fsync = staticmethod(os.fsync)
    close = staticmethod(os.close)
    truncate = staticmethod(os.ftruncate)
    replace = staticmethod(os.replace)
    unlink = staticmethod(os.unlink)
    mkdir = staticmethod(os.mkdir)


system = System()


def replace_file(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Writes the whole file or leaves the old one: a reader never sees half of it.

    A link of that name is replaced, not followed. Raises OSError, and leaves nothing behind then.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}{_ENDING}")
    descriptor = system.open(temporary, openflags.NEW, 0o666)
    try:
        try:
            write_all(descriptor, data)
            if durable:
                system.fsync(descriptor)
        finally:
            system.close(descriptor)
        system.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            system.unlink(temporary)
        raise


def write_all(descriptor: int, data: bytes) -> None:
    """Writes every byte. Raises OSError when some of them do not fit."""
    left = memoryview(data)
    while left:
        left = left[system.write(descriptor, left) :]


def open_to_append(path: Path) -> io.FileIO:
    """A plain file to read and to append to, made where it is missing. Raises StoreError else."""
    check_file(path)
    return io.FileIO(path, "a+", opener=_opener)


def in_place(handle: io.FileIO) -> bool:
    """Whether an open file is still the one of its name: nobody has removed or replaced it."""
    try:
        named = os.lstat(handle.name)
    except OSError:
        return False
    return os.path.samestat(named, os.fstat(handle.fileno()))


def make_folder(path: Path) -> None:
    """Makes a folder where it is missing. Raises StoreError when a link or a file is there."""
    try:
        system.mkdir(path)
    except FileExistsError:
        check_folder(path)


def check_folder(path: Path) -> None:
    """Raises StoreError unless it is missing or a folder itself: a link leads out of the store."""
    if (found := _found(path)) and not stat.S_ISDIR(found.st_mode):
        raise _refusal(path, found, "folder")


def check_file(path: Path) -> None:
    """Raises StoreError unless it is missing, or a file of this folder alone."""
    if (found := _found(path)) and (not stat.S_ISREG(found.st_mode) or found.st_nlink > 1):
        raise _refusal(path, found, "plain file")


def remove(path: Path) -> None:
    """Removes a file, a link and not what it leads to, or a folder in the place of a file.

    Without effect where there is none.
    """
    with contextlib.suppress(FileNotFoundError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            system.unlink(path)


def sweep(folder: Path) -> None:
    """Removes what killed processes have left half written in a folder that is no link."""
    found = _found(folder)
    for path in folder.iterdir() if found and stat.S_ISDIR(found.st_mode) else ():
        if path.name.endswith(_ENDING) and (path.is_symlink() or not path.is_dir()):
            remove(path)


def _opener(path: str, flags: int) -> int:
    return system.open(path, flags | openflags.PLAIN, 0o666)


def _found(path: Path) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except FileNotFoundError:
        return None


def _refusal(path: Path, found: os.stat_result, allowed: str) -> StoreError:
    kinds = {stat.S_IFLNK: "a link", stat.S_IFDIR: "a folder", stat.S_IFREG: "a file"}
    got = kinds.get(stat.S_IFMT(found.st_mode), "no file")
    if got == "a file" and allowed != "folder":
        got = "a file that has another name elsewhere"
    return StoreError(
        f"{path.name} in {path.parent} is {got}; allowed: a {allowed} of the run's own, because a "
        "run is written nowhere but in its folder. Remove it, or put a copy of what it leads to "
        "in its place, then try again."
    )
