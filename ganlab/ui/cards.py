"""Findings as cards: symptom, plain words, the number against its bound, remedies as buttons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import streamlit as st

from ganlab.finding import Finding, Remedy, finding_of_row, patch_as_row, remedy_of_row
from ganlab.ui import entries, plain
from ganlab.ui.timeline import Row, evidence_words, patch_words, remedy_step

_LOOK = {
    "failure": ("red", ":material/error:"),
    "warning": ("orange", ":material/warning:"),
    "notice": ("blue", ":material/info:"),
}
_NEUTRAL = ("gray", ":material/help:")  # of what a newer version has said
Cure = Callable[[Remedy, int], None]  # hears of a remedy, and since when what it answers stands


def findings(
    rows: Sequence[Row],
    patches: Sequence[Row],
    *,
    live: bool,
    cure: Cure,
    offered: Callable[[Finding], Iterable[Remedy]],
) -> None:
    """All open findings with those of their remedies that are offered, or that there are none."""
    _none(rows)
    for row in rows:
        with st.container(border=True, key=f"finding-{row['symptom']}"):
            _head(row)
            st.markdown(plain.text(row["summary"]))
            for evidence in row["evidence"]:
                st.markdown(f":small[{evidence_words(evidence)}]")
            for known in offered(finding_of_row(row)):
                place = f"card-{row['symptom']}-"
                remedy(known, row["step"], patches, live=live, cure=cure, place=place)
            _unknown(row)


def _unknown(row: Row) -> None:
    """The remedies that this version cannot apply, as they are."""
    for cure in row["remedies"]:
        if remedy_of_row(cure) is None:
            st.text(f"{cure['name']}: {patch_words(cure['patch'])} (of a newer version)")


def proven(rows: Sequence[Row]) -> None:
    """All open findings with their numbers, without remedies: for what the lab cannot change."""
    _none(rows)
    for row in rows:
        with st.container(border=True, key=f"finding-{row['symptom']}"):
            _head(row)
            st.markdown(plain.text(row["summary"]))
            for evidence in row["evidence"]:
                st.markdown(f":small[{evidence_words(evidence)}]")


def brief(rows: Sequence[Row]) -> None:
    """All open findings in few words and without remedies, or that there are none."""
    _none(rows)
    for row in rows:
        with st.container(border=True):
            _head(row)
            st.markdown(f":small[{plain.text(row['summary'])}]")


def _none(rows: Sequence[Row]) -> None:
    """Says that nothing is open, which is no all-clear: that is the assessment's word."""
    if not rows:
        st.caption("No finding is open.")


def _head(row: Row) -> None:
    colour, icon = _LOOK.get(row["severity"], _NEUTRAL)
    st.markdown(
        f":{colour}-badge[{icon} {plain.text(row['severity'])}] **{entries.link(row['symptom'])}** "
        f":small[:gray[since step {plain.text(row['step'])}]]"
    )


def remedy(
    known: Remedy,
    since: int,
    patches: Sequence[Row],
    *,
    live: bool,
    cure: Cure,
    place: str = "",
) -> None:
    """The remedy as a button, or when it was applied; `place` tells it from its like elsewhere."""
    applied = remedy_step(patches, known.name, since)
    if applied is not None:
        st.markdown(
            f":green-badge[:material/check: applied at step {applied}] {plain.text(known.name)}"
        )
        return
    now = known.hot and live
    how = "Apply now" if now else "Start a new run with it"
    st.button(
        f"{how}: {plain.text(known.name)}",
        key=f"{place}remedy-{known.name}",
        icon=":material/healing:" if now else ":material/fork_right:",
        help=f"{plain.code(patch_words(patch_as_row(known.patch)))}\n\n"
        f"{plain.text(known.rationale)}\n\nSource: {plain.text(known.source)}",
        on_click=cure,
        args=(known, since),
    )
