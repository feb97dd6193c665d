"""The one polling fragment: reads what is new of a run and draws it. Trains nothing."""

from __future__ import annotations

import os
import time
from collections import deque
from typing import Literal, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ganlab.diagnosis import Assessment
from ganlab.finding import Remedy
from ganlab.runs.history import RunHistory
from ganlab.runs.record import RunInfo, Status, StoreError
from ganlab.ui import (
    cards,
    controls,
    curves,
    damage,
    diagnosis,
    header,
    meters,
    pictures,
    plain,
    plot,
    queueing,
    samples,
    scroll,
    session,
    timeline,
    voice,
)
from ganlab.ui.charts import View


class Tick(NamedTuple):
    """What one refresh cost this server."""

    wall: float  # seconds
    cpu: float  # seconds of this thread


_BANNER, _GRID, _CURVES = 100, 240, 200  # pixels, about as high as what will be there
_LINES, _STORY = 6, 180  # events shown at once, and the pixels they take

TICKS: deque[Tick] = deque(maxlen=2000)
_TIMINGS = os.environ.get("GANLAB_UI_TIMINGS")  # a file, one line a refresh: for `bench ui`


def show(view: View, rate: float) -> None:
    """Draws the run, and again `rate` times a second while it is live."""
    plot.load_library()
    live = session.lab().info(view.run).status.live
    top = st.container()
    st.fragment(damage.guarded()(controls.bar))(view.run)
    st.fragment(_timed, run_every=1 / rate if live else None)(view, live, top)
    scroll.draw()


def _timed(view: View, live: bool, top: DeltaGenerator) -> None:
    wall, cpu = time.perf_counter(), time.thread_time()
    try:
        _tick(view, live, top)
    except StoreError as problem:  # deleted by another browser, say
        st.error(plain.text(problem), icon=":material/block:")
    tick = Tick(time.perf_counter() - wall, time.thread_time() - cpu)
    TICKS.append(tick)
    if _TIMINGS:
        with open(_TIMINGS, "a") as file:
            file.write(f"{tick.wall} {tick.cpu}\n")


def _tick(view: View, live: bool, top: DeltaGenerator) -> None:
    info, history = session.lab().info(view.run), session.history(view.run)
    if info.status.live != live or controls.stale(info):
        st.rerun()
    with top:
        header.draw(info, history)
        session.show_refusal()
    _trouble(info)
    damage.note(view.run, history)
    if history.last().get("step", 0) > 0:
        _body(view, info, history)
    elif info.error or info.status == Status.FAILED:
        _diagnosis(info, history)
    elif info.status == Status.RUNNING:
        _skeleton()
    elif info.status != Status.QUEUED:
        st.caption("Nothing was measured yet.")


def _body(view: View, info: RunInfo, history: RunHistory) -> None:
    store = session.lab().store
    sample = store.sample(view.run)
    left, right = st.columns([5, 6], gap="medium")
    with left:
        said = _diagnosis(info, history)
        samples.draw(view.run, sample, store.real_sample(view.run))
        st.html(meters.meters(history.last()))
        diagnosis.details(info, history, said, _curing(info))
        voice.say(voice.findings(timeline.open_findings(history.findings())))
        if sample is not None and "histogram" in sample.details:
            plot.draw(pictures.histogram(sample.details["histogram"], view.run), "histogram")
    with right:
        curves.draw(view, history)
        _story(history)


def _skeleton() -> None:
    """Where samples and curves will be, before the first of them is measured."""
    left, right = st.columns([5, 6], gap="medium")
    with left:
        st.skeleton(height=_BANNER)
        for column in st.columns(2):
            column.skeleton(height=_GRID)
    with right:
        for _ in range(3):
            st.skeleton(height=_CURVES)


def _trouble(info: RunInfo) -> None:
    if info.status == Status.INTERRUPTED:
        st.warning(
            "The server ended while this run trained. Everything up to its last row is here; "
            "continue it from its latest checkpoint.",
            icon=":material/power_off:",
        )
    elif info.trouble:
        st.warning(info.trouble, icon=":material/hard_drive:")
    elif info.status == Status.QUEUED:
        queueing.draw(info.id)


def _diagnosis(info: RunInfo, history: RunHistory) -> Assessment:
    said = diagnosis.assessment(info, history)
    diagnosis.banner(info, history, said, _curing(info))
    if info.status == Status.FAILED:
        with st.expander("Traceback"):
            st.code(info.traceback or "none was written", language="python")
    return said


def _curing(info: RunInfo) -> cards.Cure:
    """What a remedy's button of this run does."""
    return lambda remedy, since: session.act(info.id, _cure, info, remedy, since)


def _cure(info: RunInfo, remedy: Remedy, since: int) -> None:
    """Applies a hot remedy to the live run; starts a new run with any other. Once a finding."""
    done = (info.id, remedy.name, since)
    cured: set[object] = st.session_state.setdefault("cured", set())
    if done in cured:
        return
    if remedy.hot and info.status.live:
        session.lab().patch(info.id, remedy.patch, origin=f"remedy: {remedy.name}")
    else:
        config = session.lab().info(info.id).config.patched(remedy.patch)
        session.select(session.lab().start(config, name=remedy.name, parent=info.id))
        scroll.ask("header")
    cured.add(done)
    st.rerun()


def _story(history: RunHistory) -> None:
    lines = timeline.story(history.patches(), history.findings())
    st.markdown("**Live patches and findings**")
    height: int | Literal["content"] = _STORY if len(lines) > _LINES else "content"
    with st.container(height=height, key="story", border=False, gap="xsmall"):
        st.markdown("  \n".join(f":small[{line}]" for line in lines) or ":small[:gray[None yet.]]")
