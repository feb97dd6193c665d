"""From observations to rows, findings and snapshots, and back."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from ganlab.bench.faults.world import Panel, Tells
from ganlab.config import RunConfig
from ganlab.observation import Observation, Samples
from ganlab.runs import Recorder, RunStore, observation_of


@pytest.fixture
def run(store: RunStore) -> Iterator[str]:
    run = store.create(RunConfig())
    yield run
    store.close(run)


def look(step: int, seconds: float = 0.0) -> Observation:
    return Observation(step, {"d_loss": 0.5}, seconds=seconds)


def test_an_observation_becomes_a_row_and_a_row_an_observation(store: RunStore, run: str) -> None:
    first = Observation(0, {"d_loss": 0.5, "auc": 1.0}, {"loss": "hinge", "reach_low": None})
    recorder = Recorder(store, run, Panel())
    recorder.record(first)
    recorder.record(look(10, seconds=2.0))
    rows, _ = store.read(run, "metrics")
    assert rows[1] == {"step": 10, "seconds": 2.0, "d_loss": 0.5}
    assert [observation_of(row) for row in rows] == [first, look(10)]


def test_what_the_panel_says_is_stored(store: RunStore, run: str) -> None:
    recorder = Recorder(store, run, Panel())
    for step in (10, 30):
        recorder.record(look(step))
    assert store.read(run, "findings")[0] == [Tells(30, seen=2).as_row()]


def test_samples_are_stored_under_their_step(store: RunStore, run: str) -> None:
    samples = Samples(image=np.zeros((2, 2), np.uint8))
    Recorder(store, run, Panel()).record(Observation(50, {}, samples=samples))
    assert store.sample_steps(run) == [50]


def test_a_replay_brings_the_detectors_where_they_were(store: RunStore, run: str) -> None:
    earlier = Recorder(store, run, Panel())
    for step in (10, 20):
        earlier.record(look(step, seconds=step / 10))
    panel = Panel()
    recorder = Recorder(store, run, panel)
    recorder.replay()
    assert (panel.seen, recorder.step, recorder.seconds) == (2, 20, 2.0)
    recorder.record(look(30, seconds=3.0))
    assert store.read(run, "findings")[0][-1]["summary"] == "3 seen"


def test_a_step_that_is_stored_already_is_not_stored_twice(store: RunStore, run: str) -> None:
    recorder = Recorder(store, run, Panel())
    for step in (0, 10, 10, 5):
        recorder.record(look(step))
    assert [row["step"] for row in store.read(run, "metrics")[0]] == [0, 10]


def test_seconds_go_on_when_a_resumed_training_counts_from_zero(store: RunStore, run: str) -> None:
    Recorder(store, run, Panel()).record(look(10, seconds=8.0))
    recorder = Recorder(store, run, Panel())
    recorder.replay()
    recorder.record(look(20, seconds=1.0))
    recorder.record(look(30, seconds=2.5))
    assert [row["seconds"] for row in store.read(run, "metrics")[0]] == [8.0, 9.0, 10.5]
