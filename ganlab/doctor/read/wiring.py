"""What a round shows of the wiring: who reaches whom, in which mode, by which graphs."""

from __future__ import annotations

from ganlab.causes.trace import PLAYERS, Location, Penalty, Player
from ganlab.doctor.players.cast import Cast
from ganlab.doctor.read import statements
from ganlab.doctor.read.round import Round
from ganlab.doctor.record import Call, Key, last_activation

_ACTIVATIONS = frozenset({"Tanh", "Sigmoid", "Softmax"})


def keys_of(cast: Cast) -> dict[Player, Key]:
    """The two networks' keys."""
    return {"g": cast.generator.key, "d": cast.discriminator.key}


def reaches(found: Round, cast: Cast) -> dict[str, bool]:
    """Whether any of a player's losses reaches a player: "g loss to d", ..."""
    return {
        f"{player} loss to {other}": any(b.reached.get(key) for b in found.backwards[player])
        for player in PLAYERS
        for other, key in keys_of(cast).items()
        if found.backwards[player]
    }


def lines(found: Round) -> dict[str, Location]:
    """Where each player's last loss went backward, and where it stepped."""
    known: dict[str, Location] = {}
    for player in PLAYERS:
        for name, events in (("loss", found.backwards[player]), ("step", found.steps[player])):
            if places := [event.where for event in events if event.where]:
                known |= statements.places(f"{player} {name}", places[-1])
    return known


def modes(found: Round) -> dict[str, bool]:
    """Whether a player was in training mode in any of its passes that train it."""
    made = [call for call in found.made if call.graded]
    passes = {"g": made, "d": found.scored}
    return {player: any(c.training for c in calls) for player, calls in passes.items() if calls}


def last_nodes(found: Round) -> dict[Player, str]:
    """The node that made each player's first output, below any activation."""
    passes: dict[Player, list[Call]] = {"g": found.made, "d": found.scored}
    return {
        player: last_activation(calls[0].output, _ACTIVATIONS.__contains__)
        for player, calls in passes.items()
        if calls
    }


def penalties(found: Round) -> list[Penalty]:
    """The gradient penalties in D's losses that show a norm."""
    return [
        (*norm, weight)
        for b in found.backwards["d"]
        for norm, weight in zip(b.reads.norms, b.reads.weights, strict=True)
    ]


def penalised(found: Round) -> bool:
    """Whether D's loss contains a gradient penalty of any form."""
    return found.tape.transformed or any(b.reads.penalised for b in found.backwards["d"])


def classes(found: Round) -> list[str]:
    """What enters classification losses."""
    both = found.backwards["d"] + found.backwards["g"]
    return [name for b in both for name in b.reads.classes]


def orphans(found: Round) -> dict[int, int]:
    """Parameters in the losses' graphs that nobody knows of, and how many numbers each has."""
    both = found.backwards["d"] + found.backwards["g"]
    return {key: size for b in both for key, size in b.reads.orphans.items()}


def is_entangled(found: Round, cast: Cast) -> bool:
    """Whether some pass over fakes leads back to both networks."""
    return any(_leads_back(call, cast) for call in found.fake + found.mixed)


def is_torn(found: Round, cast: Cast) -> bool:
    """Whether one backward sends opposite opinions of the fakes into D and G alike."""
    passes = [call for call in found.fake if _leads_back(call, cast)]
    for backward in found.backwards["d"] + found.backwards["g"]:
        pulls = [
            float(-grad.float().sum())
            for call in passes
            for order, grad in call.grads
            if order == backward.order
        ]
        if any(pull > 0 for pull in pulls) and any(pull < 0 for pull in pulls):
            return True
    return False


def moves_both(found: Round, cast: Cast) -> bool:
    """Whether some step found gradients in both networks."""
    keys = keys_of(cast).values()
    return any(all(step.norms.get(key, 0.0) > 0 for key in keys) for step in found.tape.steps)


def _leads_back(call: Call, cast: Cast) -> bool:
    return call.live and call.attached[cast.position]
