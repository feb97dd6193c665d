"""The causes that are not one class yet: ranges and learning rates, as they look in a script.

A rule reads the history and yields suspects; it never touches a network.
"""

from collections.abc import Iterator

from ganlab.causes.history import History
from ganlab.causes.roster import Thresholds, suspects
from ganlab.causes.suspect import Suspect
from ganlab.doctor.rules import balance, data

RULES = (
    *data.RULES,
    *balance.RULES,
)


def suspicions(history: History, thresholds: Thresholds | None = None) -> Iterator[Suspect]:
    """All that the rules say of what was seen so far; `thresholds` of causes by class and name."""
    for rule in RULES:
        yield from rule(history)
    yield from suspects(history, thresholds)
