"""Where one round ends and the next begins: at a step of G, or of D right behind it."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from typing import Any

from ganlab.causes.trace import Player
from ganlab.doctor.players.cast import Cast
from ganlab.doctor.record import Owner, Recorder, Step, Tape

Owners = dict[Player, list[int]]  # whose parameters which optimisers own
_PATIENCE = 150  # steps of D alone; the WGAN paper's own code makes up to 100


def owners_of(recorder: Recorder, cast: Cast) -> Owners:
    """Which optimisers own parameters of which player."""
    ids: dict[Player, set[int]] = {"d": cast.discriminator.ids, "g": cast.generator.ids}
    return {
        player: [owner.number for owner in recorder.owners if owner.ids() & wanted]
        for player, wanted in ids.items()
    }


def boundary(recorder: Recorder, cast: Cast, owners: Owners) -> Owner | None:
    """The optimiser whose step ends a round: G's, or D's where G's does not step."""
    stepped = [n for n in owners["g"] if recorder.owners[n].steps]
    known = stepped or owners["g"]
    if not stepped and (generator_idles(recorder, cast) or not known):
        known = [n for n in owners["d"] if recorder.owners[n].steps] or known
    if not known:
        return None
    last = _last_of_block(recorder.tape, _last_of_several(recorder.tape, known), owners)
    return recorder.owners[_cutting_least(recorder.tape, cast, last, owners)]


def takes_turns(tape: Tape, cast: Cast, number: int) -> bool:
    """Whether one optimiser moves D alone at some of its steps, and G at others."""
    moves = [moves_generator(step, cast) for step in tape.steps if step.optimizer == number]
    return any(moves) and not all(moves)


def moves_generator(step: Step, cast: Cast) -> bool:
    """Whether an optimiser found gradients in G."""
    return step.norms.get(cast.generator.key, 0.0) > 0


def generator_idles(recorder: Recorder, cast: Cast) -> bool:
    """Whether G's losses went backward several times, or D trained long, without a step of G."""
    tape, key = recorder.tape, cast.generator.key
    return sum(bool(b.reached.get(key)) for b in tape.backwards) >= 4 or len(tape.steps) > _PATIENCE


def _last_of_several(tape: Tape, numbers: list[int]) -> int:
    """The optimiser that most often ends a row of steps by these."""
    ends: Counter[int] = Counter()
    for before, after in itertools.pairwise([*_events(tape), None]):
        if isinstance(before, Step) and before.optimizer in numbers:
            ends[before.optimizer] += not (isinstance(after, Step) and after.optimizer in numbers)
    return max(numbers, key=lambda number: ends[number])


def _events(tape: Tape) -> list[Any]:
    events: list[Any] = [*tape.calls, *tape.backwards, *tape.steps]
    return sorted(events, key=lambda event: event.order)


def _last_of_block(tape: Tape, number: int, owners: Owners) -> int:
    """D's optimiser where it steps right after G's: both steps belong to one round."""
    events = _events(tape)
    followers = [
        after.optimizer if isinstance(after, Step) else -1
        for before, after in itertools.pairwise(events)
        if isinstance(before, Step) and before.optimizer == number
    ]
    others = [n for n in owners["d"] if n != number and followers.count(n) > len(followers) / 2]
    return others[0] if others else number


def _cutting_least(tape: Tape, cast: Cast, number: int, owners: Owners) -> int:
    """D's optimiser where it takes turns and fewer fakes are made before it and scored after."""
    others = [n for n in owners["d"] if n != number and _alternate(tape, number, n)]
    return min((number, *others), key=lambda n: crossings(tape, cast, n))


def _alternate(tape: Tape, one: int, other: int) -> bool:
    """Whether two optimisers step in turns."""
    turns = [step.optimizer for step in tape.steps if step.optimizer in (one, other)]
    return len(set(turns)) == 2 and all(a != b for a, b in itertools.pairwise(turns))


def crossings(tape: Tape, cast: Cast, number: int) -> int:
    """How often D scores samples that G made before the last step of an optimiser."""
    ends = [step.order for step in tape.steps if step.optimizer == number]
    made = [call.order for call in tape.calls if cast.is_generator(call)]
    count = 0
    for call in tape.calls:
        if cast.is_discriminator(call) and cast.sees_fakes(call):
            source = max((order for order in made if order < call.order), default=call.order)
            count += any(source < end < call.order for end in ends)
    return count


def part(whole: Tape, start: float, end: float) -> Tape:
    """The events after `start` up to `end`."""
    found = Tape(
        [call for call in whole.calls if start < call.order <= end],
        [backward for backward in whole.backwards if start < backward.order <= end],
        [step for step in whole.steps if start < step.order <= end],
    )
    places = {id(call): number for number, call in enumerate(found.calls)}
    for backward in found.backwards:
        kept = []
        for entry in backward.reads.entries:  # they name calls by their place on a tape
            place = places.get(id(whole.calls[entry.call]))
            if place is not None:
                kept.append(replace(entry, call=place))
        backward.reads.entries = kept
    return found
