"""What the probes said before the settings were changed live: the measure of what they say after.

Knows no threshold and no failure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ganlab.detectors.series import Tail

FEWEST = 3  # probes before a change, without which there is nothing to compare with
SETTLED = 8  # probes after a change, before which the next one is held against the same past


class Before:
    """The last values of some metrics before the last change of the settings.

    A change that comes soon after another is held against what was before the first.
    """

    def __init__(self, metrics: Iterable[str], memory: int) -> None:
        self._tails = {name: Tail(memory) for name in metrics}
        self._memory = memory
        self._changes: int | None = None
        self.values: dict[str, list[float]] = {}  # oldest first; empty: nothing to compare with
        self.step = 0  # of the change

    def notice(self, changes: int, step: int, *, hold: bool) -> bool:
        """Takes the count of changes so far; whether there is a new one to compare with.

        `hold` keeps the comparison as it is: what is said of an earlier change still stands.
        """
        before, self._changes = self._changes, changes
        if before is None or changes <= before or hold:
            return False
        known = max((len(tail.values) for tail in self._tails.values()), default=0)
        if known < (SETTLED if self.values else FEWEST):
            return False
        self.values = {name: tail.values for name, tail in self._tails.items() if tail.values}
        self._tails = {name: Tail(self._memory) for name in self._tails}
        self.step = step
        return True

    def remember(self, step: int, metrics: Mapping[str, Any]) -> None:
        """Takes what a probe measured."""
        for name, tail in self._tails.items():
            tail.add(step, metrics.get(name))
