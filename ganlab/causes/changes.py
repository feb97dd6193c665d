"""What somebody changed while a run trained: the first suspect of whatever follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ganlab.config import ConfigError, Patch, RunConfig, Set
from ganlab.finding import patch_of_row
from ganlab.knob import Value


@dataclass(frozen=True)
class Change:
    """One live patch: from which update on it held, and the settings before and after it."""

    step: int  # the first generator update under it
    before: Mapping[str, Value]
    after: Mapping[str, Value]
    origin: str = "user"
    undone: int | None = None  # step at which a later patch took it back
    undoes: int | None = None  # step of the earlier patch that this one takes back

    @property
    def undo(self) -> Patch:
        """The patch that takes it back."""
        return {name: Set(value) for name, value in self.before.items()}


def changes_of(original: RunConfig, rows: Iterable[Mapping[str, Any]]) -> tuple[Change, ...]:
    """The changes of a run by its first config and its log of patches, oldest first.

    Rows that were refused, and settings that a patch left as they were, are no changes.
    """
    config = original
    found: list[Change] = []
    for row in rows:
        if row.get("error"):
            continue
        try:
            new = config.patched(patch_of_row(row["patch"]))
        except ConfigError:  # of a version with other settings
            continue
        old_values, new_values = dict(config), dict(new)
        names = [name for name in new_values if old_values[name] != new_values[name]]
        if names:
            before = {name: old_values[name] for name in names}
            after = {name: new_values[name] for name in names}
            _add(found, Change(row["step"], before, after, row.get("origin", "user")))
        config = new
    return tuple(found)


def last_to_undo(changes: Iterable[Change]) -> Change | None:
    """The newest change that is neither taken back nor takes another back."""
    standing = [c for c in changes if c.undone is None and c.undoes is None]
    return standing[-1] if standing else None


def _add(found: list[Change], change: Change) -> None:
    """Appends it; one that takes the newest standing change of the same settings back says so."""
    for place in reversed(range(len(found))):
        earlier = found[place]
        if earlier.undone is not None or earlier.undoes is not None:
            continue
        if earlier.before == change.after and earlier.after == change.before:
            found[place] = replace(earlier, undone=change.step)
            found.append(replace(change, undoes=earlier.step))
            return
        if earlier.after.keys() & change.after.keys():
            break  # the same setting has moved on since: nothing older is taken back
    found.append(change)
