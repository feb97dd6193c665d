"""A run's logs as columns for charts, read a little at a time. Knows no unit and no chart."""

from __future__ import annotations

import math
import threading
from array import array
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ganlab.runs.record import Row, RunId
from ganlab.runs.store import RunStore

Floats: TypeAlias = NDArray[np.float64]

_AT_ONCE = 1 << 24  # bytes of log parsed at once, so that a long run does not fill the memory


class RunHistory:
    """All that a run has logged so far. `refresh` reads only what is new since the last one.

    It may be shared between threads.
    """

    def __init__(self, store: RunStore, run: RunId) -> None:
        self._store = store
        self._run = run
        self._lock = threading.Lock()
        self._revision = -1
        self._clear()

    def refresh(self) -> bool:
        """Reads what is new; whether there was anything. Raises UnknownRun."""
        with self._lock:
            revision = self._store.revision(self._run)
            rewound = revision != self._revision
            if rewound:
                self._clear()
                self._revision = revision
            # All three, whatever the first one says.
            news = [self._read(log) for log in ("metrics", "findings", "patches")]
            return rewound or any(news)

    def names(self) -> list[str]:
        """The metrics that occur, in the order of their first appearance."""
        with self._lock:
            return list(self._values)

    def column(self, name: str) -> tuple[Floats, Floats, Floats]:
        """Steps, seconds and values of a metric, only where it was measured; NaN is a value."""
        with self._lock:
            rows = np.array(self._rows.get(name, array("q")), dtype=np.int64)
            values = np.array(self._values.get(name, array("d")), dtype=np.float64)
            return np.array(self._steps)[rows], np.array(self._seconds)[rows], values

    def last(self) -> dict[str, float]:
        """The latest value of each metric, with "step" and "seconds" of the last row."""
        with self._lock:
            if not self._steps:
                return {}
            latest = {name: values[-1] for name, values in self._values.items()}
            return {"step": self._steps[-1], "seconds": self._seconds[-1], **latest}

    def facts(self) -> Row:
        """The facts in force."""
        with self._lock:
            return dict(self._facts)

    def findings(self) -> list[Row]:
        """The opened, worsened and closed findings, oldest first."""
        with self._lock:
            return list(self._events["findings"])

    def patches(self) -> list[Row]:
        """The patches, oldest first; "step" is the first step they affect."""
        with self._lock:
            return list(self._events["patches"])

    def _clear(self) -> None:
        self._offsets = {"metrics": 0, "findings": 0, "patches": 0}
        self._events: dict[str, list[Row]] = {"findings": [], "patches": []}
        self._steps, self._seconds = array("d"), array("d")
        self._rows: dict[str, array[int]] = {}
        self._values: dict[str, array[float]] = {}
        self._facts: Row = {}

    def _read(self, log: str) -> bool:
        found = False
        while True:
            rows, self._offsets[log] = self._store.read(
                self._run, log, self._offsets[log], limit=_AT_ONCE
            )
            if not rows:
                return found
            found = True
            for row in rows if log == "metrics" else ():
                self._take(row)
            if log != "metrics":
                self._events[log] += rows

    def _take(self, row: Row) -> None:
        number = len(self._steps)
        self._steps.append(row.get("step", math.nan))
        self._seconds.append(row.get("seconds", math.nan))
        self._facts |= row.get("facts") or {}
        for name, value in row.items():
            if name not in ("step", "seconds") and isinstance(value, int | float):
                self._rows.setdefault(name, array("q")).append(number)
                self._values.setdefault(name, array("d")).append(value)


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
