"""The history of runs as rows: what they are, and what can be done with them."""

from __future__ import annotations

import json

import streamlit as st

from ganlab.runs.record import NAME_LENGTH, RunInfo
from ganlab.ui import damage, deletion, header, plain, session, start
from ganlab.ui.timeline import count

PAGE = 10


def draw(runs: list[RunInfo]) -> None:
    """One page of rows, newest first."""
    pages = -(-len(runs) // PAGE)
    page = st.pagination(pages, key="page") if pages > 1 else 1
    for info in runs[(page - 1) * PAGE : page * PAGE]:
        with st.container(border=True, key=f"row-{info.id}"):
            _row(info)


def _row(info: RunInfo) -> None:
    about, state, buttons = st.columns([5, 3, 3], vertical_alignment="center")
    created = damage.created(info, "%Y-%m-%d %H:%M")
    name, run = plain.text(header.title(info)), plain.text(info.id)
    about.markdown(f"**{name}** :small[:gray[{created} · {run}]]  \n:small[{_about(info)}]")
    steps = f"step {count(info.step)}{_limit(info)}"
    state.markdown(f"{header.badge(info.status)}  \n:small[{steps}]")
    with (
        buttons,
        st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"),
    ):
        _open(info)
        with st.popover("More", icon=":material/more_horiz:"):
            _more(info)
    if info.error:
        state.caption(plain.text(info.error))


def _about(info: RunInfo) -> str:
    if info.settings is not None:
        return plain.text(start.summary(info.settings))
    command = info.source.command if info.source else ""
    return f"your own code, watched by the doctor: {plain.text(command)}"


def _limit(info: RunInfo) -> str:
    if info.settings is not None:
        return f" of {count(info.settings.steps)}"
    return f" of at most {count(info.source.steps)}" if info.source and info.source.steps else ""


def _open(info: RunInfo) -> None:
    """A link: it makes one entry of the browser's history, where switching pages makes two."""
    st.page_link(
        "pages/doctor.py" if info.settings is None else "pages/lab.py",
        label="Open",
        icon=":material/open_in_new:",
        query_params={session.RUN: info.id},
    )


def _more(info: RunInfo) -> None:
    st.text_input(
        "Name", info.name, NAME_LENGTH, key=f"name-{info.id}", on_change=_rename, args=(info.id,)
    )
    _downloads(info)
    if info.settings is not None and st.button(
        "Use its settings in a new run", key=f"copy-{info.id}", width="stretch"
    ):
        start.fill(info.settings)
        session.select(session.NEW)
        st.switch_page("pages/lab.py")
    deletion.draw(info.id, "Delete all of this run's files", live=info.status.live)


def _downloads(info: RunInfo) -> None:
    store = session.lab().store
    st.download_button(
        "metrics.csv", lambda: store.metrics_csv(info.id), f"{info.id}-metrics.csv", "text/csv",
        key=f"csv-{info.id}", on_click="ignore", width="stretch",
    )  # fmt: skip
    if info.settings is None:
        _download_report(info)
        return
    generator = store.generator_file(info.id)
    there = generator.is_file() and not generator.is_symlink()
    config = json.dumps(dict(info.settings), indent=2)
    st.download_button(
        "config.json", config, f"{info.id}-config.json", "application/json",
        key=f"json-{info.id}", on_click="ignore", width="stretch",
    )  # fmt: skip
    st.download_button(
        "generator.safetensors", generator.read_bytes, f"{info.id}-generator.safetensors",
        key=f"weights-{info.id}", on_click="ignore", width="stretch",
        disabled=not there,
        help=None if there else "Written when the run ends.",
    )  # fmt: skip


def _download_report(info: RunInfo) -> None:
    report = json.dumps(session.lab().store.report(info.id) or {}, indent=2)
    st.download_button(
        "report.json", report, f"{info.id}-report.json", "application/json",
        key=f"report-{info.id}", on_click="ignore", width="stretch",
    )  # fmt: skip


def _rename(run: str) -> None:
    session.attempt(session.lab().store.rename, run, st.session_state[f"name-{run}"])
