"""CPU time and time in the queue for a core, thread by thread, as Linux counts them."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ThreadTime:
    """Seconds of one thread."""

    cpu: float
    queued: float  # ready to run, while other programs had the cores

    def since(self, before: ThreadTime) -> ThreadTime:
        """What was added."""
        return ThreadTime(self.cpu - before.cpu, self.queued - before.queued)


Times = dict[int, ThreadTime]
_NONE = ThreadTime(0.0, 0.0)


def thread_times(pid: int) -> Times:
    """Of all threads of a process by their id; empty on systems without /proc."""
    times = {}
    for file in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            cpu, queued, _ = file.read_text().split()
        except OSError:  # a thread that has just ended
            continue
        times[int(file.parent.name)] = ThreadTime(int(cpu) / 1e9, int(queued) / 1e9)
    return times


def busiest(before: Times, after: Times) -> ThreadTime:
    """What the thread that used most CPU between two looks used and waited."""
    added = [after[thread].since(before.get(thread, _NONE)) for thread in after]
    return max(added, key=lambda time: time.cpu, default=_NONE)


def process_cpu(pid: int) -> float:
    """CPU seconds of the whole process, its ended threads included; NaN without /proc."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return math.nan
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
