"""One round of a script (up to a step of G) as plain numbers: what a history is made of."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Player = Literal["g", "d"]
PLAYERS: tuple[Player, Player] = ("g", "d")
Penalty = tuple[tuple[int, ...], tuple[int, ...], float, float]
# shape, dimensions of the norm, mean norm, lambda
_LEAST = 6  # likenesses that are enough for a range


@dataclass(frozen=True)
class Location:
    """A line of the user's own code."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Span:
    """Range and first two moments of some values."""

    low: float
    high: float
    mean: float
    std: float


@dataclass(frozen=True)
class Likeness:
    """How one batch follows from another by its moments alone."""

    scale: float
    shift: float
    noise: float  # deviation that was added, if the scale is one


Noise = tuple[str, Span, tuple[float, ...]]
# of one pass of G: "d" or "g", its first input's range, its first numbers
Condition = tuple[str, float, float, int]
# a further input's kind ("index", "whole" or "real"), spread, largest value and width


def widest(bounds: tuple[float, float], found: Sequence[Likeness]) -> tuple[float, float] | None:
    """What bounds become at most, by a scale and a shift or by noise on top."""
    if len(found) < _LEAST:
        return None
    scale, shift, noise = (
        statistics.median(getattr(each, name) for each in found)
        for name in ("scale", "shift", "noise")
    )
    low, high = bounds
    return min(low * scale + shift, low - 3 * noise), max(high * scale + shift, high + 3 * noise)


@dataclass(frozen=True)
class Trace:
    """One round as numbers."""

    number: int
    pulls: dict[str, float] = field(default_factory=dict)  # "d real" -> -dL/dD
    slopes: dict[str, float] = field(default_factory=dict)
    targets: dict[str, float] = field(default_factory=dict)
    contracts: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    shapes: dict[str, list[tuple[int, ...]]] = field(default_factory=dict)
    losses: dict[Player, list[float]] = field(default_factory=dict)
    saturates: list[bool] = field(default_factory=list)  # each entry of D(G(z)) into G's loss
    outputs: dict[str, Span] = field(default_factory=dict)  # of D: "real", "fake", "g fake"
    ranges: dict[str, Span] = field(default_factory=dict)  # samples: "real", "fake"
    noise: list[Noise] = field(default_factory=list)
    conditions: dict[str, list[Condition]] = field(default_factory=dict)
    norms: dict[Player, list[float]] = field(default_factory=dict)  # of gradients at steps
    reaches: dict[str, bool] = field(default_factory=dict)  # "g loss to g", "d loss to d", ...
    left_over: set[Player] = field(default_factory=set)
    left_by: set[Player] = field(default_factory=set)  # who was left over from the other's loss
    modes: dict[str, bool] = field(default_factory=dict)  # "g", "d": training mode
    counts: dict[str, int] = field(default_factory=dict)
    penalties: list[Penalty] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    probability: bool = False
    activation: str = ""  # G's last
    lasts: dict[Player, str] = field(default_factory=dict)  # last node below any activation
    orphans: frozenset[int] = frozenset()  # parameters used that nobody knows of
    orphan_numbers: int = 0
    penalised: bool = False  # D's loss contains a gradient penalty of any form
    entangled: bool = False  # some pass over fakes leads back to both networks
    moves_both: bool = False  # some step found gradients in both networks
    torn: bool = False  # one backward pulls D's opinion of one batch both ways
    affine: tuple[float, float] | None = None  # what D sees of G's output: scale and shift
    loose: Likeness | None = None  # the same by moments, where noise or augmentation lies between
    score: bool = True  # whether D's output is a score, not an image of its own
    energy: bool = False  # whether D is an autoencoder: its error on a sample is the score
    batch_wide: bool = False  # the loss compared [B] with [B, 1]
    targets_differ: bool = False  # and not with one target for all
    mixed: bool = False
    uneven: float | None = None  # deviation within a sample of how a penalty's point was mixed
    fake_born: tuple[int, int] | None = None
    # steps of optimisers before the newest fake of D's was made, and before D saw it
    fake_mark: tuple[float, ...] = ()
    where: dict[str, Location] = field(default_factory=dict)
