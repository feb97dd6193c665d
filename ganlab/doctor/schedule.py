"""When to look: densely at first, then so seldom that looking costs a bounded share of the time."""

from __future__ import annotations

import math
import statistics
import time
from collections import deque

DENSE = 24  # rounds looked at without a gap
_EVERY = 10  # updates between two looks after that, at least
_PROBE = 50  # updates between two probes, at least
_LOOKS, _PROBES = 0.02, 0.012  # of the script's own time


class Schedule:
    """Times the script's own rounds and ours, and spaces looks and probes by them."""

    def __init__(self) -> None:
        self.interval = _EVERY
        self.probe_interval = _PROBE
        self.started = time.perf_counter()
        self._clock = self.started
        self._looked: deque[float] = deque(maxlen=50)  # seconds of rounds with a look
        self._bare: deque[float] = deque(maxlen=200)
        self._probed = 0  # update of the last probe; 0: none yet
        self._probe_seconds = 0.0

    def restart(self) -> None:
        """A round begins now."""
        self._clock = time.perf_counter()

    def round_ended(self, update: int, looked: bool) -> None:
        """Takes a round's time, with what was made of it."""
        if update > 5:
            (self._looked if looked else self._bare).append(time.perf_counter() - self._clock)
        if len(self._bare) >= 10 and len(self._looked) >= 5:
            self.interval = min(100, max(_EVERY, math.ceil(self._extra / (_LOOKS * self._step))))

    def look_due(self, update: int) -> bool:
        """Whether the round after this update is looked at."""
        return update < DENSE or (update + 1) % self.interval == 0

    def probe_due(self, update: int) -> bool:
        """Whether samples are measured now."""
        return not self._probed or update - self._probed >= self.probe_interval

    def probed(self, update: int, seconds: float) -> None:
        """A probe took that long."""
        self._probed, self._probe_seconds = update, seconds
        if len(self._bare) >= 10:
            wanted = math.ceil(seconds / (_PROBES * self._step))
            self.probe_interval = min(500, max(_PROBE, wanted))

    @property
    def _step(self) -> float:
        return max(statistics.median(self._bare), 1e-9)

    @property
    def _extra(self) -> float:
        return max(0.0, statistics.median(self._looked) - self._step)

    def overhead(self, spent: float) -> float:
        """Our share of the script's own time; `spent` seconds so far where it is too early."""
        if len(self._bare) < 5 or not self._looked:
            return spent / max(time.perf_counter() - self.started - spent, 1e-9)
        probes = self._probe_seconds / self.probe_interval
        return (self._extra / self.interval + probes) / self._step
