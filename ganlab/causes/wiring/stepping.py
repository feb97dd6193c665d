"""An optimiser that exists and never steps."""

from __future__ import annotations

from ganlab.causes.history import History
from ganlab.causes.specimen import looks, script, stepped
from ganlab.causes.suspect import Suspect
from ganlab.causes.trace import PLAYERS, Player


def never_stepped(
    history: History, player: Player, slug: str, least: int, rounds: int
) -> Suspect | None:
    """The suspect where a player's optimiser made no step in all that was seen.

    `least`: steps of the other player that are enough, `rounds`: looks that are.
    """
    build, name = history.made_of, player.upper()
    counts = {
        each: sum(build.optimisers[number].steps for number in build.owners[each])
        for each in PLAYERS
    }
    other: Player = "d" if player == "g" else "g"
    optimiser = build.optimiser(player)
    shared = set(build.owners["d"]) == set(build.owners["g"])
    if optimiser is None or shared or counts[player]:
        return None
    if counts[other] < least or len(history.rounds) < rounds:
        return None
    return Suspect(
        slug,
        0.97,
        (
            f"{other.upper()}'s optimiser has made {counts[other]} steps, {name}'s none.",
            f"Backward passes that reach {name}: {_reaching(history, player)} of "
            f"{len(history.rounds)} rounds looked at.",
        ),
        fix=f"Call step() of {name}'s optimiser after the backward of its loss.",
        location=history.where(f"{player} loss") or optimiser.where,
        checked="The optimiser owns the network's parameters, so it is the step that is missing.",
    )


def _reaching(history: History, player: Player) -> int:
    """Rounds in which the player's loss reached it."""
    return sum(seen.reaches.get(f"{player} loss to {player}", False) for seen in history.rounds)


def resting(player: Player, *, others: int = 100, losses: int = 1, rounds: int = 12) -> History:
    """A script in which a player's optimiser has made no step, and the other's so many."""
    seen = looks(rounds, counts={"g losses": losses})
    steps = {"g": 0, "d": others} if player == "g" else {"g": others, "d": 0}
    return stepped(script(rounds=seen), **steps)
