"""What probes have said lately: their last values, and whether the best is still being bettered."""

from __future__ import annotations

import math
import statistics
from collections import deque


class Tail:
    """The last `count` values, whatever steps lie between them."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._entries: deque[tuple[int, float]] = deque(maxlen=count)

    def add(self, step: int, value: float | None) -> None:
        """Takes a value; what is missing or not finite says nothing."""
        if value is not None and math.isfinite(value):
            self._entries.append((step, value))

    @property
    def full(self) -> bool:
        """Whether `count` values are there."""
        return len(self._entries) == self.count

    @property
    def values(self) -> list[float]:
        """The values, the oldest first."""
        return [value for _, value in self._entries]

    @property
    def span(self) -> int:
        """Steps from the first to the last of them."""
        return self._entries[-1][0] - self._entries[0][0] if self._entries else 0

    def median(self) -> float:
        """The median; NaN when empty."""
        return statistics.median(self.values) if self._entries else math.nan


class Standstill:
    """How long a series of which less is better has not been bettered. Medians of three."""

    def __init__(self, gain: float) -> None:
        self.gain = gain  # share of the best by which a value has to better it
        self._last = Tail(3)
        self._best = math.inf
        self._since: int | None = None

    def update(self, step: int, value: float | None) -> int:
        """Takes a value; says how many steps ago the best was bettered (0: now, or never)."""
        self._last.add(step, value)
        if self._since is None:
            self._since = step
        if not self._last.full:
            return 0
        median = self._last.median()
        if median < (1.0 - self.gain) * self._best:
            self._best, self._since = median, step
        return step - self._since


class Trend:
    """Whether a series of which less is better gets better: its last ten against ten before."""

    def __init__(self, count: int = 10) -> None:
        self._values = Tail(2 * count)

    def add(self, step: int, value: float | None) -> None:
        """Takes a value."""
        self._values.add(step, value)

    @property
    def known(self) -> bool:
        """Whether there are enough values to say."""
        return self._values.full

    def falls(self, gain: float) -> bool:
        """Whether the later half's mean is smaller than the earlier one's by this share."""
        values = self._values.values
        half = len(values) // 2
        before, after = statistics.fmean(values[:half]), statistics.fmean(values[half:])
        return after < (1.0 - gain) * before
