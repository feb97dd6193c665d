"""Widgets are drawn from the settings' own metadata."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.config import KNOBS, RunConfig
from ganlab.knob import Knob
from ganlab.ui import forms


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

    for knob in KNOBS.values():
        st.session_state.setdefault(knob.name, forms.shown(knob, knob.default))
        forms.draw(knob, key=knob.name, changed=lambda name, key: None)


def test_every_setting_has_a_widget_that_holds_its_default() -> None:
    app = AppTest.from_function(_all_knobs, default_timeout=30).run()
    assert not app.exception
    held = {name: app.session_state[name] for name in KNOBS}
    assert RunConfig.of(held) == RunConfig()


def test_a_learning_rate_is_a_slider_over_decades_and_a_choice_a_selectbox() -> None:
    app = AppTest.from_function(_all_knobs, default_timeout=30).run()
    assert app.select_slider(key="lr_d").value == 2e-4
    assert "hinge" in app.selectbox(key="loss").options
    assert app.selectbox(key="loss").label.endswith(forms.LIVE)
    assert not app.selectbox(key="architecture").label.endswith(forms.LIVE)
