"""Who owns, reaches, zeroes and moves what."""

from __future__ import annotations

from collections.abc import Iterator

from ganlab.causes.history import History
from ganlab.causes.suspect import Suspect
from ganlab.causes.trace import PLAYERS, Player
from ganlab.doctor.rules.naming import suspicion

_ROUNDS = 4  # that have to agree


def optimizer_parameters(history: History) -> Iterator[Suspect]:
    """An optimiser on the other network's parameters, one on both, or parameters in none."""
    build = history.made_of
    optimisers, g, d = build.optimisers, build.generator, build.discriminator
    of_g = [each.number for each in optimisers if each.of_g]
    of_d = [each.number for each in optimisers if each.of_d]
    both = [number for number in of_g if number in of_d]
    if not of_d or not of_g:
        empty, full, numbers = (d, g, of_g) if not of_d else (g, d, of_d)
        if len(numbers) > 1:
            wrong = optimisers[numbers[-1] if not of_d else numbers[0]]
            yield suspicion(
                "optimizer-wrong-parameters",
                0.97,
                (
                    f"{len(numbers)} optimisers own parameters of {full.name}, none owns one of "
                    f"{empty.name}: {empty.name} never learns.",
                ),
                "Build the optimiser on the other network: "
                f"{wrong.rule}({_plain(empty.name)}.parameters(), ...)",
                wrong.where,
                "Identity of every parameter in every param_group was compared.",
                "Lornatang/ESRGAN-PyTorch #39",
            )
        elif empty.frozen < empty.tensors:
            slug = "parameters-not-optimised"
            yield suspicion(
                slug,
                0.85,
                (f"No optimiser owns any parameter of {empty.name}.",),
                f"Give {_plain(empty.name)}.parameters() to an optimiser and call its step().",
                history.where("d loss", "g loss"),
                "Identity of every parameter in every param_group was compared.",
            )
        return
    tangled, _ = history.share(
        lambda seen: seen.entangled and seen.moves_both, lambda seen: bool(seen.counts["d fake"])
    )
    if both and tangled > 0.2 and (set(of_g) <= set(of_d) or set(of_d) <= set(of_g)):
        owner = optimisers[both[0]]
        yield suspicion(
            "optimizer-shared-parameters",
            0.93,
            (
                f"Optimiser {owner.number + 1} owns {owner.of_g} tensors of "
                f"{g.name} and {owner.of_d} of {d.name}: each step moves both, "
                "towards one loss.",
            ),
            "Make two optimisers, one on G's parameters and one on D's, and step each after its "
            "own loss.",
            owner.where,
            "One optimiser is fine where each loss leads back to one network alone, or where the "
            "other's gradients are gone at the step: both networks held gradients here.",
        )
    yield from _left_out(history)


def used_unregistered(history: History) -> Iterator[Suspect]:
    """Parameters that a loss reaches and that no module and no optimiser knows."""
    rounds = [seen for seen in history.rounds if seen.reaches]
    if len(rounds) < _ROUNDS:
        return
    always = frozenset.intersection(*(seen.orphans for seen in rounds[-8:]))
    if not always:
        return
    yield suspicion(
        "parameters-not-optimised",
        0.93,
        (
            f"{len(always)} parameters ({rounds[-1].orphan_numbers:,} numbers) take part in the "
            "losses, and belong to no network's parameters() and to no optimiser.",
        ),
        "Give them to the optimiser; layers belong in nn.ModuleList or nn.Sequential, not in a "
        "Python list, so that parameters() finds them.",
        next((o.where for o in history.made_of.optimisers), None),
        f"The same ones in each of the last {len(rounds[-8:])} rounds; other networks that ran "
        "were left out.",
        "PyTorch, nn.ModuleList",
    )


