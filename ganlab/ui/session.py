"""The lab that all browsers share, and what one browser looks at. Knows no chart and no form."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Callable
from typing import Any

import pandas  # noqa: F401  # before a worker does: Plotly stumbles over a half-imported pandas
import streamlit as st

import ganlab.lab
from ganlab.knob import ConfigError
from ganlab.runs.history import Readers, RunHistory
from ganlab.runs.manager import RunManager
from ganlab.runs.record import StoreError
from ganlab.ui import address, plain

RUN = "run"  # the selected run, in the state and in the URL
NEW = ""  # the selection that shows the form of a new run
EXAMINED = "examined"  # the run that the doctor's page shows; "" for the newest
CASE = "case"  # the opened case of the casebook, in the state and in the URL
_REFUSAL = "refusal"


@st.cache_resource(show_spinner=False)
def lab() -> RunManager:
    """The one manager of this server; it outlives reruns, refreshes and browsers."""
    manager = ganlab.lab.open_lab()
    atexit.register(manager.shutdown)
    # Should the server run without .streamlit/config.toml, its collections stay cheap.
    gc.collect()
    gc.freeze()
    return manager


@st.cache_resource(show_spinner=False)
def _readers() -> Readers:
    return Readers(lab().store)


def history(run: str) -> RunHistory:
    """The run's history, brought up to date; all browsers share one, which reads each row once."""
    return _readers().of(run)


def select(run: str) -> None:
    """Opens the run at the next full rerun."""
    address.choose(RUN, run)


def selected() -> str:
    """The run that this browser looks at; a new session takes it from its URL."""
    return address.chosen(RUN, RUN)


def examine(run: str) -> None:
    """Shows a script's run on the doctor's page at the next full rerun; "" for the newest."""
    address.choose(EXAMINED, run)


def examined() -> str:
    """The run that this browser has chosen there; a new session takes it from its URL."""
    return address.chosen(EXAMINED, RUN)


def open_case(slug: str) -> None:
    """Opens the case at the next full rerun; "" closes it."""
    address.choose(CASE, slug)


def opened_case() -> str:
    """The case that this browser reads, or ""; a new session takes it from its URL."""
    return address.chosen(CASE, CASE)


def attempt(action: Callable[..., object], *args: Any) -> None:
    """Does it, or keeps the refusal's text for the page to show; nothing else changes."""
    st.session_state[_REFUSAL] = ""
    try:
        action(*args)
    except (ConfigError, StoreError) as refusal:
        st.session_state[_REFUSAL] = str(refusal)


def act(run: str, action: Callable[..., object], *args: Any) -> None:
    """Attempts what a button on the run's page does, unless that page has been left by now."""
    if run == selected():
        attempt(action, *args)


def drop_refusal() -> None:
    """Forgets what was refused last."""
    st.session_state[_REFUSAL] = ""


def show_refusal() -> None:
    """Draws the refusal of the last attempt, until the next one."""
    if text := st.session_state.get(_REFUSAL):
        st.error(plain.text(text), icon=":material/block:")
