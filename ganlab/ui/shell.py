"""What all pages have in common: style, the health of the lab, its title. Draws no run."""

from __future__ import annotations

import streamlit as st

from ganlab.runs.record import StoreError
from ganlab.ui import session, styles

ICON = "🧪"


def dress() -> None:
    """Style rules on every page; stops with the reason where the lab cannot work."""
    st.html(styles.CSS)
    try:
        session.lab()
    except StoreError as problem:
        st.error(str(problem), icon=":material/block:")
        st.stop()
    if st.get_option("runner.postScriptGC"):
        st.warning(
            "Streamlit collects garbage after each refresh, which slows training down. Start the "
            "lab in its own folder, where .streamlit/config.toml lies, or add "
            "`--runner.postScriptGC false`.",
            icon=":material/speed:",
        )
