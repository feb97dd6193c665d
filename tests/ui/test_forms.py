"""Widgets are drawn from the settings' own metadata."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.config import KNOBS, RunConfig
from ganlab.knob import Knob
from ganlab.ui import forms
from tests.ui.widgets import widget_of


def test_labels_are_words_and_name_the_network() -> None:
    assert forms.label(KNOBS["lr_d"]) == "learning rate of D"
    assert forms.label(KNOBS["gp_weight"]) == "gradient penalty weight"
    assert forms.label(KNOBS["data"]) == "data"


@pytest.mark.parametrize("knob", KNOBS.values(), ids=KNOBS)
def test_every_tooltip_has_the_doc_the_allowed_values_and_the_name_for_the_command_line(
    knob: Knob,
) -> None:
    text = forms.tooltip(knob)
    assert knob.doc in text
    assert knob.allowed() in text
    assert knob.source in text
    assert f"`{knob.name}`" in text


def test_a_setting_without_a_say_is_not_shown() -> None:
    under_adam, under_sgd = vars(RunConfig()), vars(RunConfig(optimizer_d="sgd"))
    assert forms.applies(KNOBS["beta1_d"], under_adam)
    assert not forms.applies(KNOBS["beta1_d"], under_sgd)


def test_the_rate_slider_stops_at_the_value_itself() -> None:
    stops = forms.rates(1.23e-4)
    assert 1.23e-4 in stops
    assert stops == sorted(set(stops))


def _all_knobs() -> None:
    import streamlit as st

    from ganlab.config import KNOBS
    from ganlab.ui import forms

    moved = st.session_state.setdefault("moved", {})
    for knob in KNOBS.values():
        value = moved.get(knob.name, knob.default)
        wrong = forms.refusals({knob.name: value}).get(knob.name, "")
        forms.draw(
            knob,
            value,
            place="p",
            heard=lambda name, move: moved.update({name: move.new}),
            wrong=wrong,
        )


def drawn() -> AppTest:
    """Every setting's widget at its default."""
    app = AppTest.from_function(_all_knobs, default_timeout=30).run()
    assert not app.exception
    return app


def test_every_setting_has_a_widget_that_holds_its_default() -> None:
    app = drawn()
    held = {name: widget_of(app, "p", name).value for name in KNOBS}
    assert RunConfig.of(held) == RunConfig()


def test_a_learning_rate_is_a_slider_over_decades_and_a_choice_a_selectbox() -> None:
    app = drawn()
    assert widget_of(app, "p", "lr_d").type == "select_slider"
    assert "hinge" in widget_of(app, "p", "loss").options
    assert widget_of(app, "p", "loss").label.endswith(forms.LIVE)
    assert not widget_of(app, "p", "architecture").label.endswith(forms.LIVE)


@pytest.mark.parametrize(("name", "value"), [("steps", 1e9), ("seed", 0.5), ("batch_size", 0.0)])
def test_a_number_that_cannot_be_keeps_standing_and_the_field_says_why(
    name: str, value: float
) -> None:
    app = drawn()
    widget_of(app, "p", name).set_value(value).run()
    assert widget_of(app, "p", name).value == value
    assert any(KNOBS[name].allowed() in element.value for element in app.markdown)


def test_a_widget_holds_what_a_person_set_it_to_under_the_same_key() -> None:
    app = drawn()
    before = widget_of(app, "p", "lr_d")
    before.set_value(1e-3).run()
    after = widget_of(app, "p", "lr_d")
    assert (after.value, after.key) == (1e-3, before.key)


def test_each_setting_that_cannot_be_is_refused_by_itself() -> None:
    found = forms.refusals(dict(RunConfig()) | {"hidden_g": "64, oops", "steps": 1e9})
    assert found.keys() == {"hidden_g", "steps"}
    assert "'64, oops'" in found["hidden_g"] and "steps" in found["steps"]


def test_a_combination_is_refused_at_each_of_its_settings() -> None:
    found = forms.refusals(dict(RunConfig()) | {"loss": "hinge"})
    assert found.keys() == {"loss", "head"}
    assert len(set(found.values())) == 1
    assert forms.refusals(dict(RunConfig())) == {}
