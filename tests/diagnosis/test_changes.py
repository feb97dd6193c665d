"""What was changed while a run trained, as its log of patches says."""

from __future__ import annotations

from typing import Any

from ganlab.causes.changes import last_to_undo
from ganlab.config import RunConfig, Set
from ganlab.diagnosis import changes_of

CONFIG = RunConfig()


def row(step: int, **values: Any) -> dict[str, Any]:
    return {"step": step, "patch": {name: {"set": value} for name, value in values.items()}}


def test_a_change_knows_what_was_before_it_and_how_to_take_it_back() -> None:
    (change,) = changes_of(CONFIG, [row(100, lr_d=0.02)])
    assert (change.before, change.after) == ({"lr_d": 2e-4}, {"lr_d": 0.02})
    assert change.undo == {"lr_d": Set(2e-4)}


def test_a_scaled_setting_is_told_by_its_values() -> None:
    (change,) = changes_of(CONFIG, [{"step": 5, "patch": {"lr_g": {"scale": 100.0}}}])
    assert change.after == {"lr_g": 0.02}


def test_what_was_refused_or_left_everything_as_it_was_is_no_change() -> None:
    refused = row(10, lr_d=0.1) | {"error": "no"}
    assert changes_of(CONFIG, [refused, row(20, lr_d=2e-4)]) == ()


def test_an_undo_and_what_it_takes_back_know_each_other() -> None:
    broken, undo = changes_of(CONFIG, [row(10, lr_d=0.1), row(50, lr_d=2e-4)])
    assert (broken.undone, undo.undoes) == (50, 10)


def test_a_setting_that_moved_on_is_not_taken_back_by_its_first_value() -> None:
    rows = [row(10, lr_d=0.1), row(20, lr_d=0.2), row(30, lr_d=2e-4)]
    assert [change.undone for change in changes_of(CONFIG, rows)] == [None, None, None]


def test_undoing_goes_back_one_further_each_time_and_never_forth() -> None:
    rows = [row(10, lr_d=0.1), row(20, output="sigmoid")]
    last = last_to_undo(changes_of(CONFIG, rows))
    assert last is not None and last.undo == {"output": Set("tanh")}
    rows.append(row(30, output="tanh"))
    last = last_to_undo(changes_of(CONFIG, rows))
    assert last is not None and last.undo == {"lr_d": Set(2e-4)}
    rows.append(row(40, lr_d=2e-4))
    assert last_to_undo(changes_of(CONFIG, rows)) is None


def test_a_log_of_another_version_is_read_as_far_as_it_is_known() -> None:
    rows = [row(10, removed_setting=1), row(20, lr_d=0.1)]
    assert [change.step for change in changes_of(CONFIG, rows)] == [20]
