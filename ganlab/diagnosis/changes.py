"""What somebody changed while a run trained: the first suspect of whatever follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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

    @property
    def undo(self) -> Patch:
        """The patch that takes it back."""
        return {name: Set(value) for name, value in self.before.items()}


def changes_of(original: RunConfig, rows: Iterable[Mapping[str, Any]]) -> tuple[Change, ...]:
    """The changes of a run by its first config and its log of patches, oldest first.

    Rows that were refused, and settings that a patch left as they were, are no changes.
    """
    config, found = original, []
    for row in rows:
        if row.get("error"):
            continue
        try:
            new = config.patched(patch_of_row(row["patch"]))
        except ConfigError:  # of a version with other settings
            continue
        old_values, new_values = dict(config), dict(new)
        names = [name for name in row["patch"] if old_values[name] != new_values[name]]
        if names:
            found.append(
                Change(
                    row["step"],
                    {name: old_values[name] for name in names},
                    {name: new_values[name] for name in names},
                    row.get("origin", "user"),
                )
            )
        config = new
    return tuple(found)
