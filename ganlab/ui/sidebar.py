"""The sidebar of the lab: which run, how it is drawn, how many train at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import streamlit as st

from ganlab.runs.record import RunInfo
from ganlab.ui import address, bound, damage, header, plain, session
from ganlab.ui.charts import View


def choose_run() -> str:
    """The run named in the URL or chosen here; NEW for the form of the next one."""
    every = {info.id: info for info in session.lab().runs()}
    runs = {run: info for run, info in every.items() if info.settings is not None}
    address.follow(session.RUN, session.RUN)
    asked = session.selected()
    if asked in every and asked not in runs:  # of a script: nothing here could be changed
        session.select(session.NEW)
        session.examine(asked)
        st.switch_page("pages/doctor.py")
    if asked and asked not in runs and (reason := damage.reason(asked)):
        damage.show(reason)
        session.select(asked := session.NEW)
    elif asked and asked not in runs:
        st.warning(
            f"There is no run {plain.named(asked)} here. Choose one in the sidebar, or "
            "train a new one."
        )
        session.drop_refusal()  # what was refused, was refused for that reason
        session.select(asked := session.NEW)
    key, _ = bound.field("sidebar", "run", asked)
    choices = _choices(runs)
    with st.sidebar:
        st.selectbox(
            "Run",
            [session.NEW, *runs],
            format_func=lambda run: choices[run],
            index=[session.NEW, *runs].index(asked),
            key=key,
            on_change=_chosen,
            args=(key,),
        )
        st.button(
            "New run",
            icon=":material/add:",
            width="stretch",
            disabled=not asked,
            on_click=session.select,
            args=(session.NEW,),
        )
    # By hand: bound to the URL, the selectbox would write the label there instead of the id.
    address.write(session.RUN, session.RUN, asked)
    return asked


def _chosen(key: str) -> None:
    if move := bound.moved("sidebar", "run", key):
        session.select(move.new)


def _choices(runs: Mapping[str, RunInfo]) -> dict[str, str]:
    """What each run is called in the list; the browser answers with the name, so no two are equal.

    Those of one name and one second are told apart by the end of their ids.
    """
    names = {run: _choice(info) for run, info in runs.items()}
    often = Counter(names.values())
    named = {
        run: f"{name} · {run[-8:]}" if often[name] > 1 else name for run, name in names.items()
    }
    return {session.NEW: "New run", **named}


def _choice(info: RunInfo) -> str:
    return f"{header.title(info)} · {damage.created(info, '%d %b %H:%M:%S')}"


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
            persist_state="session",
            help="Share of the past in each point of the bold line; the faint line is as measured.",
        )
        axis = st.segmented_control(
            "x axis",
            ["steps", "seconds"],
            default="steps",
            required=True,
            key="axis",
            persist_state="session",
        )
        log = st.toggle("Logarithmic losses", key="log", persist_state="session")
        rate = st.segmented_control(
            "Refreshes a second",
            [1, 2, 4],
            default=2,
            required=True,
            key="rate",
            persist_state="session",
        )
    return View(run, seconds=axis == "seconds", smoothing=smoothing, log=log), float(rate)


def slots() -> None:
    """One or two runs at a time; further ones queue."""
    with st.sidebar:
        key, count = bound.field("sidebar", "slots", session.lab().slots)
        st.segmented_control(
            "Runs that train at once",
            [1, 2],
            default=count,
            key=key,
            required=True,
            on_change=_set_slots,
            args=(key,),
            help="Further runs queue. Two small runs at once halve each other's speed.",
        )


def _set_slots(key: str) -> None:
    if move := bound.moved("sidebar", "slots", key):
        session.lab().slots = move.new
