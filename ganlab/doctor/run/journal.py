"""Writes what is seen of a user's script to the run store, while it runs. Owns no run.

An error in here never reaches the script: the journal then ends, and says why in `broken`.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ganlab.causes.history import History
from ganlab.doctor.copies.kept import Kept
from ganlab.doctor.run.picture import Look
from ganlab.observation import Observation
from ganlab.runs.record import StoreError
from ganlab.runs.store import RunStore

_EVERY = 50  # updates between two grids, at least
_SHARE = 0.004  # of the time: what the grids may take
_GRID = 64  # real samples that are enough for a grid
_ROWS = 512  # samples looked at for one picture

Row = dict[str, Any]


class Journal:
    """One run's rows, sample grids and report so far; whoever started it owns the run."""

    def __init__(
        self, root: Path, run: str, *, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self.run = run
        self.broken = ""
        self.kept: Callable[[], Kept | None] = lambda: None  # where the samples are
        self._store = RunStore(root)
        self._clock = clock
        self._parent = os.getppid()
        self._look: Look | None = None
        self._reals = 0  # real samples that the look was fitted to
        self._step = -1  # of the last row
        self._drawn = -_EVERY  # the last grid's step
        self._due = 0.0  # when the next grid may be drawn

    def take(self, observation: Observation, findings: Sequence[Row]) -> None:
        """A look was made: stores it, and a grid now and then."""
        self._step = observation.step
        row: Row = {
            "step": observation.step,
            "seconds": observation.seconds,
            **observation.metrics,
        }
        if observation.facts is not None:
            row["facts"] = observation.facts
        self._guarded(lambda: self._append(row, findings))
        if observation.step - self._drawn >= _EVERY and self._clock() >= self._due:
            self.draw()

    def report(self, report: Row) -> None:
        """What can be said so far."""
        self._guarded(lambda: self._store.write_report(self.run, report))

    def history(self, history: History) -> None:
        """What the last word was said of."""
        self._guarded(lambda: self._store.write_history(self.run, history.as_row()))

    def draw(self) -> None:
        """Stores a picture of the samples that the script has made last."""
        started = self._clock()
        if self._drawn < self._step:
            self._guarded(self._draw)
        self._due = self._clock() + (self._clock() - started) / _SHARE

    def close(self) -> None:
        """The last picture; then the logs are closed."""
        self.draw()
        with contextlib.suppress(OSError, StoreError):
            self._store.close(self.run)

    def _append(self, row: Row, findings: Sequence[Row]) -> None:
        self._store.append(self.run, "metrics", row)
        for finding in findings:
            self._store.append(self.run, "findings", finding)
        # A script may close every descriptor and open its own: none of ours may bear its number.
        self._store.close(self.run)

    def _draw(self) -> None:
        kept = self.kept()
        if kept is None:
            return
        made, real = _latest(list(kept.made)), _latest(kept.reals)
        if made is None or real is None:
            return
        if self._look is None or self._reals < _GRID:  # the first batches may be small
            self._look, self._reals = Look.at(real), len(real)
            self._store.write_samples(self.run, "real", self._look.draw(real))
        self._store.write_samples(self.run, self._step, self._look.draw(made))
        self._drawn = self._step

    def _guarded(self, act: Callable[[], None]) -> None:
        """Does it; no more once the disk has refused, or nobody is left who owns the run."""
        if not self.broken and os.getppid() != self._parent:
            self.broken = "the process that owns the run has ended"
        if self.broken:
            return
        try:
            act()
        except Exception as error:  # a disk may refuse, a user's samples may be anything
            self.broken = f"{type(error).__name__}: {error}"


def _latest(parts: Sequence[Tensor]) -> Tensor | None:
    """The newest samples, as far as they have one shape."""
    if not parts:
        return None
    shape, kept, count = parts[-1].shape[1:], [], 0
    for part in reversed(parts):
        if count >= _ROWS or part.shape[1:] != shape:
            break
        kept.append(part)
        count += len(part)
    return torch.cat(kept)[:_ROWS]
