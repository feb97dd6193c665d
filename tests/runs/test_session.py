"""One run from config to outcome, in this thread."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from itertools import count

import pytest

from ganlab.bench.faults.world import Panel
from ganlab.config import RunConfig, Scale, Set
from ganlab.runs import Control, Recorder, RunStore, Session, Status
from ganlab.runs.session import Job
from tests.runs.fakes import SMALL, FakeLab

Clock = Callable[[], float]


def begin(
    store: RunStore, lab: FakeLab, config: RunConfig = SMALL, clock: Clock = lambda: 0.0
) -> tuple[Session, Control, str]:
    """A session of a new run that has its slot."""
    run = store.create(config)
    control = Control(config)
    control.grant()
    job = Job(store.info(run), control, lab)
    return Session(job, store, Recorder(store, run, Panel()), clock), control, run


def test_a_run_leaves_rows_samples_checkpoint_and_weights(store: RunStore, lab: FakeLab) -> None:
    session, _, run = begin(store, lab)
    outcome = session.train()
    assert (outcome.status, outcome.step, outcome.seconds) == (Status.FINISHED, 100, 1.0)
    assert [row["step"] for row in store.read(run, "metrics")[0]] == list(range(0, 101, 10))
    assert [row["step"] for row in store.read(run, "findings")[0]] == [0, 30, 60, 90]
    assert store.sample_steps(run) == [0, 50, 100]
    assert store.real_sample(run) is not None
    assert store.latest_checkpoint(run) == (100, lab.trainings[0].checkpoint())
    assert (store.path(run) / "generator.safetensors").read_bytes() == b"weights"
    store.finish(run, outcome)


def test_checkpoints_lie_at_their_exact_steps(
    store: RunStore, lab: FakeLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, _, run = begin(store, lab)
    written = []
    monkeypatch.setattr(store, "write_checkpoint", lambda run, step, data: written.append(step))
    session.train()
    assert written == [40, 80, 100]
    store.close(run)


@pytest.mark.parametrize("every", [1, 10])
def test_a_row_is_on_disk_before_the_next_one_is_made(
    store: RunStore, lab: FakeLab, every: int
) -> None:
    config = dataclasses.replace(SMALL, observe_every=every)
    session, _, run = begin(store, lab, config)
    unwritten = []

    def look(step: int) -> None:
        stored = [row["step"] for row in store.read(run, "metrics")[0]]
        unwritten.append(set(range(0, step, every)) - set(stored))

    lab.on_look = look
    session.train()
    assert len(unwritten) == 1 + 100 // every
    assert not any(unwritten)
    store.close(run)


@pytest.mark.parametrize(("step_seconds", "longest"), [(0.0, 50), (0.01, 20), (0.5, 1)])
def test_an_intent_waits_a_fifth_of_a_second_or_one_step(
    store: RunStore, lab: FakeLab, step_seconds: float, longest: int
) -> None:
    config = RunConfig(steps=300)
    clock = lambda: step_seconds * lab.trainings[0].step  # noqa: E731 - reads the fake's progress
    session, _, run = begin(store, lab, config, clock)
    session.train()
    assert max(steps for steps, _ in lab.trainings[0].calls) == longest
    store.close(run)


def test_a_patch_takes_effect_at_the_step_it_is_logged_with(store: RunStore, lab: FakeLab) -> None:
    ticks = count()

    def clock() -> float:
        if next(ticks) == 2:  # before the second advance, after step 1
            control.send({"lr_d": Scale(0.5)}, "remedy: Slow D")
        return 0.0

    session, control, run = begin(store, lab, clock=clock)
    session.train()
    (row,) = store.read(run, "patches")[0]
    rates = lab.trainings[0].rates
    assert row["patch"] == {"lr_d": {"scale": 0.5}}
    assert row["origin"] == "remedy: Slow D"
    assert (rates[row["step"] - 1], rates[row["step"]]) == (2e-4, 1e-4)
    assert store.info(run).config.lr_d == 1e-4
    store.close(run)


def test_a_patch_sent_before_the_first_step_is_applied_once(store: RunStore, lab: FakeLab) -> None:
    session, control, run = begin(store, lab)
    control.send({"lr_d": Scale(0.5)})
    session.train()
    assert lab.trainings[0].rates[1] == 1e-4
    assert store.read(run, "patches")[0][0]["step"] == 1
    store.close(run)


def test_a_patch_the_training_refuses_is_logged_and_harms_nothing(
    store: RunStore, lab: FakeLab
) -> None:
    session, control, run = begin(store, lab)
    control.send({"instance_noise": Set(0.5)})
    assert session.train().status is Status.FINISHED
    assert store.read(run, "patches")[0][0]["error"] == "the fake takes no noise"
    assert control.config().instance_noise == 0.0
    assert store.info(run).config.instance_noise == 0.0
    store.close(run)


def test_more_or_fewer_steps_can_be_asked_for_on_the_way(store: RunStore, lab: FakeLab) -> None:
    for steps in (130, 20):
        session, control, run = begin(store, lab)
        control.send({"steps": Set(steps)})
        assert session.train().step == steps
        store.close(run)


def test_a_patch_that_comes_with_the_last_step_is_not_lost(store: RunStore, lab: FakeLab) -> None:
    def clock() -> float:
        if lab.trainings[0].step == 100 and control.config().steps == 100:
            control.send({"steps": Set(110)})
        return 0.0

    session, control, run = begin(store, lab, clock=clock)
    assert session.train().step == 110
    store.close(run)


def test_a_run_stopped_in_the_queue_is_never_built(store: RunStore, lab: FakeLab) -> None:
    session, control, run = begin(store, lab)
    control.stop()
    outcome = session.train()
    assert (outcome.status, outcome.step) == (Status.STOPPED, 0)
    assert lab.trainings == []
    store.close(run)


def test_the_config_shown_is_what_the_training_was_built_with(
    store: RunStore, lab: FakeLab
) -> None:
    run = store.create(SMALL)
    asked = dataclasses.replace(SMALL, lr_d=0.5)  # a patch of before, with no checkpoint to it
    control = Control(asked)
    control.grant()
    job = Job(dataclasses.replace(store.info(run), settings=asked), control, lab, resumes=True)
    Session(job, store, Recorder(store, run, Panel())).train()
    assert control.config() == SMALL
    store.close(run)
