"""The one polling fragment: reads what is new of a run and draws it. Trains nothing."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from ganlab.finding import patch_of_row
from ganlab.runs.history import RunHistory
from ganlab.runs.record import RunInfo, Status, StoredSample, StoreError
from ganlab.ui import (
    cards,
    charts,
    controls,
    diagnosis,
    header,
    meters,
    pictures,
    plot,
    queueing,
    samples,
    session,
    timeline,
    voice,
)
from ganlab.ui.charts import Column, Mark, View


class Tick(NamedTuple):
    """What one refresh cost this server."""

    wall: float  # seconds
    cpu: float  # seconds of this thread


TICKS: deque[Tick] = deque(maxlen=2000)
_TIMINGS = os.environ.get("GANLAB_UI_TIMINGS")  # a file, one line a refresh: for `bench ui`


def show(view: View, rate: float) -> None:
    """Draws the run, and again `rate` times a second while it is live."""
    plot.load_library()
    live = session.lab().info(view.run).status.live
    st.fragment(_timed, run_every=1 / rate if live else None)(view, live)


def _timed(view: View, live: bool) -> None:
    wall, cpu = time.perf_counter(), time.thread_time()
    try:
        _tick(view, live)
    except StoreError as problem:  # deleted by another browser, say
        st.error(str(problem), icon=":material/block:")
    tick = Tick(time.perf_counter() - wall, time.thread_time() - cpu)
    TICKS.append(tick)
    if _TIMINGS:
        with open(_TIMINGS, "a") as file:
            file.write(f"{tick.wall} {tick.cpu}\n")


def _tick(view: View, live: bool) -> None:
    info, history = session.lab().info(view.run), session.history(view.run)
    if info.status.live != live or controls.stale(view.run, info.config):
        st.rerun()
    header.draw(info, history)
    session.show_refusal()
    _trouble(info)
    store = session.lab().store
    sample = store.sample(view.run)
    left, right = st.columns([5, 6], gap="medium")
    with left:
        samples.draw(view.run, sample, store.real_sample(view.run))
        st.html(meters.meters(history.last()))
        _findings(info, history)
    with right:
        curves(view, history)
    _story(view, history, sample)


def _trouble(info: RunInfo) -> None:
    if info.error or info.status == Status.FAILED:
        st.error(info.error or "The run failed.", icon=":material/error:")
        with st.expander("Traceback"):
            st.code(info.traceback or "none was written", language="python")
    elif info.status == Status.INTERRUPTED:
        st.warning(
            "The server ended while this run trained. Everything up to its last row is here; "
            "continue it from its latest checkpoint.",
            icon=":material/power_off:",
        )
    elif info.status == Status.QUEUED:
        queueing.draw(info.id)


def _findings(info: RunInfo, history: RunHistory) -> None:
    st.markdown("**Diagnosis and findings**")
    with st.container(height=420, key="findings", border=False):
        if not history.last() and not info.error:
            st.caption("Nothing measured yet.")
            return
        voice.say(voice.findings(timeline.open_findings(history.findings())))
        diagnosis.draw(diagnosis.suspects(info, history))
        cards.findings(
            timeline.open_findings(history.findings()),
            history.patches(),
            live=info.status.live,
            cure=lambda finding, remedy: session.attempt(_cure, info, finding, remedy),
        )


def _cure(info: RunInfo, finding: timeline.Row, remedy: timeline.Row) -> None:
    """Applies a hot remedy to the live run; starts a new run with any other. Once a finding."""
    done = (info.id, finding["symptom"], finding["step"], remedy["name"])
    cured: set[object] = st.session_state.setdefault("cured", set())
    if done in cured:
        return
    patch = patch_of_row(remedy["patch"])
    if remedy["hot"] and info.status.live:
        session.lab().patch(info.id, patch, origin=f"remedy: {remedy['name']}")
    else:
        config = session.lab().info(info.id).config.patched(patch)
        session.select(session.lab().start(config, name=remedy["name"], parent=info.id))
    cured.add(done)
    st.rerun()


def curves(view: View, history: RunHistory) -> None:
    """Losses, D's outputs and gradients, with what happened on their time axis."""
    marks = timeline.marks(history.patches(), history.findings())
    last = history.last()
    groups: Mapping[str, tuple[str, ...]] = {
        "losses": ("d_loss", "g_loss", *(("penalty",) if last.get("penalty") else ())),
        "outputs": meters.outputs(last),
        "gradients": ("grad_norm_d", "grad_norm_g"),
    }
    for name, metrics in groups.items():
        columns: dict[str, Column] = {metric: history.column(metric) for metric in metrics}
        _chart(name, columns, view, marks)


def _chart(name: str, columns: dict[str, Column], view: View, marks: list[Mark]) -> None:
    # Probabilities keep their whole range; gradient norms spread over decades.
    axis = {"range": [-0.02, 1.02]} if "d_real" in columns else {}
    log = name == "gradients" or (view.log and name == "losses")
    figure = charts.curves(columns, replace(view, log=log), marks, **axis)
    plot.draw(figure, name)


def _story(view: View, history: RunHistory, sample: StoredSample | None) -> None:
    left, right = st.columns([5, 6], gap="medium")
    with left:
        st.markdown("**Live patches and findings**")
        lines = timeline.story(history.patches(), history.findings())
        with st.container(height=200, key="story", border=False):
            st.markdown("\n\n".join(lines) or ":small[:gray[None yet.]]")
    with right:
        if sample is not None and "histogram" in sample.details:
            plot.draw(pictures.histogram(sample.details["histogram"], view.run), "histogram")
