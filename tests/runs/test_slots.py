"""Who may train, as a table of intents."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ganlab.config import ConfigError, RunConfig
from ganlab.runs.control import Control
from ganlab.runs.slots import Slots


class Alarm:
    """Rings when the test says so."""

    def __init__(self, seconds: float, act: Callable[[], None]) -> None:
        self.seconds, self.act, self.off = seconds, act, False

    def cancel(self) -> None:
        self.off = True


class Board:
    """Three runs a, b, c that entered in this order, and their states in words."""

    def __init__(self, count: int, hold: float = 60.0) -> None:
        self.alarms: list[Alarm] = []
        self.slots = Slots(count, hold, self._after)
        self.controls = {run: Control(RunConfig()) for run in "abc"}
        for run, control in self.controls.items():
            self.slots.enter(run, control)

    def _after(self, seconds: float, act: Callable[[], None]) -> Alarm:
        self.alarms.append(Alarm(seconds, act))
        return self.alarms[-1]

    def wait(self) -> None:
        """Until every alarm has rung."""
        for alarm in [alarm for alarm in self.alarms if not alarm.off]:
            alarm.act()

    def act(self, verb: str, run: str = "") -> None:
        if verb == "wait":
            self.wait()
            return
        getattr(self.slots, verb)(run, *([1] if verb == "step" else []))
        if verb == "leave":
            del self.controls[run]

    def __str__(self) -> str:
        return " ".join(control.status.value for control in self.controls.values())


@pytest.mark.parametrize(
    ("count", "intents", "states"),
    [
        (1, [], "running queued queued"),
        (2, [], "running running queued"),
        (9, [], "running running running"),
        (1, ["pause a"], "paused queued queued"),
        (1, ["pause a", "wait"], "paused running queued"),
        (1, ["pause a", "resume a"], "running queued queued"),
        (1, ["pause a", "resume a", "wait"], "running queued queued"),
        (1, ["pause a", "step a", "resume a"], "running queued queued"),
        (1, ["pause a", "wait", "resume a"], "queued running queued"),
        (1, ["pause a", "wait", "resume a", "leave b"], "queued running"),
        (1, ["pause a", "wait", "resume a", "leave b", "leave c"], "running"),
        (1, ["pause a", "wait", "pause a"], "paused running queued"),
        (1, ["pause a", "leave a"], "running queued"),
        (1, ["pause a", "stop a"], "paused running queued"),
        (2, ["pause a"], "paused running queued"),
        (2, ["pause a", "wait"], "paused running running"),
        (1, ["pause b"], "running paused queued"),
        (1, ["pause b", "leave a"], "paused running"),
        (1, ["resume a", "resume b"], "running queued queued"),
        (1, ["stop b", "leave a"], "queued running"),
        (1, ["stop a"], "running queued queued"),
        (1, ["step a"], "paused queued queued"),
        (1, ["step a", "wait"], "paused running queued"),
        (1, ["step c", "leave a"], "running paused"),
    ],
)
def test_slots_go_first_come_first_served(count: int, intents: list[str], states: str) -> None:
    board = Board(count)
    for intent in intents:
        board.act(*intent.split())
    assert str(board) == states


def test_the_queue_is_visible_in_its_order() -> None:
    board = Board(1)
    assert board.slots.queue() == ["b", "c"]
    board.slots.pause("a")
    assert board.slots.holders() == ["a"]
    board.wait()
    assert board.slots.holders() == ["b"]
    board.slots.resume("a")
    assert board.slots.queue() == ["c", "a"]


def test_a_paused_run_keeps_its_slot_for_as_long_as_is_said() -> None:
    board = Board(1, hold=30.0)
    board.slots.pause("a")
    assert [alarm.seconds for alarm in board.alarms] == [30.0]


def test_without_a_hold_a_paused_run_frees_its_slot_at_once() -> None:
    board = Board(1, hold=0.0)
    board.slots.pause("a")
    assert str(board) == "paused running queued"


def test_no_alarm_is_left_once_the_slots_are_closed() -> None:
    board = Board(1)
    board.slots.pause("a")
    board.slots.close()
    assert all(alarm.off for alarm in board.alarms)


def test_more_slots_start_queued_runs_and_fewer_stop_none() -> None:
    board = Board(1)
    board.slots.resize(2)
    assert str(board) == "running running queued"
    board.slots.resize(1)
    assert str(board) == "running running queued"
    board.act("leave", "a")
    assert str(board) == "running queued"


def test_less_than_one_slot_is_refused() -> None:
    with pytest.raises(ConfigError, match="slots is 0; allowed: at least 1"):
        Slots(0)
