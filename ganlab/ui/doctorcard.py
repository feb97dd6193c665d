"""The doctor's report as a card: verdict, ranked causes with their lines, fixes and notes."""

from __future__ import annotations

import streamlit as st

from ganlab.runs.record import RunInfo
from ganlab.ui import doctorwords as words
from ganlab.ui import entries, plain
from ganlab.ui.doctorwords import Row

_CAUSES = 3  # shown at once


def draw(info: RunInfo, report: Row | None) -> None:
    """The verdict first, then what it rests on."""
    said = words.headline(info, report)
    with st.container(border=True, key="diagnosis"):
        st.markdown(f"##### :{said.colour}[:material/{said.icon}:] {plain.text(said.title)}")
        causes = (report or {}).get("causes") or []
        if not causes or said.reason != causes[0]["evidence"][0]:
            st.markdown(plain.text(said.reason))
        for number, cause in enumerate(causes[:_CAUSES], start=1):
            with st.expander(words.cause_title(cause, number), expanded=number == 1):
                _cause(cause)
        _notes((report or {}).get("notes") or [])
        if errors := (report or {}).get("internal_errors"):
            st.caption(plain.text(f"The doctor met errors of its own: {'; '.join(errors)}"))


def _cause(row: Row) -> None:
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.markdown("**Seen**")
        st.markdown("\n".join(f"- {plain.text(each)}" for each in row["evidence"]))
        if row.get("checked"):
            st.markdown(f"**Checked against**  \n{plain.text(row['checked'])}")
    with right:
        if where := words.place(row):
            st.markdown(f"**Where** :small[{plain.text(where)}]")
            if code := row["location"].get("code"):
                st.code(code, language="python", wrap_lines=True)
        st.markdown("**Change**")
        if "\n" in row["fix"]:
            st.code(row["fix"], language="diff")
        else:
            st.markdown(f":green[:material/healing:] {plain.text(row['fix'])}")
        if row.get("source"):
            st.caption(f"Source: {plain.text(row['source'])}")
        if entries.tab_of(row["slug"]):
            st.caption(entries.link(row["slug"], "This cause in the Handbook"))


def _notes(rows: list[Row]) -> None:
    if rows:
        with st.expander(f"Notes: true of this script, and no harm was measured ({len(rows)})"):
            st.markdown("\n".join(words.note(row) for row in rows))
