"""What this browser looks at, in its state and in its URL.

Streamlit makes a history entry of every changed URL; what the pages have to do is to follow an
address that the reader has moved: by back, by forward, or by a link.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

_WRITTEN = "address-written"  # by the name of a choice: the value that the URL was last given
_PAGE = "address-page"  # the page shown last
_MOVED = "address-moved"  # the choices made since the page was drawn


def after_history() -> None:
    """After the browser's Back or Forward, its address says what is open, not what was chosen.

    From one page to another the address comes without its query, and the choice stays.
    """
    context = get_script_run_ctx(suppress_warning=True)
    page = getattr(context, "page_script_hash", "")
    stays = st.session_state.get(_PAGE) == page
    st.session_state[_PAGE] = page
    if getattr(context, "is_history_navigation", False) and (stays or st.query_params):
        for name in st.session_state.get(_WRITTEN, {}):
            st.session_state.pop(name, None)


def choose(name: str, value: str) -> None:
    """Moves a choice; the URL follows at the next full rerun."""
    st.session_state[name] = value
    st.session_state.setdefault(_MOVED, set()).add(name)


def chosen(name: str, parameter: str) -> str:
    """The choice as it stands; a new session takes it from its URL."""
    value: str = st.session_state.setdefault(name, st.query_params.get(parameter, ""))
    return value


def follow(name: str, parameter: str) -> None:
    """Takes the choice from the URL of a link, unless a button has been pressed since.

    A bare URL, to which the menu leads, leaves the choice as it was.
    """
    asked = st.query_params.get(parameter, "")
    written = st.session_state.get(_WRITTEN, {}).get(name, "")
    if asked not in ("", written) and name not in st.session_state.get(_MOVED, ()):
        st.session_state[name] = asked


def write(name: str, parameter: str, value: str) -> None:
    """Gives the URL what is shown, and nothing else."""
    st.session_state[name] = value
    st.query_params.from_dict({parameter: value} if value else {})
    st.session_state.setdefault(_WRITTEN, {})[name] = value
    st.session_state.get(_MOVED, set()).discard(name)
