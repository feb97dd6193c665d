"""Who may write to a run folder: one process at a time, also after a kill. Knows no row."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from ganlab.runs import files
from ganlab.runs.record import StoreError

_REMOVED = (
    "The folder of run {run} was removed while the run was written; allowed: folders that stay. "
    "Its rows are lost. Start the run anew, and delete a run only after it has ended."
)
_STOLEN = (
    "The lock of run {run} was removed while the run was written here, and another process owns "
    "the run now; allowed: one owner at a time. This one has ended. Look at the run where it goes "
    "on, and leave the file named lock alone."
)
_PATIENCE = 0.2  # seconds; another process may be looking whether the lock is free


class _Held(NamedTuple):
    lock: FileLock
    path: str
    file: os.stat_result | None  # the lock's; another one of its name is another's lock


class Ownership:
    """The locks this process holds. The operating system frees them when the process dies."""

    def __init__(self) -> None:
        self._held: dict[Path, _Held] = {}
        self._lost: dict[
            Path, str
        ] = {}  # folders that this process has owned, and how it lost them

    def take(self, folder: Path) -> None:
        """Owns the folder from now on. Raises StoreError when somebody else does, or for links."""
        lock = None if folder in self._held else _acquired(folder, _PATIENCE)
        if lock is None:
            raise StoreError(
                f"Run {folder.name} is live; allowed: one owner at a time. "
                "Stop it where it trains, then try again."
            )
        self._held[folder] = _Held(lock, lock.lock_file, _lock_file(lock.lock_file))

    def give_back(self, folder: Path) -> None:
        """Ends the ownership; without effect where there is none."""
        self._lost.pop(folder, None)
        held = self._held.pop(folder, None)
        if held is not None:
            held.lock.release()

    def confirm(self, folder: Path) -> bool:
        """Whether a folder that this process owns has kept its lock; a removed one is taken anew.

        Raises StoreError where that is too late: the folder is gone, or another process owns it.
        """
        if folder in self._lost:
            raise StoreError(self._lost[folder])
        held = self._held.get(folder)
        if held is None or _same(held.file, _lock_file(held.path)):
            return True
        held.lock.release()
        del self._held[folder]
        if folder.is_dir() and self._taken_anew(folder):
            return False
        self._lost[folder] = (_STOLEN if folder.is_dir() else _REMOVED).format(run=folder.name)
        raise StoreError(self._lost[folder])

    def _taken_anew(self, folder: Path) -> bool:
        with contextlib.suppress(OSError, StoreError):
            self.take(folder)
        return folder in self._held

    def held(self, folder: Path) -> bool:
        """Whether any living process owns the folder, this one included."""
        if folder in self._held:
            return True
        if folder.is_symlink() or _lock_file(folder / "lock") is None:
            return False
        try:
            lock = _acquired(folder, timeout=0)
        except (OSError, StoreError):  # where no lock can be written, nobody can own
            return False
        if lock is None:
            return True
        lock.release()
        return False


def _acquired(folder: Path, timeout: float) -> FileLock | None:
    files.check_folder(folder)
    files.check_file(folder / "lock")
    # Not thread-local: taken by the thread that starts a run, given back by the one that ends it.
    lock = FileLock(folder / "lock", timeout=timeout, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return None
    return lock


def _lock_file(path: Path | str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except OSError:
        return None


def _same(one: os.stat_result | None, other: os.stat_result | None) -> bool:
    return one is not None and other is not None and os.path.samestat(one, other)
