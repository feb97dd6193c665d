"""The mailbox of one run, without a thread where none is needed."""

from __future__ import annotations

import threading

import pytest

from ganlab.config import ConfigError, RunConfig, Scale, Set
from ganlab.runs import Control, NotLive, Status
from tests.runs.fakes import PATIENCE

CONFIG = RunConfig(lr_d=0.5)


@pytest.fixture
def control() -> Control:
    return Control(CONFIG)


def test_a_run_goes_freely_once_it_has_its_slot(control: Control) -> None:
    assert not control.turn(timeout=0).free
    control.grant()
    assert control.turn(timeout=0).free


def test_the_status_follows_the_intents(control: Control) -> None:
    seen = [control.status]
    for intent in (control.grant, control.pause, control.grant, control.resume, control.grant):
        intent()
        seen.append(control.status)
    assert [status.value for status in seen] == [
        "queued", "running", "paused", "paused", "queued", "running",
    ]  # fmt: skip


def test_a_paused_run_does_nothing_until_it_is_resumed_and_has_a_slot(control: Control) -> None:
    control.grant()
    control.pause()
    turn = control.turn(timeout=0)
    assert not (turn.free or turn.single or turn.stop)
    control.resume()
    assert not control.turn(timeout=0).free
    control.grant()
    assert control.turn(timeout=0).free


def test_single_steps_are_taken_one_by_one_and_used_up(control: Control) -> None:
    control.step(2)
    assert control.status is Status.PAUSED
    assert [control.turn(timeout=0).single for _ in range(3)] == [True, True, False]


def test_resuming_forgets_the_single_steps_not_yet_taken(control: Control) -> None:
    control.step(5)
    control.resume()
    control.pause()
    assert not control.turn(timeout=0).single


def test_fewer_than_one_step_is_refused(control: Control) -> None:
    with pytest.raises(ValueError, match="allowed: at least 1"):
        control.step(0)


@pytest.mark.parametrize("prepare", ["pause", "resume", "grant"])
def test_a_stop_reaches_a_run_in_every_state(control: Control, prepare: str) -> None:
    getattr(control, prepare)()
    control.stop()
    assert not control.begin()
    assert control.turn(timeout=0).stop


def test_a_stopped_run_takes_no_single_step_any_more(control: Control) -> None:
    control.step()
    control.stop()
    assert not control.turn(timeout=0).single


def test_an_intent_wakes_a_waiting_worker(control: Control) -> None:
    turns = []
    worker = threading.Thread(target=lambda: turns.append(control.turn(PATIENCE)))
    worker.start()
    control.send({"lr_d": Set(0.1)})
    worker.join(PATIENCE)
    assert turns[0].requests[0].patch == {"lr_d": Set(0.1)}


def test_the_config_shows_a_patch_before_and_after_it_is_applied(control: Control) -> None:
    control.send({"lr_d": Scale(0.5)}, "remedy: Slow D")
    control.send({"lr_d": Scale(0.5)})
    assert control.config().lr_d == 0.125
    first, second = control.pending()
    assert (first.origin, second.origin) == ("remedy: Slow D", "user")
    control.applied(first, CONFIG.patched(first.patch))
    assert control.pending() == (second,)
    assert control.config().lr_d == 0.125


def test_the_config_forgets_a_patch_that_the_training_refused(control: Control) -> None:
    control.send({"lr_d": Scale(0.5)})
    control.applied(control.pending()[0], CONFIG)
    assert control.config() == CONFIG


@pytest.mark.parametrize(
    ("patch", "text"),
    [
        ({"lr_d": Set(0.1), "batch_size": Set(8)}, "batch_size cannot change while a run trains"),
        ({"lr_d": Set(-1.0)}, "lr_d is -1.0"),
        ({"lrd": Set(0.1)}, "no field 'lrd'"),
        ({"loss": Set("hinge")}, "set head=logits"),
    ],
)
def test_a_patch_that_is_not_hot_or_impossible_changes_nothing(
    control: Control, patch: dict[str, Set], text: str
) -> None:
    with pytest.raises(ConfigError, match=text):
        control.send(patch)
    assert control.config() == CONFIG
    assert control.pending() == ()


