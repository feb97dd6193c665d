"""A server keeps little of what its threads have freed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
from pathlib import Path
import threading
from ganlab.memory import give_back

def megabytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

kept = []
def fill():
    pieces = [bytes(10_000) for _ in range(10_000)]
    kept.append(pieces[-1])  # so that the arena's end is in use

thread = threading.Thread(target=fill)
thread.start()
thread.join()
before = megabytes()
print(give_back(), before - megabytes() > 50)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
def test_an_arena_of_a_thread_that_has_ended_is_emptied() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    assert done.stdout.split() == ["True", "True"], done.stderr


CROWD = """
import ctypes
import threading
from ganlab.memory import share_arenas

if {capped}:
    print(share_arenas())
meet = threading.Barrier(6)

def work():
    meet.wait()
    kept = [bytes(600) for _ in range(2_000)]  # beyond Python's own small objects
    meet.wait()

crowd = [threading.Thread(target=work) for _ in range(6)]
for each in crowd:
    each.start()
for each in crowd:
    each.join()
libc = ctypes.CDLL(None)
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
"""


def _arenas(*, capped: bool) -> int:
    script = CROWD.format(capped=capped)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.count("<heap nr=")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's glibc")
def test_a_crowd_of_threads_shares_two_arenas() -> None:
    assert _arenas(capped=False) > 2
    assert _arenas(capped=True) <= 2
