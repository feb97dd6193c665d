"""When to look: densely at first, then so seldom that looking costs a bounded share of the time."""

from __future__ import annotations

import math
import statistics
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

DENSE = 24  # rounds looked at without a gap
_EVERY, _SELDOM = 10, 100  # updates between two looks after that, at least and at most
_FIRST_TRIAL = 150  # updates before anything is tried on copies
_LOOKS = 0.016  # of the script's own time
_FEW = 10  # rounds without a look that say how long the script's own rounds are


class Rare:
    """Something dear, begun again only after its cost is a set share of the script's own time."""

    def __init__(self, share: float, least: int, most: int) -> None:
        self.share, self.least, self.most = share, least, most
        self.interval = least
        self.last = 0  # update of the last one; 0: none yet
        self._seconds: deque[float] = deque(maxlen=3)  # of the last ones

    def due(self, update: int) -> bool:
        """Whether it is time again."""
        return not self.last or update - self.last >= self.interval

    def done(self, update: int, seconds: float, step: float) -> None:
        """It took that long; `step`: seconds of one of the script's own rounds, 0 if unknown."""
        self.last = update
        self._seconds.append(seconds)
        if step:
            # The first one warms caches up, and anything may come in between: the cheapest counts.
            updates = min(self._seconds) / (self.share * step)
            self.interval = _within(updates, self.least, self.most)

    @property
    def cost(self) -> float:
        """Seconds a round."""
        return min(self._seconds, default=0.0) / self.interval


class Schedule:
    """Times the script's own rounds and ours, and spaces looks, probes and trials by them."""

    def __init__(self) -> None:
        self.interval = _EVERY
        self.probes = Rare(0.01, least=50, most=500)
        self.trials = Rare(0.008, least=500, most=10_000)
        self.started = time.perf_counter()
        self._clock = self.started
        self._aside = 0.0  # seconds of this round that are no look's: probes, trials
        self._looked: deque[float] = deque(maxlen=50)  # seconds of rounds with a look
        self._bare: deque[float] = deque(maxlen=200)
        self._step = 0.0  # seconds of one of the script's own rounds; 0 while too few were seen
        self._extra = 0.0  # seconds that a look adds

    def restart(self) -> None:
        """A round begins now."""
        self._clock, self._aside = time.perf_counter(), 0.0

    def round_ended(self, update: int, looked: bool) -> None:
        """Takes a round's time, with what was made of it."""
        if update > 5:
            seconds = time.perf_counter() - self._clock - self._aside
            (self._looked if looked else self._bare).append(seconds)
        if looked:  # what comes with every round must cost nothing
            self._weigh()

    def _weigh(self) -> None:
        """Works out what rounds cost, and how often looks are due."""
        if len(self._bare) >= _FEW:
            self._step = max(statistics.median(self._bare), 1e-9)
        if self._step and len(self._looked) >= 5:
            self._extra = max(0.0, statistics.fmean(self._looked) - self._step)
            self.interval = _within(self._extra / (_LOOKS * self._step), _EVERY, _SELDOM)

    def look_due(self, update: int) -> bool:
        """Whether the round after this update is looked at."""
        return update < DENSE or (update + 1) % self.interval == 0

    def trial_due(self, update: int) -> bool:
        """Whether something may be tried on copies now."""
        return update >= _FIRST_TRIAL and self.trials.due(update)

    @contextmanager
    def timing(self, what: Rare, update: int) -> Iterator[None]:
        """Charges what happens inside to probes or to trials, whether it succeeds or not."""
        started = time.perf_counter()
        try:
            yield
        finally:  # what fails is not due again at once
            seconds = time.perf_counter() - started
            self._aside += seconds
            what.done(update, seconds, self._step)

    def overhead(self, spent: float) -> float:
        """Our share of the script's own time; `spent` seconds so far where it is too early."""
        self._weigh()
        if not self._step or not self._looked:
            return spent / max(time.perf_counter() - self.started - spent, 1e-9)
        looks = self._extra / self.interval
        return (looks + self.probes.cost + self.trials.cost) / self._step


def _within(updates: float, least: int, most: int) -> int:
    return min(most, max(least, math.ceil(updates)))
