"""One round (up to a step of G): its events sorted by player and by what D saw."""

from __future__ import annotations

from dataclasses import dataclass, field

from torch import Tensor

from ganlab.causes.trace import Player
from ganlab.doctor.players.cast import Cast
from ganlab.doctor.record import Backward, Call, Entry, Step, Tape


@dataclass(frozen=True)
class Side:
    """What one player's loss does with D's output on one kind of sample."""

    calls: tuple[Call, ...] = ()
    entries: tuple[Entry, ...] = ()  # how the output enters the loss
    pull: float | None = None  # mean of -dL/dD: above 0 the player raises D's output
    slope: float | None = None  # mean |dL/dlogit|
    target: float | None = None
    energy: bool = False  # D's output is a reconstruction, and its error the score


@dataclass
class Round:
    """One generator update with the discriminator updates before it."""

    number: int
    tape: Tape
    losses: dict[Player, list[float]] = field(default_factory=lambda: {"d": [], "g": []})
    backwards: dict[Player, list[Backward]] = field(default_factory=lambda: {"d": [], "g": []})
    steps: dict[Player, list[Step]] = field(default_factory=lambda: {"d": [], "g": []})
    real: list[Call] = field(default_factory=list)  # calls of D in training, by what they saw
    fake: list[Call] = field(default_factory=list)
    mixed: list[Call] = field(default_factory=list)
    blended: list[Call] = field(default_factory=list)  # for a gradient penalty
    twins: list[Call] = field(default_factory=list)  # on samples of further generators
    made: list[Call] = field(default_factory=list)  # calls of G in training
    sides: dict[str, Side] = field(default_factory=dict)  # "d real", "d fake", "g fake"

    @property
    def scored(self) -> list[Call]:
        """All calls of D in training that are no penalty's alone, and no further generator's."""
        return self.real + self.fake + self.mixed

    @property
    def fakes_of_d(self) -> list[Call]:
        """Calls on generated samples that D's own loss is made of; all where none can be told."""
        return list(self.sides["d fake"].calls) or self.fake

    def reals(self, cast: Cast) -> list[Tensor]:
        """The real samples that D was shown, batch by batch."""
        return [cast.samples(call) for call in self.real] + self._parts(cast, generated=False)

    def fakes(self, cast: Cast) -> list[Tensor]:
        """The samples of all generators that D was shown, batch by batch."""
        whole = [cast.samples(call) for call in self.fake + self.twins]
        return self._parts(cast, generated=True) + whole

    def _parts(self, cast: Cast, *, generated: bool) -> list[Tensor]:
        """Those of one origin out of the batches of mixed origin."""
        parts = [part for call in self.mixed for part in cast.parts(call)]
        return [samples for by_generator, samples in parts if by_generator == generated]
