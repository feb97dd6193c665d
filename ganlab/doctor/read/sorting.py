"""A tape becomes a round: which pass saw what, whose loss is which."""

from __future__ import annotations

from ganlab.causes.trace import PLAYERS
from ganlab.doctor.players.cast import Cast
from ganlab.doctor.players.rounds import Owners
from ganlab.doctor.read.ownership import Ownership
from ganlab.doctor.read.round import Round
from ganlab.doctor.read.side import side_of
from ganlab.doctor.record import Call, Tape

_NORMS = frozenset({"LinalgVectorNorm", "Norm", "Sqrt"})


def round_of(number: int, tape: Tape, cast: Cast, owners: Owners) -> Round:
    """The events of a tape, sorted."""
    found = Round(number, tape)
    for call in tape.calls:
        if cast.is_generator(call):
            found.made.append(call)
        elif cast.is_discriminator(call) and call.graded:
            _pile(found, call, cast).append(call)
    ownership = Ownership(found, cast, owners)
    for backward in tape.backwards:
        if player := ownership.of(backward):
            found.backwards[player].append(backward)
    for player in PLAYERS:
        found.steps[player] = [s for s in tape.steps if s.optimizer in owners[player]]
        found.losses[player] = [float(b.value) for b in found.backwards[player]]
    for name in ("d real", "d fake", "g fake", "g real"):
        found.sides[name] = side_of(found, name, cast)
    return found


def _pile(found: Round, call: Call, cast: Cast) -> list[Call]:
    """Where a pass of D belongs."""
    if call.penalised and _only_in_a_penalty(call, found.tape):
        return found.blended
    if cast.sees_twins(call):
        return found.twins
    if not cast.sees_fakes(call):
        return found.real
    return found.mixed if call.origin(cast.position).mixed else found.fake


def _only_in_a_penalty(call: Call, tape: Tape) -> bool:
    """Whether the output enters losses through the norm of a gradient alone."""
    paths = [
        entry.path
        for backward in tape.backwards
        for entry in backward.reads.entries
        if tape.calls[entry.call] is call
    ]
    return all(_NORMS & set(path) for path in paths)