def test_a_patch_is_judged_together_with_those_before_it(control: Control) -> None:
    control.send({"head": Set("logits")})
    control.send({"loss": Set("hinge")})
    assert control.config().loss == "hinge"


def test_a_patch_that_hung_on_a_refused_one_falls_with_it(control: Control) -> None:
    control.send({"head": Set("logits")})
    control.send({"loss": Set("hinge")})
    control.applied(control.pending()[0], CONFIG)
    assert control.config() == CONFIG


def test_the_mailbox_closes_only_when_it_is_empty(control: Control) -> None:
    control.send({"lr_d": Set(0.1)})
    assert not control.close()
    control.applied(control.pending()[0], CONFIG)
    assert control.close()
    with pytest.raises(NotLive, match="Reopen it"):
        control.send({"lr_d": Set(0.1)})


def test_a_patch_after_the_stop_is_refused_not_lost(control: Control) -> None:
    control.stop()
    with pytest.raises(NotLive, match="has ended"):
        control.send({"lr_d": Set(0.1)})


class Clock:
    """A clock that stands until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def requested(control: Control) -> list[dict[str, object]]:
    """What the worker is asked for at this moment."""
    return [dict(request.patch) for request in control.turn(timeout=0).requests]


def drag(control: Control, clock: Clock, *values: float) -> None:
    """Moves D's learning rate through the values, half a second each."""
    for value in values:
        clock.now += 0.5
        control.send({"lr_d": Set(value)}, rest=0.7)


def test_a_slider_on_its_way_is_one_patch_once_it_has_come_to_rest() -> None:
    control = Control(CONFIG, clock := Clock())
    drag(control, clock, 0.1, 0.2, 0.3)
    assert control.config().lr_d == 0.3
    assert requested(control) == []
    clock.now += 0.8
    assert requested(control) == [{"lr_d": Set(0.3)}]


def test_a_slider_moved_forth_and_back_is_no_patch() -> None:
    control = Control(CONFIG, clock := Clock())
    drag(control, clock, 0.1, 0.5)
    clock.now += 0.8
    assert (requested(control), control.pending()) == ([], ())


def test_another_setting_ends_a_slider_s_way_and_keeps_the_order() -> None:
    control = Control(CONFIG, clock := Clock())
    drag(control, clock, 0.1)
    control.send({"lr_g": Set(0.1)}, rest=0.7)
    assert requested(control) == [{"lr_d": Set(0.1)}]
    drag(control, clock, 0.2)
    assert requested(control) == [{"lr_d": Set(0.1)}, {"lr_g": Set(0.1)}]


def test_factors_and_other_people_s_patches_are_never_merged() -> None:
    control = Control(CONFIG, clock := Clock())
    control.send({"lr_d": Scale(0.5)}, rest=0.7)
    control.send({"lr_d": Scale(0.5)}, rest=0.7)
    control.send({"lr_d": Set(0.2)}, "remedy: Slow D", rest=0.7)
    clock.now += 0.8
    assert len(requested(control)) == 3


def test_a_slider_on_its_way_is_taken_when_the_run_stops_or_its_steps_are_done() -> None:
    stopped, ended = (Control(CONFIG, clock := Clock()) for _ in range(2))
    for control in (stopped, ended):
        drag(control, clock, 0.1)
    stopped.stop()
    assert requested(stopped) == [{"lr_d": Set(0.1)}]
    assert not ended.close()
    assert requested(ended) == [{"lr_d": Set(0.1)}]


def test_a_worker_wakes_when_a_slider_has_come_to_rest() -> None:
    control = Control(CONFIG)
    control.send({"lr_d": Set(0.1)}, rest=0.05)
    while not (requests := control.turn(timeout=PATIENCE).requests):
        pass
    assert [dict(request.patch) for request in requests] == [{"lr_d": Set(0.1)}]
