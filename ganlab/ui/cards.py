"""Findings as cards: symptom, plain words, the number against its bound, remedies as buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from ganlab.ui.timeline import Row, evidence_words, patch_words, remedy_step, title

_LOOK = {
    "failure": ("red", ":material/error:"),
    "warning": ("orange", ":material/warning:"),
    "notice": ("blue", ":material/info:"),
}
Cure = Callable[[Row, Row], None]


def findings(rows: Sequence[Row], patches: Sequence[Row], *, live: bool, cure: Cure) -> None:
    """All open findings, or that there are none; `cure(finding, remedy)` hears of a button."""
    _calm(rows)
    for row in rows:
        with st.container(border=True, key=f"finding-{row['symptom']}"):
            _head(row)
            st.markdown(row["summary"])
            for evidence in row["evidence"]:
                st.markdown(f":small[{evidence_words(evidence)}]")
            for remedy in row["remedies"]:
                _remedy(row, remedy, patches, live=live, cure=cure)


def proven(rows: Sequence[Row]) -> None:
    """All open findings with their numbers, without remedies: for what the lab cannot change."""
    _calm(rows)
    for row in rows:
        with st.container(border=True, key=f"finding-{row['symptom']}"):
            _head(row)
            st.markdown(row["summary"])
            for evidence in row["evidence"]:
                st.markdown(f":small[{evidence_words(evidence)}]")


def brief(rows: Sequence[Row]) -> None:
    """All open findings in few words and without remedies, or that there are none."""
    _calm(rows)
    for row in rows:
        with st.container(border=True):
            _head(row)
            st.markdown(f":small[{row['summary']}]")


def _calm(rows: Sequence[Row]) -> None:
    if not any(row["severity"] != "notice" for row in rows):
        st.caption(":material/check_circle: No symptom above notice.")


def _head(row: Row) -> None:
    colour, icon = _LOOK[row["severity"]]
    st.markdown(
        f":{colour}-badge[{icon} {row['severity']}] **{title(row['symptom'])}** "
        f":small[:gray[since step {row['step']}]]"
    )


def _remedy(row: Row, remedy: Row, patches: Sequence[Row], *, live: bool, cure: Cure) -> None:
    applied = remedy_step(patches, remedy["name"], row["step"])
    if applied is not None:
        st.markdown(f":green-badge[:material/check: applied at step {applied}] {remedy['name']}")
        return
    now = remedy["hot"] and live
    how = "Apply now" if now else "Start a new run with it"
    st.button(
        f"{how}: {remedy['name']}",
        key=f"remedy-{row['symptom']}-{remedy['name']}",
        icon=":material/healing:" if now else ":material/fork_right:",
        help=f"`{patch_words(remedy['patch'])}`\n\n{remedy['rationale']}\n\n"
        f"Source: {remedy['source']}",
        on_click=cure,
        args=(row, remedy),
    )
