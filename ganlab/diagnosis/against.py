"""Which way a change must not go while a cause is named: what would make it worse."""

from __future__ import annotations

import math

from ganlab.causes.changes import Change
from ganlab.causes.directions import DOWN, UP, Directions, quantity
from ganlab.causes.roster import worse
from ganlab.causes.suspect import Suspect
from ganlab.remedies import Settings


def contradicts(suspect: Suspect, before: Settings, after: Settings) -> bool:
    """Whether going from the one to the other makes worse what the suspect is named for."""
    ways = {**worse(suspect.cause), **_further(suspect.change)}
    return any(
        _way(quantity(name, before), quantity(name, after)) == way for name, way in ways.items()
    )


def _further(change: Change | None) -> Directions:
    """Further the way that a live patch went."""
    if change is None:
        return {}
    ways = {
        name: _way(quantity(name, change.before), quantity(name, change.after))
        for name in change.before
    }
    return {name: way for name, way in ways.items() if way}


def _way(old: float, new: float) -> int:
    if old == new or math.isclose(old, new, rel_tol=1e-9):
        return 0
    return UP if new > old else DOWN
