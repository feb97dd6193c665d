"""Widgets that show what lives elsewhere: the settings of a run, or of the next; a choice of one.

A browser may answer late, twice, or for a widget that it has dropped and built anew; what it then
sends is nobody's wish. So the key of a widget stands for one value and one stay on the page: it is
never used again after the value was moved by others or the widget was away. The value is also the
widget's default, so that a browser which has lost it still answers with the truth. And a change
counts only when the widget stood on the page as it was last built, and tells what it showed.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, NamedTuple

import streamlit as st

_PASSES = "passes"  # full runs of the script in this session
_FIELDS = "fields"
_SERIAL = "serial"
_NOTHING = object()


@dataclass
class _Field:
    key: str
    default: Any  # as the widget was built
    shown: Any  # as it was last drawn
    drawn: int  # the pass in which that was


class Move(NamedTuple):
    """What a widget showed, and what a person set it to."""

    old: Any
    new: Any


def begin() -> None:
    """Counts one full run of the script; fragments belong to the run before them."""
    st.session_state[_PASSES] = _now() + 1


def field(place: str, name: str, value: Any) -> tuple[str, Any]:
    """Key and default of the widget that shows `value` under this name; call it once a drawing."""
    fields, now = _fields(), _now()
    known = fields.get((place, name))
    if known is None or now - known.drawn > 1 or _held(known.key) != value:
        known = fields[place, name] = _Field(_fresh(place, name), value, value, now)
    known.shown, known.drawn = value, now
    return known.key, known.default


def moved(place: str, name: str, key: str) -> Move | None:
    """What somebody did to that very widget; None when it was not the one on the page."""
    known = _fields().get((place, name))
    if known is None or known.key != key or known.drawn != _now():
        return None
    new = _held(key)
    return None if new is _NOTHING or new == known.shown else Move(known.shown, new)


def _held(key: str) -> Any:
    return st.session_state.get(key, _NOTHING)


def _fields() -> dict[tuple[str, str], _Field]:
    fields: dict[tuple[str, str], _Field] = st.session_state.setdefault(_FIELDS, {})
    return fields


def _now() -> int:
    passes: int = st.session_state.get(_PASSES, 0)
    return passes


def _fresh(place: str, name: str) -> str:
    """A key that no widget of any session has had: a browser may outlive its server."""
    session, serial = st.session_state.get(_SERIAL) or (uuid.uuid4().hex[:8], 0)
    st.session_state[_SERIAL] = session, serial + 1
    return f"{place}-{name}--{session}-{serial}"
