"""What a kind of fault is. Knows no kind."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_SEEN = 600  # characters of what was seen


class Harm(AssertionError):  # noqa: N818 - reads as what it says
    """Something promised did not hold; the text says what was promised, and what was seen."""


@dataclass(frozen=True)
class Fault:
    """One kind of fault.

    `strike(folder, dice)` gets an empty folder of its own and random numbers of its own. It sets
    up what it needs, does the damage (where, how much: by the dice) and looks. It raises `Harm`
    when a promise is broken; any other exception counts as harm too. It leaves no thread, process
    or open file behind; the folder is removed afterwards.
    """

    name: str  # unique, in words: "a full disk at some write of a checkpoint"
    strike: Callable[[Path, random.Random], None]
    cost: float = 0.05  # seconds that it takes, about: dear kinds are tried less often


def promise(held: object, what: str, seen: object = "") -> None:
    """Raises Harm unless it was held."""
    if not held:
        raise Harm(f"promised: {what}; seen: {str(seen)[:_SEEN]}")
