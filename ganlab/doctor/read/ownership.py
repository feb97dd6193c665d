"""Whose loss a backward is.

A loss belongs to the player whose optimiser steps next of those it reaches. Where both step after
both losses, the one that sees no real sample and reaches G is G's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ganlab.causes.trace import Player
from ganlab.doctor.players.cast import Cast
from ganlab.doctor.players.rounds import Owners
from ganlab.doctor.read.round import Round
from ganlab.doctor.record import Backward, Call, Step


@dataclass(frozen=True)
class _Loss:
    """What decides about one backward."""

    real: bool  # real samples are in it
    reaches_g: bool
    reaches_d: bool
    nearest: Player | None  # whose optimiser steps next
    sure: Player | None  # the same, where that step is for no other loss and moves one player alone
    last: bool  # at most one step follows


class Ownership:
    """The losses of one round, whose passes are sorted."""

    def __init__(self, found: Round, cast: Cast, owners: Owners) -> None:
        self.round, self.owners = found, owners
        self.g, self.d = cast.generator.key, cast.discriminator.key
        self.steps = sorted(found.tape.steps, key=lambda step: step.order)
        self.shared = bool(set(owners["d"]) & set(owners["g"]))

    def of(self, backward: Backward) -> Player | None:
        """Whose it is; None for a loss that has nothing to do with the pair."""
        loss = self._loss(backward)
        if not (loss.reaches_g or loss.reaches_d or loss.real or self._sees_fakes(backward)):
            return None
        if loss.reaches_g and not loss.reaches_d:
            # A frozen D leaves no trace of the reals: then the step that follows decides.
            ours = loss.nearest == "d" and (loss.real or len(self._neighbours(backward)) == 1)
            return "d" if ours else "g"
        return self._by_the_steps(backward, loss)

    def _by_the_steps(self, backward: Backward, loss: _Loss) -> Player:
        """Of a loss that reaches D, or nobody."""
        if loss.sure and loss.last:
            return loss.sure
        if loss.real and not loss.reaches_g:
            return "d"
        if loss.sure:
            return loss.sure
        if not loss.real and loss.reaches_g:
            return "g"
        if loss.real and (loss.nearest is None or self._beside_g_s(backward)):
            return "d"
        return loss.nearest or "g"

    def _loss(self, backward: Backward) -> _Loss:
        following = [step for step in self.steps if step.order > backward.order]
        until = following[0].order if following else math.inf
        others = self.round.tape.backwards
        alone = not any(backward.order < other.order < until for other in others)
        nearest = self._nearest(following)
        return _Loss(
            real=self._sees(backward, self.round.real),
            reaches_g=bool(backward.reached.get(self.g)),
            reaches_d=bool(backward.reached.get(self.d)),
            nearest=nearest,
            sure=nearest if alone and not self.shared else None,
            last=len(following) < 2,
        )

    def _nearest(self, following: list[Step]) -> Player | None:
        """Whose optimiser steps first of the two players'."""
        for step in following:
            if player := self._player(step.optimizer):
                return player
        return None

    def _player(self, optimizer: int) -> Player | None:
        """Whose optimiser it is; D's, if both players'."""
        if optimizer in self.owners["d"]:
            return "d"
        return "g" if optimizer in self.owners["g"] else None

    def _beside_g_s(self, backward: Backward) -> bool:
        """Whether G's loss, one without real samples, went backward before both players step."""
        near = self._neighbours(backward)
        last = max(other.order for other in near)
        later = (other.order for other in self.round.tape.backwards if other.order > last)
        until = min(later, default=math.inf)
        stepped = {step.optimizer for step in self.steps if last < step.order < until}
        if not all(stepped & set(numbers) for numbers in self.owners.values()):
            return False
        real = self.round.real
        return any(other.reached.get(self.g) and not self._sees(other, real) for other in near)

    def _neighbours(self, backward: Backward) -> list[Backward]:
        """The losses between the steps around this one, itself among them."""
        orders = [step.order for step in self.steps]
        first = max((order for order in orders if order < backward.order), default=-1)
        last = min((order for order in orders if order > backward.order), default=math.inf)
        return [other for other in self.round.tape.backwards if first < other.order < last]

    def _sees_fakes(self, backward: Backward) -> bool:
        return self._sees(backward, self.round.fake)

    def _sees(self, backward: Backward, calls: list[Call]) -> bool:
        """Whether one of these passes, or one of mixed origin, is in the loss."""
        wanted = {id(call) for call in calls + self.round.mixed}
        tape = self.round.tape
        return any(id(tape.calls[entry.call]) in wanted for entry in backward.reads.entries)
