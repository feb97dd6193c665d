"""One metric's values over a run of any length, in bounded memory. Knows no metric and no disk."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
# Steps, seconds, means, and of how many values each is the mean; without, of one.
Means: TypeAlias = tuple[Floats, Floats, Floats, Floats | None]


class Column(NamedTuple):
    """A metric where it was measured; of a long run all of the newest and the extremes before."""

    steps: Floats
    seconds: Floats
    values: Floats
    thinned: Means | None = None  # of the whole column, where `values` leaves some out

    @property
    def means(self) -> Means:
        """What an average over every value ever measured is made of."""
        return self.thinned or (self.steps, self.seconds, self.values, None)


class Series:
    """Keeps the newest values, and of stretches of older ones their extremes and their mean.

    A stretch keeps its smallest and its largest value, its first NaN and its last step: spikes,
    exact zeros of what is never negative, and gaps survive at any length. Stretches double in
    length when there are too many of them.
    """

    def __init__(self, stretches: int = 1024, newest: int = 2048) -> None:
        self._most = stretches
        self._newest = newest
        self._length = 1  # values in a stretch, a power of two
        self._old = np.empty((0, _FIELDS))
        self._buffer = np.empty((256, 3))
        self._count = 0  # rows of the buffer in use
        self._column: Column | None = None

    def __len__(self) -> int:
        return len(self._old) * self._length + self._count

    @property
    def latest(self) -> float:
        """The last value; the series is not empty."""
        return float(self._buffer[self._count - 1, 2])

    def extend(self, steps: Floats, seconds: Floats, values: Floats) -> None:
        """Takes values in the order in which they were measured."""
        self._column = None
        for start in range(0, len(values), self._newest):
            part = slice(start, start + self._newest)
            self._append(np.column_stack([steps[part], seconds[part], values[part]]))
            self._make_room()

    def column(self) -> Column:
        """All there is; the arrays are shared, and refuse to be written to."""
        if self._column is None:
            self._column = self._build()
            for part in self._column[:3]:
                part.flags.writeable = False
        return self._column

    def _append(self, rows: Floats) -> None:
        needed = self._count + len(rows)
        if needed > len(self._buffer):
            grown = np.empty((max(needed, 2 * len(self._buffer)), 3))
            grown[: self._count] = self._buffer[: self._count]
            self._buffer = grown
        self._buffer[self._count : needed] = rows
        self._count = needed

    def _make_room(self) -> None:
        """Moves the older half of a full buffer into stretches."""
        while self._count >= self._newest + max(self._newest, self._length):
            moved = max(self._newest, self._length)
            stretches = self._buffer[:moved].reshape(-1, self._length, 3)
            self._old = np.concatenate([self._old, _stretches(stretches)])
            self._buffer[: self._count - moved] = self._buffer[moved : self._count].copy()
            self._count -= moved
            while len(self._old) > self._most and len(self._old) % 2 == 0:
                self._old = _merged(self._old[0::2], self._old[1::2])
                self._length *= 2

    def _build(self) -> Column:
        newest = self._buffer[: self._count].copy()
        if not len(self._old):
            return Column(*newest.T)
        points = np.concatenate([self._old[:, place] for place in (_LOW, _HIGH, _GAP)])
        points = points[~np.isnan(points[:, 0])]
        points = points[np.lexsort((points[:, 1], points[:, 0]))]
        twice = (np.diff(points[:, :2], axis=0) == 0).all(axis=1)
        points = np.concatenate([points[:-1][~twice], points[-1:], newest])
        means = np.concatenate(
            [self._old[:, _MEAN], np.column_stack([newest, np.ones(len(newest))])]
        )
        steps, seconds, values = points.T
        thinned = (means[:, 0], means[:, 1], means[:, 2], means[:, 3])
        return Column(steps, seconds, values, thinned)


# A stretch is a row of: its smallest, largest and first missing value (step, seconds, value; NaN
# where there is none), then last step and second, mean and number of the finite values.
_LOW, _HIGH, _GAP, _MEAN = slice(0, 3), slice(3, 6), slice(6, 9), slice(9, 13)
_FIELDS = 13


def _stretches(rows: NDArray[Any]) -> Floats:
    """(n, length, 3) rows of step, seconds, value as n stretches."""
    values = rows[:, :, 2]
    missing, finite = np.isnan(values), np.isfinite(values)
    each = np.arange(len(rows))
    low = rows[each, np.where(missing, np.inf, values).argmin(axis=1)]
    high = rows[each, np.where(missing, -np.inf, values).argmax(axis=1)]
    gap = rows[each, missing.argmax(axis=1)].copy()
    gap[~missing.any(axis=1)] = np.nan
    count = finite.sum(axis=1)
    mean = np.where(finite, values, 0.0).sum(axis=1) / np.maximum(count, 1)
    mean[count == 0] = np.nan
    return np.column_stack([low, high, gap, rows[:, -1, :2], mean, count])


def _merged(first: Floats, second: Floats) -> Floats:
    """Each two neighbouring stretches as one."""
    both = np.stack([first, second], axis=1)
    each = np.arange(len(first))
    missing = np.isnan(both[:, :, 2]), np.isnan(both[:, :, 5])
    low = both[each, np.where(missing[0], np.inf, both[:, :, 2]).argmin(axis=1), _LOW]
    high = both[each, np.where(missing[1], -np.inf, both[:, :, 5]).argmax(axis=1), _HIGH]
    gap = both[each, np.isnan(both[:, :, 6]).argmin(axis=1), _GAP]
    counts = both[:, :, 12]
    count = counts.sum(axis=1)
    mean = np.nansum(both[:, :, 11] * counts, axis=1) / np.maximum(count, 1)
    mean[count == 0] = np.nan
    return np.column_stack([low, high, gap, second[:, 9:11], mean, count])


def decimate(x: NDArray[Any], y: NDArray[Any], points: int = 1500) -> tuple[Floats, Floats]:
    """At most `points` points that look the same: minimum and maximum of each bucket.

    Keeps the first and the last point, each bucket's extremes and a NaN where a bucket has one:
    a spike or a gap is never hidden. O(n).

    >>> decimate(np.arange(6), np.array([0, 0, 9, 0, 0, 1]), points=4)
    (array([0., 2., 5.]), array([0., 9., 1.]))
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if len(y) <= points:
        return x, y
    missing = np.isnan(y)
    buckets = max(1, (points - 2) // (3 if missing.any() else 2))
    width = -(-len(y) // buckets)
    index = np.minimum(np.arange(buckets * width), len(y) - 1).reshape(buckets, width)
    values, gaps = y[index], missing[index]
    rows, gappy = np.arange(buckets), gaps.any(axis=1)
    keep = np.concatenate(
        [
            [0, len(y) - 1],
            index[rows, np.where(gaps, np.inf, values).argmin(axis=1)],
            index[rows, np.where(gaps, -np.inf, values).argmax(axis=1)],
            index[rows, gaps.argmax(axis=1)][gappy],
        ]
    )
    keep = np.unique(keep)
    return x[keep], y[keep]
