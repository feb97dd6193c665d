"""What glibc keeps of the memory that a process has freed."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable

_ARENA_MAX = -8  # glibc's malloc.h


def give_back() -> bool:
    """Returns what freed objects have left to glibc; whether anything went back.

    glibc keeps an arena for each of many threads, and each run trains on a thread of its own: a
    server that has trained a dozen runs holds the ruins of all (mallopt(3), M_TRIM_THRESHOLD).
    Does nothing with another C library.
    """
    trim = _glibc("malloc_trim")
    return bool(trim and trim(0))


def share_arenas(most: int = 2) -> bool:
    """Lets all threads allocate from at most that many arenas; whether glibc agreed.

    A server's threads come and go: a page is drawn on one, a run trains on another. Each takes the
    arena that is free, up to eight a core, and what lives on in it keeps its ruins from going back
    (mallopt(3), M_ARENA_MAX). Arenas that exist already stay. Does nothing with another C library.
    """
    option = _glibc("mallopt")
    return bool(option and option(_ARENA_MAX, most))


def _glibc(name: str) -> Callable[..., int] | None:
    """One of its functions; None with another C library."""
    found: Callable[..., int] | None = None
    if os.name == "posix":
        found = getattr(ctypes.CDLL(None), name, None)
    return found
