"""What an ended run has used goes back to the system."""

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
