"""The settings that the lab is for, ways to break a run, and the way back."""

from __future__ import annotations

import time
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.config import RunConfig, Set
from ganlab.runs.manager import RunManager
from ganlab.ui import forms
from tests.ui.test_lab_page import open_run, refused_at
from tests.ui.widgets import widget_of


def press(app: AppTest, label: str) -> AppTest:
    """Presses the one button of this name."""
    (button,) = (one for one in app.button if one.label == label)
    return button.click().run()


def disabled(app: AppTest, label: str) -> bool:
    """Whether the one button of this name cannot be pressed."""
    (button,) = (one for one in app.button if one.label == label)
    return bool(button.disabled)


def told(lab: RunManager, run: str, count: int) -> list[dict[str, Any]]:
    """The run's patches, once there are so many."""
    until = time.monotonic() + 20
    while len(rows := lab.store.read(run, "patches")[0]) < count and time.monotonic() < until:
        lab.wait(run, timeout=0.01)
    return [{"patch": row["patch"], "origin": row["origin"]} for row in rows]


@pytest.mark.parametrize("trains", [False, True], ids=["form", "run"])
def test_the_chief_settings_stand_open_on_the_page(
    app: AppTest, lab: RunManager, trains: bool
) -> None:
    place = open_run(app, lab) if trains else "new"
    app.run()
    folded = {widget.key for box in app.expander for widget in (*box.selectbox, *box.select_slider)}
    for name in forms.CHIEF:
        assert widget_of(app, place, name).key not in folded


def test_each_widget_patches_the_run_by_its_own_setting_alone(
    app: AppTest, lab: RunManager
) -> None:
    run = open_run(app, lab)
    for name, value in (("optimizer_d", "sgd"), ("output", "linear"), ("optimizer_g", "rmsprop")):
        widget_of(app, run, name).select(value).run()
    assert told(lab, run, 3) == [
        {"patch": {name: {"set": value}}, "origin": "user"}
        for name, value in (
            ("optimizer_d", "sgd"), ("output", "linear"), ("optimizer_g", "rmsprop"),
        )
    ]  # fmt: skip


def test_a_break_patches_the_run_and_says_so(app: AppTest, lab: RunManager) -> None:
    run = open_run(app, lab)
    press(app, "Sigmoid output")
    assert told(lab, run, 1) == [
        {"patch": {"output": {"set": "sigmoid"}}, "origin": "break: Sigmoid output"}
    ]
    assert disabled(app, "Sigmoid output")


def test_undo_goes_one_change_further_back_each_time_and_never_forth(
    app: AppTest, lab: RunManager
) -> None:
    run = open_run(app, lab)
    assert disabled(app, "Undo last")
    widget_of(app, run, "optimizer_d").select("sgd").run()
    press(app, "Sigmoid output")
    told(lab, run, 2)
    for _ in range(2):
        app.run()
        press(app, "Undo last")
    rows = told(lab, run, 4)
    assert [row["patch"] for row in rows[2:]] == [
        {"output": {"set": "tanh"}}, {"optimizer_d": {"set": "adam"}},
    ]  # fmt: skip
    app.run()
    assert disabled(app, "Undo last")
    assert lab.info(run).config == RunConfig.of({"steps": 10_000_000, "observe_every": 10})


def test_undo_reaches_a_slider_that_has_not_come_to_rest(app: AppTest, lab: RunManager) -> None:
    run = open_run(app, lab)
    widget_of(app, run, "lr_d").set_value(1e-3).run()
    press(app, "Undo last")
    assert [row["patch"] for row in told(lab, run, 2)] == [
        {"lr_d": {"set": 1e-3}}, {"lr_d": {"set": 2e-4}},
    ]  # fmt: skip


def test_a_widget_that_shows_what_the_run_no_longer_has_changes_nothing(
    app: AppTest, lab: RunManager
) -> None:
    run = open_run(app, lab)
    slider = widget_of(app, run, "lr_d")
    lab.patch(run, {"lr_d": Set(5e-3)}, origin="another browser")
    slider.set_value(1e-3).run()
    assert [row["origin"] for row in told(lab, run, 1)] == ["another browser"]
    assert widget_of(app, run, "lr_d").value == 5e-3
    assert any("changed elsewhere" in element.value for element in app.markdown)


def test_a_number_out_of_range_is_refused_at_its_field(app: AppTest, lab: RunManager) -> None:
    run = open_run(app, lab)
    widget_of(app, run, "steps").set_value(1e9).run()
    assert refused_at(app, "steps is 1000000000; allowed") == [f"steps {forms.LIVE}"]
    assert widget_of(app, run, "steps").value == 10_000_000
    assert lab.store.read(run, "patches")[0] == []


def test_what_is_refused_only_as_it_is_applied_is_told_at_its_field_too(
    app: AppTest, lab: RunManager
) -> None:
    run = open_run(app, lab)
    widget_of(app, run, "n_critic").set_value(3.0).run()
    told(lab, run, 1)
    app.run()
    assert refused_at(app, "n_critic is refused here") == [f"n critic {forms.LIVE}"]
    assert widget_of(app, run, "n_critic").value == 1


def test_a_break_and_its_undo_on_the_form_start_nothing(app: AppTest, lab: RunManager) -> None:
    app.run()
    assert disabled(app, "Undo last")
    press(app, "SGD at 0.1")
    assert widget_of(app, "new", "optimizer_d").value == "momentum"
    press(app, "D 10× slower")
    assert widget_of(app, "new", "lr_d").value == pytest.approx(0.01)
    press(app, "Undo last")
    press(app, "Undo last")
    assert widget_of(app, "new", "optimizer_d").value == "adam"
    assert disabled(app, "Undo last")
    assert lab.runs() == []


def test_train_is_disabled_while_a_number_is_out_of_range(app: AppTest) -> None:
    app.run()
    widget_of(app, "new", "steps").set_value(1e9).run()
    assert disabled(app, "Train a GAN")
    assert widget_of(app, "new", "steps").value == 1e9
    widget_of(app, "new", "steps").set_value(500).run()
    assert not disabled(app, "Train a GAN")
