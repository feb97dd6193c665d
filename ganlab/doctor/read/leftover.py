"""Gradients that were there when a player's first loss after its step went backward."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from ganlab.causes.trace import PLAYERS, Player
from ganlab.doctor.players.cast import Cast
from ganlab.doctor.read.round import Round
from ganlab.doctor.read.wiring import keys_of
from ganlab.doctor.record import Backward, Step

_LEFT = "left over"


class Gradients:
    """One player's gradients over a round."""

    def __init__(self, found: Round, player: Player, cast: Cast) -> None:
        self.key = keys_of(cast)[player]
        self.own, self.steps = found.backwards[player], found.steps[player]
        foreign = [b for b in found.tape.backwards if b not in self.own]
        self.foreign = [b for b in foreign if b.reached.get(self.key)]

    def left_over(self) -> bool:
        """Whether a step of the player's had more in it than its own losses since the last one."""
        return self._mixed_in() or any(True for _ in self._soiled())

    def left_by_the_other(self) -> bool:
        """Whether that came from the other's loss."""
        if self._mixed_in():
            return True
        last = max((step.order for step in self.steps), default=0)
        # The other's loss found them clean after the player's step, so what is left later is its
        # own.
        late = any(b.order > last and self._before(b) in ("zero", "none") for b in self.foreign)
        return any(
            late
            or any(
                since < other.order < backward.order and self._before(other) != _LEFT
                for other in self.foreign
            )
            for since, backward in self._soiled()
        )

    def _before(self, backward: Backward) -> str | None:
        return backward.grads_before.get(self.key)

    def _mixed_in(self) -> bool:
        """Whether the other's loss went backward between a loss of the player's and its step."""
        return any(self._mixed_into(step) for step in self.steps)

    def _mixed_into(self, step: Step) -> bool:
        since = self._stepped_before(step.order)
        mine = [b.order for b in self.own if since < b.order < step.order]
        return bool(mine) and any(min(mine) < b.order < step.order for b in self.foreign)

    def _stepped_before(self, order: int) -> int:
        return max((step.order for step in self.steps if step.order < order), default=0)

    def _soiled(self) -> Iterator[tuple[int, Backward]]:
        """The first losses after each step that found gradients there, and that step's order."""
        for since, group in itertools.groupby(self.own, lambda b: self._stepped_before(b.order)):
            first = next(group)
            if self._before(first) == _LEFT:
                yield since, first


def players(found: Round, cast: Cast, holds: Callable[[Gradients], bool]) -> set[Player]:
    """Those of whose gradients something holds."""
    return {player for player in PLAYERS if holds(Gradients(found, player, cast))}
