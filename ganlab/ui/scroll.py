"""Brings into view what a button has started. Knows no run."""

from __future__ import annotations

import json

import streamlit as st

_ASKED = "scroll-to"
_SCRIPT = """<script>
(() => {
  let tries = 0;
  const go = () => {
    const found = document.querySelector(%s);
    if (!found) return tries++ < 100 && setTimeout(go, 50);
    found.style.scrollMarginTop = "4rem";  // below Streamlit's own bar
    found.scrollIntoView({ block: "start" });
  };
  go();
})();
</script>"""


def ask(key: str) -> None:
    """Has the page scroll to the container of that key at its next full rerun, once."""
    st.session_state[_ASKED] = key


def draw() -> None:
    """Scrolls, if somebody has asked."""
    if key := st.session_state.pop(_ASKED, ""):
        script = _SCRIPT % json.dumps(f".st-key-{key}")
        st.html(script, unsafe_allow_javascript=True)
