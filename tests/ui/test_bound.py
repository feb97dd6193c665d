"""A widget bound to a value that lives elsewhere hears of persons only."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def _page() -> None:
    import streamlit as st

    from ganlab.ui import bound

    state = st.session_state
    state.setdefault("value", 1.0)
    moves = state.setdefault("moves", [])

    def heard(key: str) -> None:
        if move := bound.moved("run", "rate", key):
            moves.append((move.old, move.new))
            state["value"] = state.get("answer", move.new)

    bound.begin()
    if state.get("there", True):
        key, default = bound.field("run", "rate", state["value"])
        st.number_input("rate", value=default, key=key, on_change=heard, args=(key,))
    state["late"] = bound.moved("run", "rate", state.get("asked", ""))


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(_page, default_timeout=30).run()


def key(app: AppTest) -> str:
    """The widget's key now."""
    return str(app.number_input[0].key)


def test_a_person_s_move_is_told_once_with_what_the_widget_showed(app: AppTest) -> None:
    before = key(app)
    app.number_input[0].set_value(2.0).run()
    app.run()
    assert app.session_state["moves"] == [(1.0, 2.0)]
    assert key(app) == before


def test_a_value_moved_by_others_is_shown_under_a_new_key_and_is_no_move(app: AppTest) -> None:
    before = key(app)
    app.session_state["value"] = 3.0
    app.run()
    assert (app.number_input[0].value, app.session_state["moves"]) == (3.0, [])
    assert key(app) != before


def test_a_widget_that_was_away_comes_back_under_a_new_key(app: AppTest) -> None:
    before = key(app)
    app.session_state["there"] = False
    app.run()
    app.session_state["there"] = True
    app.run()
    assert key(app) != before
    assert app.session_state["moves"] == []


def test_a_move_that_was_not_taken_is_not_left_standing(app: AppTest) -> None:
    app.session_state["answer"] = 1.0
    app.number_input[0].set_value(2.0).run()
    assert app.number_input[0].value == 1.0
    app.number_input[0].set_value(2.0).run()
    assert app.session_state["moves"] == [(1.0, 2.0), (1.0, 2.0)]


def test_an_answer_for_a_key_of_the_past_is_nobody_s_move(app: AppTest) -> None:
    app.session_state["asked"] = key(app)
    app.session_state["value"] = 3.0
    app.run()
    assert app.session_state["late"] is None


def test_an_answer_while_the_widget_is_away_is_nobody_s_move(app: AppTest) -> None:
    app.session_state["asked"] = key(app)
    app.session_state["there"] = False
    app.run()
    assert app.session_state["late"] is None


def test_two_sessions_never_share_a_key(app: AppTest) -> None:
    assert key(app) != key(AppTest.from_function(_page, default_timeout=30).run())
