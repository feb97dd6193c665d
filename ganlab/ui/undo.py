"""The live changes of a run, and how one of them is taken back."""

from __future__ import annotations

import streamlit as st

from ganlab.config import KNOBS
from ganlab.diagnosis import Change, changes_of
from ganlab.finding import patch_as_row
from ganlab.ui import forms, session
from ganlab.ui.timeline import value_words

ORIGIN = "undo"
_KNOWN = "changes"  # of each run that this browser has looked at, and how much of its log they tell


def changes(run: str) -> tuple[Change, ...]:
    """All changes of the run, those included that wait for its next step."""
    lab = session.lab()
    rows, waiting = session.history(run).patches(), lab.pending(run)
    told = lab.store.revision(run), len(rows), waiting
    known: dict[str, tuple[object, tuple[Change, ...]]] = st.session_state.setdefault(_KNOWN, {})
    if run not in known or known[run][0] != told:
        step = rows[-1]["step"] if rows else 0
        later = [{"step": step, "patch": patch_as_row(item.patch), "origin": item.origin}
                 for item in waiting]  # fmt: skip
        known[run] = told, changes_of(lab.store.original(run), [*rows, *later])
    return known[run][1]


def take_back(run: str, change: Change) -> None:
    """Sets everything that the change has set to what it was before, unless that has been done."""
    if any(_is(other, change) for other in changes(run) if other.undone is None):
        session.lab().patch(run, change.undo, origin=ORIGIN)


def _is(one: Change, other: Change) -> bool:
    """Whether it is the same one; the step of a change is known only once it is applied."""
    return (one.before, one.after) == (other.before, other.after)


def words(change: Change) -> str:
    """'optimiser of D back to adam'."""
    return ", ".join(
        f"{forms.label(KNOBS[name])} back to {value_words(value)}"
        for name, value in change.before.items()
    )
