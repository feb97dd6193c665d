"""What this browser looks at, in its state and in its URL: whichever moved last is right.

Streamlit makes a history entry of every changed URL and runs the page again when the reader goes
back or forward; a page that follows its URL is therefore all that the two buttons need.
"""

from __future__ import annotations

import streamlit as st

_PAGE = "address-page"  # the page of this run of the script
_CAME_FROM = "address-came-from"  # the page of the run before
_WRITTEN = "address-written"  # (page, value) that the URL was last given
_MOVED = "address-moved"  # the choices made since the page was drawn


def arrive(page: str) -> None:
    """Takes note of the page that is drawn now; called once in every run of the script."""
    st.session_state[_CAME_FROM] = st.session_state.get(_PAGE, page)
    st.session_state[_PAGE] = page


def choose(name: str, value: str) -> None:
    """Moves a choice; the URL follows at the next full rerun."""
    st.session_state[name] = value
    st.session_state.setdefault(_MOVED, set()).add(name)


def chosen(name: str, parameter: str) -> str:
    """The choice as it stands; a new session takes it from its URL."""
    value: str = st.session_state.setdefault(name, st.query_params.get(parameter, ""))
    return value


def follow(name: str, parameter: str) -> None:
    """Takes the choice from a URL that has changed, unless a button has been pressed since.

    A bare URL that another page led to (the menu) leaves the choice as it was.
    """
    asked = st.query_params.get(parameter, "")
    if name not in st.session_state.get(_MOVED, ()) and _has_moved(asked):
        st.session_state[name] = asked


def _has_moved(asked: str) -> bool:
    """Whether the reader moved the URL: back, forward or a link."""
    page = st.session_state.get(_PAGE)
    if st.session_state.get(_CAME_FROM) != page:
        return bool(asked)
    return bool(st.session_state.get(_WRITTEN, (page, asked)) != (page, asked))


def write(name: str, parameter: str, value: str) -> None:
    """Gives the URL what is shown, and nothing else."""
    st.session_state[name] = value
    st.query_params.from_dict({parameter: value} if value else {})
    st.session_state[_WRITTEN] = (st.session_state.get(_PAGE), value)
    st.session_state.get(_MOVED, set()).discard(name)
