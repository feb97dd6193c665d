"""What cannot be read of the store, in words; as plain text, since a file may hold anything."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import streamlit as st

from ganlab.runs.history import RunHistory
from ganlab.runs.record import BadFolder, RunInfo, StoreError
from ganlab.ui import deletion, session


@contextmanager
def guarded() -> Iterator[None]:
    """Shows a refusal of the store in the place of what it interrupts."""
    try:
        yield
    except StoreError as problem:
        show(str(problem))


def show(text: str) -> None:
    """The problem in a box of its own."""
    with st.container(border=True):
        st.markdown(":red-badge[:material/block: cannot be read]")
        st.text(text)


def folders(bad: Sequence[BadFolder]) -> None:
    """The run folders that cannot be read: each a row that says why, and can be deleted."""
    for folder in bad:
        with st.container(border=True, key=f"bad-{folder.id}"):
            about, button = st.columns([8, 3], vertical_alignment="center")
            with about:
                st.markdown(f"`{folder.id}` :red-badge[:material/block: cannot be read]")
                st.text(folder.problem)
            with button:
                deletion.draw(folder.id, "Delete all of its files")


def note(run: str, history: RunHistory) -> None:
    """What of the run's files had to be left out, if anything."""
    for line in (words(history.damaged()), passed_words(session.lab().store.passed(run))):
        if line:
            st.caption(f":material/broken_image: {line}")


def words(damaged: Mapping[str, int]) -> str:
    """'2 rows of findings.jsonl are damaged and left out.'"""
    parts = [
        f"{count} row{'' if count == 1 else 's'} of {log}.jsonl" for log, count in damaged.items()
    ]
    one = sum(damaged.values()) == 1
    return f"{' and '.join(parts)} {'is' if one else 'are'} damaged and left out." if parts else ""


def passed_words(steps: Sequence[int]) -> str:
    """Which checkpoints were damaged when the run was continued."""
    if not steps:
        return ""
    named = ", ".join(map(str, steps))
    return (
        f"The checkpoint of step {named} is damaged: the run went on from the one before it."
        if len(steps) == 1
        else f"The checkpoints of steps {named} are damaged: the run went on from the one before."
    )


def created(info: RunInfo, form: str) -> str:
    """When the run was started, in local time."""
    if not info.created:
        return "at an unknown time"
    return datetime.datetime.fromtimestamp(info.created).strftime(form)


def reason(run: str) -> str:
    """Why a run that is asked for cannot be shown; "" where there is none of that id."""
    bad = {folder.id: folder.problem for folder in session.lab().store.survey()[1]}
    return bad.get(run, "")
