"""What each cause looks like on the live objects: one file a group of the vocabulary.

A rule reads the sheet and yields suspicions; it never touches a network.
"""

from collections.abc import Iterator

from ganlab.doctor.rules import balance, data, lipschitz, loss, normalisation, numbers, wiring
from ganlab.doctor.sheet import Sheet
from ganlab.doctor.words import Suspicion

RULES = (*wiring.RULES, *loss.RULES, *data.RULES, *lipschitz.RULES, *normalisation.RULES,
         *numbers.RULES, *balance.RULES)  # fmt: skip


def suspicions(sheet: Sheet) -> Iterator[Suspicion]:
    """All that the rules say of what was seen so far."""
    for rule in RULES:
        yield from rule(sheet)
