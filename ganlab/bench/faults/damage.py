"""One thing done to the folder of a stored run, and what is promised of the run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ganlab.bench.faults.acts import Act
from ganlab.bench.faults.specimen import IMAGES

HUGE = 10**400  # more than any float
DEEP = b"[" * 5000 + b"]" * 5000


@dataclass(frozen=True)
class Damage:
    """One thing done to a stored run's folder."""

    name: str  # the file, and what is wrong with it
    act: Act
    listed: bool = True  # whether it is still a run of the list
    kind: str = IMAGES  # of run that it is done to


def each(
    what: str, act: Callable[..., Act], kind: str = IMAGES, /, **values: Sequence[Any]
) -> tuple[Damage, ...]:
    """A damage for each value of each field."""
    return tuple(
        Damage(f"{what}: {name} is {_short(value)}", act(**{name: value}), kind=kind)
        for name, all_of_it in values.items()
        for value in all_of_it
    )


def _short(value: object) -> str:
    return "without end" if value == HUGE else f"{value!r:.60}"
