"""What a driver did to the runs, and whether that explains every patch of their logs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ganlab.config import KNOBS, ConfigError, RunConfig
from ganlab.diagnosis import changes_of
from ganlab.finding import patch_as_row
from ganlab.ui.breaks import BREAKS

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Act:
    """One thing that was done on a run's page."""

    run: str
    kind: str  # "set", "break", "undo", "remedy", "reopen"
    what: str = ""  # the setting, the break's title, the remedy's name
    value: object = None  # what the setting was set to


def unexplained(original: RunConfig, rows: Sequence[Row], acts: Iterable[Act]) -> list[str]:
    """The patches of one run that no act explains, each in words; an act explains one patch."""
    left = list(acts)
    complaints = []
    for place, row in enumerate(rows):
        known = next((act for act in left if _explains(act, original, rows[: place + 1])), None)
        if known is None:
            complaints.append(f"step {row['step']}: {row['patch']} ({row['origin']})")
        else:
            left.remove(known)
    return complaints


def _explains(act: Act, original: RunConfig, rows: Sequence[Row]) -> bool:
    row = rows[-1]
    origin, _, name = row["origin"].partition(": ")
    if origin == "user":
        return act.kind == "set" and _sets(act, row["patch"])
    if origin == "break":
        patches = [patch_as_row(item.patch) for item in BREAKS if item.title == name]
        return (act.kind, act.what) == ("break", name) and row["patch"] in patches
    if origin == "undo":
        changes = changes_of(original, rows[:-1])
        return act.kind == "undo" and any(row["patch"] == patch_as_row(c.undo) for c in changes)
    return (act.kind, act.what) == (origin, name)


def _sets(act: Act, patch: Row) -> bool:
    if [*patch] != [act.what]:
        return False
    try:
        return bool(patch[act.what] == {"set": KNOBS[act.what].check(act.value)})
    except ConfigError:
        return False
