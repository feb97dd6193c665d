"""The documented systems and failures, one a file, as data.

find_case("x255-output").config("mnist", seed=1)      the failing run
find_case("x255-output").cure.patch                   what cures it
"""

from __future__ import annotations

from collections.abc import Mapping

from ganlab.casebook import decline, losses, near_zero, ours, paper, primer
from ganlab.casebook.case import Case
from ganlab.config import ConfigError
from ganlab.knob import nearest

CASES: Mapping[str, Case] = {
    case.slug: case
    for document in (near_zero, paper, decline, losses, primer, ours)
    for case in document.CASES
}


def find_case(slug: str) -> Case:
    """The case of that slug. Raises ConfigError with the nearest one."""
    if slug not in CASES:
        raise ConfigError(
            f"The casebook has no case {slug!r}." + nearest(slug, tuple(CASES))
            + " `python -m ganlab casebook --list` prints them all."
        )  # fmt: skip
    return CASES[slug]
