"""Who may write to a run folder: one process at a time, also after a kill. Knows no row."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from ganlab.runs.record import StoreError

_PATIENCE = 0.2  # seconds; another process may be looking whether the lock is free


class Ownership:
    """The locks this process holds. The operating system frees them when the process dies."""

    def __init__(self) -> None:
        self._held: dict[Path, FileLock] = {}

    def take(self, folder: Path) -> None:
        """Owns the folder from now on. Raises StoreError when somebody else does."""
        lock = None if folder in self._held else _acquired(folder, _PATIENCE)
        if lock is None:
            raise StoreError(
                f"Run {folder.name} is live; allowed: one owner at a time. "
                "Stop it where it trains, then try again."
            )
        self._held[folder] = lock

    def give_back(self, folder: Path) -> None:
        """Ends the ownership; without effect where there is none."""
        lock = self._held.pop(folder, None)
        if lock is not None:
            lock.release()

    def held(self, folder: Path) -> bool:
        """Whether any living process owns the folder, this one included."""
        if folder in self._held:
            return True
        try:
            lock = _acquired(folder, timeout=0)
        except OSError:  # where no lock can be written, nobody can own
            return False
        if lock is None:
            return True
        lock.release()
        return False


def _acquired(folder: Path, timeout: float) -> FileLock | None:
    # Not thread-local: taken by the thread that starts a run, given back by the one that ends it.
    lock = FileLock(folder / "lock", timeout=timeout, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return None
    return lock
