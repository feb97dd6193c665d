"""A run's logs as columns for charts, read a little at a time. Knows no unit and no chart."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence

import numpy as np

from ganlab.runs.record import Row, RunId
from ganlab.runs.rows import Parser
from ganlab.runs.series import Column as Column
from ganlab.runs.series import Floats as Floats
from ganlab.runs.series import Series
from ganlab.runs.series import decimate as decimate
from ganlab.runs.store import RunStore
from ganlab.runs.tables import Table

_AT_ONCE = 1 << 20  # bytes of log parsed at once, so that a long run does not fill the memory
_READERS = 8  # runs that a server keeps at hand
_NAMES = 1000  # metrics of one run; what comes beyond is left out
_LOGS = ("metrics", "findings", "patches")


class RunHistory:
    """All that a run has logged so far. `refresh` reads only what is new since the last one.

    Its memory is bounded whatever the run's length: see Series. It may be shared between threads.
    """

    def __init__(self, store: RunStore, run: RunId) -> None:
        self._store = store
        self._run = run
        self._lock = threading.Lock()
        self._revision = -1
        self._clear()

    def refresh(self) -> bool:
        """Reads what is new; whether there was anything. Raises UnknownRun and Damaged."""
        with self._lock:
            revision = self._store.revision(self._run)
            rewound = revision != self._revision
            if rewound:
                self._clear()
                self._revision = revision
            # All three, whatever the first one says.
            news = [self._read(log) for log in _LOGS]
            return rewound or any(news)

    def names(self) -> list[str]:
        """The metrics that occur, in the order of their first appearance."""
        with self._lock:
            return list(self._series)

    def column(self, name: str) -> tuple[Floats, Floats, Floats]:
        """Steps, seconds and values of a metric, only where it was measured; NaN is a value.

        Of more than some thousand values the older ones are thinned to their extremes.
        """
        return self.curve(name)[:3]

    def curve(self, name: str) -> Column:
        """The same, with the means of what was thinned."""
        with self._lock:
            series = self._series.get(name)
            return series.column() if series else Column(np.empty(0), np.empty(0), np.empty(0))

    def rows(self) -> int:
        """How many rows of metrics there are."""
        with self._lock:
            return self._rows

    def last(self) -> dict[str, float]:
        """The latest value of each metric, with "step" and "seconds" of the last row."""
        with self._lock:
            if not self._rows:
                return {}
            latest = {name: series.latest for name, series in self._series.items()}
            return {"step": self._step, "seconds": self._seconds, **latest}

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

    def damaged(self) -> dict[str, int]:
        """By log, how many rows could not be read and are left out."""
        with self._lock:
            return {log: parser.damaged for log, parser in self._parsers.items() if parser.damaged}

    def _clear(self) -> None:
        self._offsets = dict.fromkeys(_LOGS, 0)
        self._parsers = {log: Parser(log) for log in _LOGS}
        self._events: dict[str, list[Row]] = {"findings": [], "patches": []}
        self._rows = 0
        self._step = self._seconds = math.nan
        self._series: dict[str, Series] = {}
        self._facts: Row = {}

    def _read(self, log: str) -> bool:
        found = False
        while True:
            start = self._offsets[log]
            rows, self._offsets[log] = self._store.read(
                self._run, log, start, _AT_ONCE, self._parsers[log]
            )
            if self._offsets[log] == start:
                return found
            found = True
            if log != "metrics":
                self._events[log] += rows
            elif rows:
                self._take(rows)

    def _take(self, rows: Sequence[Row]) -> None:
        table = Table(rows)
        self._facts |= table.facts
        for name, (places, values) in table.columns.items():
            if name not in self._series and len(self._series) >= _NAMES:
                continue
            series = self._series.setdefault(name, Series())
            series.extend(table.steps[places], table.seconds[places], values)
        self._rows += len(rows)
        self._step, self._seconds = float(table.steps[-1]), float(table.seconds[-1])


class Readers:
    """One history for each run that somebody looks at, shared by all who do."""

    def __init__(self, store: RunStore, most: int = _READERS) -> None:
        self._store = store
        self._most = most
        self._lock = threading.Lock()
        self._found: dict[RunId, RunHistory] = {}

    def of(self, run: RunId) -> RunHistory:
        """The run's history, brought up to date. Raises UnknownRun."""
        with self._lock:
            reader = self._found.pop(run, None) or RunHistory(self._store, run)
            self._found[run] = reader  # the latest last
            while len(self._found) > self._most:
                del self._found[next(iter(self._found))]
        reader.refresh()
        return reader
