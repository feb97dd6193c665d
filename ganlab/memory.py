"""Gives memory back to the system."""

from __future__ import annotations

import ctypes
import os


def give_back() -> bool:
    """Returns what freed objects have left to glibc; whether anything went back.

    glibc keeps an arena for each of many threads, and each run trains on a thread of its own: a
    server that has trained a dozen runs holds the ruins of all (mallopt(3), M_TRIM_THRESHOLD).
    Does nothing with another C library.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    return bool(trim and trim(0))
