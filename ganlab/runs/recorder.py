"""Writes observations and what the detectors say of them to a store. Knows no training."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol, cast

from ganlab.observation import Facts, Metrics, Observation
from ganlab.runs.record import Row, RunId
from ganlab.runs.store import RunStore


class Event(Protocol):
    """A finding that was opened, worsened or closed."""

    def as_row(self) -> dict[str, Any]:
        """The JSON form: {"event": ..., "symptom": ..., "step": ..., ...}."""


class Panel(Protocol):
    """What runs the detectors."""

    def update(self, observation: Observation) -> Sequence[Event]:
        """The findings that this observation opens, worsens or closes."""


class Recorder:
    """Observations in; metric rows, findings and sample snapshots on disk."""

    def __init__(self, store: RunStore, run: RunId, panel: Panel) -> None:
        self._store = store
        self._run = run
        self._panel = panel
        self._earlier = 0.0  # seconds trained before the run was resumed
        self.step = -1  # of the last row; -1 before the first
        self.seconds = 0.0  # of training, at the last row

    def record(self, observation: Observation) -> None:
        """Stores an observation, unless its step is stored already."""
        if observation.step <= self.step:
            return
        if observation.seconds + self._earlier < self.seconds:
            self._earlier = self.seconds  # the resumed training counts from zero
        self.step, self.seconds = observation.step, observation.seconds + self._earlier
        self._store.append(self._run, "metrics", self._row_of(observation))
        for event in self._panel.update(observation):
            self._store.append(self._run, "findings", event.as_row())
        if observation.samples is not None:
            self._store.write_samples(self._run, self.step, observation.samples)

    def replay(self) -> None:
        """Shows the stored rows to the detectors, so that they go on where they were."""
        for row in self._store.rows(self._run, "metrics"):
            observation = observation_of(row)
            self._panel.update(observation)
            self.step, self.seconds = observation.step, observation.seconds

    def _row_of(self, observation: Observation) -> Row:
        row: Row = {"step": self.step, "seconds": self.seconds, **observation.metrics}
        return row if observation.facts is None else row | {"facts": observation.facts}


def observation_of(row: Row) -> Observation:
    """The observation (without samples) that a stored metrics row was written from."""
    names = row.keys() - {"step", "seconds", "facts"}
    metrics = cast(Metrics, {name: row[name] for name in row if name in names})
    facts = cast("Facts | None", row.get("facts"))
    seconds = row.get("seconds", math.nan)
    return Observation(row["step"], metrics, facts, seconds=seconds if seconds >= 0.0 else 0.0)
