"""What all pages have in common: style, the health of the lab, its title. Draws no run."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from ganlab.runs.record import StoreError
from ganlab.ui import address, bound, guard, plain, session, styles

ICON = "🧪"
_DRESSED = "dressed"  # in the state of every browser that app.py has served


def frame() -> None:
    """Sees to it that app.py runs around a page that was asked for by its own address.

    Until app.py has run once, a fresh server takes the folder `pages` for an older kind of app and
    runs the page bare: without style, width and navigation.
    """
    if _DRESSED not in st.session_state:
        PagesManager.uses_pages_directory = False
        st.rerun()


def dress() -> None:
    """Style rules on every page; stops with the reason where the lab cannot work."""
    st.session_state[_DRESSED] = True
    _only_guarded()
    bound.begin()
    address.arrive()
    st.html(styles.CSS)
    try:
        session.lab()
    except StoreError as problem:
        st.error(plain.text(problem), icon=":material/block:")
        st.stop()
    if st.get_option("runner.postScriptGC"):
        st.warning(
            "Streamlit collects garbage after each refresh, which slows training down. Start the "
            "lab in its own folder, where .streamlit/config.toml lies, or add "
            "`--runner.postScriptGC false`.",
            icon=":material/speed:",
        )


def _only_guarded() -> None:
    """Shows nothing on a server that would answer any page of this machine."""
    if not guard.Guard.stands:
        st.error(
            "This server takes requests from other pages too, so the lab stays closed. Start it "
            "with `streamlit run app.py`, and with a Streamlit of 1.64 or later.",
            icon=":material/lock:",
        )
        st.stop()
