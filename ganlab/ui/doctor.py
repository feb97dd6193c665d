"""The polling fragment of a user's script under observation. Starts nothing, stops nothing."""

from __future__ import annotations

import streamlit as st

from ganlab.runs.history import RunHistory
from ganlab.runs.record import RunInfo, StoredSample, StoreError
from ganlab.ui import (
    address,
    cards,
    curves,
    damage,
    doctorcard,
    doctorwords,
    header,
    meters,
    pictures,
    plain,
    plot,
    samples,
    session,
    timeline,
)
from ganlab.ui.charts import View

COMMAND = "python -m ganlab doctor train.py"
_NEWEST = ""  # the choice that follows whatever is started next
_WAITING = 2.0  # seconds between two looks for a run that somebody may start


def watched() -> list[RunInfo]:
    """The runs of users' own code, newest first."""
    return [info for info in session.lab().runs() if info.source is not None]


def choose() -> str:
    """The run named in the URL or chosen here, else the newest; "" where there is none."""
    runs = {info.id: info for info in watched()}
    address.follow(session.EXAMINED, session.RUN)
    asked = session.examined()
    if asked and asked not in runs:
        if reason := damage.reason(asked):
            damage.show(reason)
        st.warning(
            f"There is no run of a script {plain.named(asked)} here. This is the newest one."
        )
        session.examine(asked := _NEWEST)
    key = f"examined-{asked}"
    with st.sidebar:
        st.selectbox(
            "Script",
            [_NEWEST, *runs],
            format_func=lambda run: _choice(runs[run]) if run else "The newest",
            index=[_NEWEST, *runs].index(asked),
            key=key,
            on_change=_chosen,
            args=(key,),
        )
    address.write(session.EXAMINED, session.RUN, asked)
    return asked or next(iter(runs), "")


def _chosen(key: str) -> None:
    if key == f"examined-{session.examined()}":
        session.examine(st.session_state[key])


def _choice(info: RunInfo) -> str:
    return f"{header.title(info)} · {damage.created(info, '%d %b %H:%M:%S')}"


def invite() -> None:
    """The page before the first run: what to type, and what comes of it."""
    st.title("Doctor")
    st.markdown(
        "Runs **your own training script**, unmodified, and names what is wrong with it: the "
        "cause, the line, the evidence and the change to make. Type in a terminal:"
    )
    st.code(COMMAND, language="bash")
    st.markdown(
        "Arguments of the script follow after `--`, as in "
        "`python -m ganlab doctor train.py -- --lr 0.001`. "
        "The script shows up on this page as soon as it runs; nothing has to be pressed here."
    )
    st.fragment(_wait_for, run_every=_WAITING)("")


def _wait_for(shown: str) -> None:
    """Draws the page anew as soon as another run is the newest."""
    if next((info.id for info in watched()), "") != shown:
        st.rerun()


def show(view: View, rate: float) -> None:
    """Draws the run, and again `rate` times a second while its script runs."""
    plot.load_library()
    live_now = session.lab().info(view.run).status.live
    st.fragment(_guarded, run_every=1 / rate if live_now else None)(view, live_now)
    if not session.examined():
        st.fragment(_wait_for, run_every=_WAITING)(view.run)


def _guarded(view: View, live_now: bool) -> None:
    try:
        _tick(view, live_now)
    except StoreError as problem:  # deleted by another browser, say
        st.error(plain.text(problem), icon=":material/block:")


def _tick(view: View, live_now: bool) -> None:
    info, history = session.lab().info(view.run), session.history(view.run)
    store = session.lab().store
    report, sample = store.report(view.run), store.sample(view.run)
    _header(info, report)
    damage.note(view.run, history)
    doctorcard.draw(info, report)
    left, right = st.columns([5, 6], gap="medium")
    with left:
        _samples(view.run, sample, store.real_sample(view.run))
        if history.last():
            st.html(meters.meters(history.last()))
        _findings(history)
    with right:
        if history.last():
            curves.draw(view, history)
    # Last, so that the end of the script is drawn before the polling ends.
    if info.status.live != live_now:
        st.rerun()


def _header(info: RunInfo, report: doctorwords.Row | None) -> None:
    name = plain.text(info.source.command if info.source else "")
    lines = [doctorwords.progress(info, report), doctorwords.pair(report)]
    with st.container(key="header"):
        st.markdown(f"#### {name} {header.badge(info.status)}")
        st.markdown("  \n".join(filter(None, lines)))
        if info.status.live and info.source and info.source.steps:
            st.progress(min(1.0, info.step / info.source.steps))


def _samples(run: str, fake: StoredSample | None, real: StoredSample | None) -> None:
    if fake is None:
        st.markdown("**Samples**")
        st.caption("The generator's samples appear once real and generated ones were seen.")
        return
    if fake.png is not None or "points" in fake.details:
        samples.draw(run, fake, real)
    histogram = fake.details.get("histogram")
    if histogram:
        st.markdown("**All their values**")
        plot.draw(pictures.histogram(histogram, run), "histogram")


def _findings(history: RunHistory) -> None:
    st.markdown("**Symptoms**")
    with st.container(key="findings"):
        if not history.last():
            st.caption("Nothing measured yet.")
            return
        cards.proven(timeline.open_findings(history.findings()))
        for line in timeline.story([], history.findings(), most=8):
            st.markdown(f":small[{line}]")