def one_backward(history: History) -> Iterator[Suspect]:
    """Both players' losses in one backward, each reaching both."""
    share, count = history.share(lambda seen: seen.torn, lambda seen: bool(seen.reaches))
    if count < _ROUNDS or share < 0.8:
        return
    yield suspicion(
        "stale-gradients",
        0.85,
        (
            f"In {share:.0%} of {count} rounds one backward pulled D(G(z)) up for G and down for D,"
            " and both pulls reached both networks: they cancel.",
        ),
        "Detach the fakes in D's loss and go backward separately, zeroing in between: "
        "d_loss.backward(); opt_d.step(); opt_g.zero_grad(); g_loss.backward(); opt_g.step().",
        history.where("g loss", "d loss"),
        "With detached fakes, or a frozen D for G's loss, one backward would be fine.",
        "Goodfellow et al. 2014 (arXiv:1406.2661), algorithm 1",
    )


def _left_out(history: History) -> Iterator[Suspect]:
    build = history.made_of
    for player in PLAYERS:
        network = build.of(player)
        wanted = network.tensors - network.frozen
        numbers, total = network.missing_numbers, network.trained_numbers
        owners = (o for o in build.optimisers if (o.of_g if player == "g" else o.of_d))
        if 0 < network.missing < wanted:
            yield suspicion(
                "parameters-not-optimised",
                0.9 if numbers > 0.02 * total else 0.6,
                (
                    f"{network.missing} of {wanted} tensors of {network.name} ({numbers:,} of "
                    f"{total:,} numbers) are in no optimiser: {', '.join(network.missing_names)}.",
                ),
                "Give the optimiser all of the network's parameters().",
                next((owner.where for owner in owners), None),
                "They require gradients, so they were not frozen on purpose.",
                harm="likely" if numbers > 0.02 * total else "unclear",
            )


def stale_gradients(history: History) -> Iterator[Suspect]:
    """Gradients of an earlier backward reach a step."""
    for player in PLAYERS:
        yield from _stale(history, player)


def _stale(history: History, player: Player) -> Iterator[Suspect]:
    share, count = history.share(
        lambda seen: player in seen.left_over,
        lambda seen: seen.counts.get(f"{player} losses", 0) > 0,
    )
    owner = history.made_of.optimiser(player)
    if count < _ROUNDS or share < 0.8 or owner is None or _accumulates(history, player):
        return
    other, _ = history.share(
        lambda seen: player in seen.left_by,
        lambda seen: player in seen.left_over,
    )
    name, opponent = player.upper(), "D" if player == "g" else "G"
    by = f"{opponent}'s backward" if other > 0.5 else f"{name}'s own earlier steps"
    yield suspicion(
        "stale-gradients",
        0.94,
        (
            f"In {share:.0%} of {count} rounds {name} still held gradients when the backward "
            f"of its loss began; they come from {by} and reach {name}'s step.",
            *_growth(history, player),
        ),
        f"Call optimizer_{name}.zero_grad() right before the backward of {name}'s loss"
        + (" (and detach the fakes in D's loss)." if player == "g" and other > 0.5 else "."),
        history.where(f"{player} loss"),
        "Gradient accumulation was looked for: the optimiser steps in every round.",
        "PyTorch, Optimizer.zero_grad",
        # What G's loss leaves in D has been seen to do no harm, what is never zeroed has not.
        harm="likely" if player == "d" and other > 0.5 else "certain",
    )


def _growth(history: History, player: Player) -> Iterator[str]:
    norms = [max(s.norms[player]) for s in history.rounds if s.norms.get(player)]
    if len(norms) >= 8 and norms[0] > 0 and norms[-1] > 3 * norms[0]:
        yield f"{player.upper()}'s gradient norm grew from {norms[0]:.3g} to {norms[-1]:.3g}."


def _accumulates(history: History, player: Player) -> bool:
    """Whether the player steps in fewer rounds than it goes backward."""
    rounds = [seen for seen in history.rounds if seen.counts.get(f"{player} losses", 0)]
    stepped = sum(seen.counts.get(f"{player} steps", 0) > 0 for seen in rounds)
    return stepped < 0.8 * len(rounds)


RULES = (
    optimizer_parameters,
    used_unregistered,
    one_backward,
    stale_gradients,
)


def _plain(name: str) -> str:
    """'netD (Discriminator)' -> 'netD'."""
    return name.partition(" (")[0]
