"""What a round shows of the wiring: reach, leftovers, modes, graphs."""

from __future__ import annotations

from ganlab.causes.trace import PLAYERS, Player, Trace
from ganlab.doctor import statements
from ganlab.doctor.cast import Cast
from ganlab.doctor.read.round import Round
from ganlab.doctor.record import last_activation

_ACTIVATIONS = frozenset({"Tanh", "Sigmoid", "Softmax"})


def take_wiring(seen: Trace, found: Round, cast: Cast) -> None:
    """Who reaches, moves and leaves what, in which mode and in which line."""
    keys: dict[Player, int] = {"g": cast.generator.key, "d": cast.discriminator.key}
    for player in PLAYERS:
        backwards = found.backwards[player]
        for other, key in keys.items() if backwards else ():
            seen.reaches[f"{player} loss to {other}"] = any(b.reached.get(key) for b in backwards)
        for name, events in (("loss", backwards), ("step", found.steps[player])):
            if places := [event.where for event in events if event.where]:
                seen.where |= statements.places(f"{player} {name}", places[-1])
        _take_left_over(seen, found, player, keys[player])
    _take_modes(seen, found)
    _take_graphs(seen, found)
    seen.torn = _is_torn(found, cast)
    passes = found.fake + found.mixed
    seen.entangled = any(call.live and call.attached[cast.position] for call in passes)
    pair = (cast.generator.key, cast.discriminator.key)
    seen.moves_both = any(
        all(step.norms.get(key, 0.0) > 0 for key in pair) for step in found.tape.steps
    )


def _take_graphs(seen: Trace, found: Round) -> None:
    reads = [b.reads for b in found.backwards["d"] + found.backwards["g"]]
    seen.orphans = frozenset().union(*(r.orphans for r in reads), frozenset())
    seen.orphan_numbers = sum({k: v for r in reads for k, v in r.orphans.items()}.values())
    seen.penalised = found.tape.transformed or any(b.reads.penalised for b in found.backwards["d"])
    seen.classes = [name for r in reads for name in r.classes]
    for call in found.made[:1]:
        seen.lasts["g"] = last_activation(call.output, _ACTIVATIONS.__contains__)
    for call in (found.real + found.fake + found.mixed)[:1]:
        seen.lasts["d"] = last_activation(call.output, _ACTIVATIONS.__contains__)
    for backward in found.backwards["d"]:
        norms, weights = backward.reads.norms, backward.reads.weights
        seen.penalties += [(*norm, weight) for norm, weight in zip(norms, weights, strict=True)]


def _is_torn(found: Round, cast: Cast) -> bool:
    """Whether one backward sends opposite opinions of the fakes into D and G alike."""
    for backward in found.backwards["d"] + found.backwards["g"]:
        pulls = [
            float(-grad.float().sum())
            for call in found.fake
            for order, grad in call.grads
            if order == backward.order and call.live and call.attached[cast.position]
        ]
        if any(pull > 0 for pull in pulls) and any(pull < 0 for pull in pulls):
            return True
    return False


def _take_modes(seen: Trace, found: Round) -> None:
    training = [call.training for call in found.made if call.graded]
    if training:
        seen.modes["g"] = any(training)
    training = [call.training for call in found.real + found.fake + found.mixed]
    if training:
        seen.modes["d"] = any(training)


def _take_left_over(seen: Trace, found: Round, player: Player, key: int) -> None:
    """Gradients that were there when a player's first loss after its step went backward."""
    own, steps = found.backwards[player], found.steps[player]
    last = max((step.order for step in steps), default=0)
    # The other's loss found them clean after the player's step, so what is left later is its own.
    soiled = any(
        b.order > last and b.reached.get(key) and b.grads_before.get(key) in ("zero", "none")
        for b in found.tape.backwards
        if b not in own
    )
    for step in steps:
        before = [other.order for other in steps if other.order < step.order]
        mine = [b.order for b in own if max(before, default=0) < b.order < step.order]
        foreign = [b for b in found.tape.backwards if b not in own and b.reached.get(key)]
        if mine and any(min(mine) < b.order < step.order for b in foreign):
            seen.left_over.add(player)
            seen.left_by.add(player)
    since = -1  # order of the player's last step
    for backward in own:
        before = [step.order for step in steps if step.order < backward.order]
        latest = max(before, default=0)
        if latest == since:  # not the first one since then
            continue
        since = latest
        if backward.grads_before.get(key) != "left over":
            continue
        seen.left_over.add(player)
        if soiled or any(
            other.reached.get(key) and other.grads_before.get(key) != "left over"
            for other in found.tape.backwards
            if latest < other.order < backward.order and other not in own
        ):
            seen.left_by.add(player)
