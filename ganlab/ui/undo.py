"""Which live change of a run is the newest that still stands, and how it is taken back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from ganlab.config import KNOBS
from ganlab.diagnosis import Change, changes_of
from ganlab.finding import patch_as_row
from ganlab.ui import forms, session
from ganlab.ui.timeline import value_words

_KNOWN = "changes"  # of the run that this browser looks at, and how much of its log they tell
_ORIGIN = re.compile(r"undo: change (\d+)")


class Standing(NamedTuple):
    """A change that nobody has taken back, and its number among all changes of the run."""

    number: int  # from 1
    change: Change


def changes(run: str) -> tuple[Change, ...]:
    """All changes of the run, those included that wait for its next step."""
    lab = session.lab()
    rows, waiting = session.history(run).patches(), lab.pending(run)
    told = run, lab.store.revision(run), len(rows), waiting
    known: tuple[object, tuple[Change, ...]] | None = st.session_state.get(_KNOWN)
    if known is None or known[0] != told:
        step = rows[-1]["step"] if rows else 0
        later = [{"step": step, "patch": patch_as_row(item.patch), "origin": item.origin}
                 for item in waiting]  # fmt: skip
        known = told, changes_of(lab.store.original(run), [*rows, *later])
        st.session_state[_KNOWN] = known
    return known[1]


def last(found: Sequence[Change]) -> Standing | None:
    """The newest change that still stands; an undo takes away the change that it names."""
    standing: dict[int, Change] = {}
    for number, change in enumerate(found, 1):
        if undone := _ORIGIN.fullmatch(change.origin):
            standing.pop(int(undone[1]), None)
        else:
            standing[number] = change
    return Standing(*standing.popitem()) if standing else None


def number_of(found: Sequence[Change], blamed: Change) -> int | None:
    """The number of a change that somebody names; None when the run has no such change."""
    return next((number for number, change in enumerate(found, 1) if change == blamed), None)


def take_back(run: str, number: int) -> None:
    """Sets everything that the change has set to what it was before; once."""
    found = changes(run)
    origin = f"undo: change {number}"
    if number <= len(found) and all(change.origin != origin for change in found):
        session.lab().patch(run, found[number - 1].undo, origin=origin)


def words(change: Change) -> str:
    """'optimiser of D back to adam'."""
    return ", ".join(
        f"{forms.label(KNOBS[name])} back to {value_words(value)}"
        for name, value in change.before.items()
    )
