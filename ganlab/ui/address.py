"""What this browser looks at, in its state and in its URL.

Streamlit makes a history entry of every changed URL; what the pages have to do is to follow an
address that the reader has moved: by back, by forward, or by a link.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

_WRITTEN = "address-written"  # by the name of a choice: the value that the URL was last given
_PAGES = "address-pages"  # of the run before and of this one
_MOVED = "address-moved"  # the choices made since the page was drawn


def arrive() -> None:
    """Notes on which page this browser is now, and on which it was before."""
    page = getattr(get_script_run_ctx(suppress_warning=True), "page_script_hash", "")
    _, before = st.session_state.get(_PAGES, ("", ""))
    st.session_state[_PAGES] = (before, page)


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

    A bare URL, to which the menu leads, leaves the choice as it was; one that the browser's Back
    or Forward leads to opens nothing. From page to page these come without a query now and then,
    though, and then the choice stays.
    """
    asked = st.query_params.get(parameter, "")
    before, page = st.session_state.get(_PAGES, ("", ""))
    if _is_history() and (before == page or asked):
        st.session_state[name] = asked
        return
    written = st.session_state.get(_WRITTEN, {}).get(name, "")
    if asked not in ("", written) and name not in st.session_state.get(_MOVED, ()):
        st.session_state[name] = asked


def write(name: str, parameter: str, value: str) -> None:
    """Gives the URL what is shown, and nothing else."""
    st.session_state[name] = value
    query = {parameter: value} if value else {}
    if st.query_params.to_dict() != query:  # a needless message may overtake the reader's Back
        st.query_params.from_dict(query)
    st.session_state.setdefault(_WRITTEN, {})[name] = value
    st.session_state.get(_MOVED, set()).discard(name)


def _is_history() -> bool:
    return getattr(get_script_run_ctx(suppress_warning=True), "is_history_navigation", False)
