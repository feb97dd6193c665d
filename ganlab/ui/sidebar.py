"""The sidebar of the lab: which run, how it is drawn, how many train at once."""

from __future__ import annotations

import streamlit as st

from ganlab.runs.record import RunInfo
from ganlab.ui import session
from ganlab.ui.charts import View


def choose_run() -> str:
    """The run named in the URL or chosen here; NEW for the form of the next one."""
    runs = {info.id: info for info in session.lab().runs()}
    asked = st.query_params.get(session.RUN)
    if asked and asked not in runs:
        st.warning(
            f"There is no run {asked!r} here. Choose one in the sidebar, or train a new one."
        )
    with st.sidebar:
        chosen: str = st.selectbox(
            "Run",
            [session.NEW, *runs],
            format_func=lambda run: title(runs[run]) if run else "New run",
            key=session.RUN,
            bind="query-params",
        )
        st.button(
            "New run",
            icon=":material/add:",
            width="stretch",
            disabled=not chosen,
            on_click=session.select,
            args=(session.NEW,),
        )
    return chosen


def title(info: RunInfo) -> str:
    """A run in a list."""
    return f"{info.name} · {info.id}" if info.name else info.id


def view(run: str) -> tuple[View, float]:
    """How the reader wants the curves, and how many refreshes a second."""
    with st.expander("Curves"):
        smoothing = st.slider(
            "Smoothing",
            0.0,
            0.99,
            0.8,
            0.01,
            key="smoothing",
            help="Share of the past in each point of the bold line; the faint line is as measured.",
        )
        axis = st.segmented_control(
            "x axis", ["steps", "seconds"], default="steps", required=True, key="axis"
        )
        log = st.toggle("Logarithmic losses", key="log")
        rate = st.segmented_control(
            "Refreshes a second", [1, 2, 4], default=2, required=True, key="rate"
        )
    return View(run, seconds=axis == "seconds", smoothing=smoothing, log=log), float(rate)


def slots() -> None:
    """One or two runs at a time; further ones queue."""
    with st.sidebar:
        st.session_state["slots"] = session.lab().slots
        st.segmented_control(
            "Runs that train at once",
            [1, 2],
            key="slots",
            required=True,
            on_change=_set_slots,
            help="Further runs queue. Two small runs at once halve each other's speed.",
        )


def _set_slots() -> None:
    session.lab().slots = st.session_state["slots"]
