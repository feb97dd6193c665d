"""Cuts what is recorded into rounds, at the steps of one optimiser."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ganlab.doctor.players.cast import Cast
from ganlab.doctor.players.rounds import (
    Owners,
    boundary,
    crossings,
    generator_idles,
    moves_generator,
    part,
    takes_turns,
)
from ganlab.doctor.record import Owner, Recorder, Tape


class Cut:
    """Where one pair's rounds end."""

    def __init__(self, recorder: Recorder, cast: Cast, owners: Owners) -> None:
        self.recorder, self.cast, self.owners = recorder, cast, owners
        self.owner: Owner | None = None  # whose step ends a round
        self.leads = False  # whether a look needs the round before it: fakes come from there
        self._in_turns = False  # whether the owner moves G only at some of its steps

    def choose(self) -> Iterator[Tape]:
        """Decides on the owner; the rounds that had ended by then, the last one stays open."""
        self.owner = boundary(self.recorder, self.cast, self.owners)
        number = -1 if self.owner is None else self.owner.number
        tape = self.recorder.tape
        self.leads = crossings(tape, self.cast, number) > 0
        self._in_turns = takes_turns(tape, self.cast, number)
        start, ends = 0, self._ends(tape, number)
        for end in ends:
            yield part(tape, start, end)
            start = end
        if ends:
            rest = part(tape, start, math.inf)
            # In place: gradients on their way are noted on this very tape.
            tape.calls, tape.backwards, tape.steps = rest.calls, rest.backwards, rest.steps

    def _ends(self, tape: Tape, number: int) -> list[int]:
        steps = [step for step in tape.steps if step.optimizer == number]
        turns = self._in_turns
        return [step.order for step in steps if not turns or moves_generator(step, self.cast)]

    def ends_at(self, owner: Owner) -> bool:
        """Whether the step that an optimiser has just made ends a round."""
        return owner is self.owner and not (self._in_turns and self._spares_generator())

    def misplaced(self) -> bool:
        """Whether the owner does not step while the game goes on: another one is to be chosen."""
        waiting = self.owner is not None and not self.owner.steps
        return waiting and generator_idles(self.recorder, self.cast)

    def _spares_generator(self) -> bool:
        """Whether G has no gradients at this step, by its last tensor."""
        grad = self.cast.generator.parameters[-1].grad
        return grad is None or not bool(grad.any())
