"""Deleting a run: asked for twice, since nothing brings it back. Sends intents."""

from __future__ import annotations

import streamlit as st

from ganlab.ui import session


def draw(run: str, question: str, *, live: bool = False) -> None:
    """A box to tick, and the button that it frees; a live run has to be stopped first."""
    sure = st.checkbox(question, key=f"sure-{run}")
    st.button(
        "Delete",
        key=f"delete-{run}",
        icon=":material/delete:",
        width="stretch",
        disabled=not sure or live,
        help="Stop the run first." if live else None,
        on_click=session.attempt,
        args=(session.lab().store.delete, run),
    )
