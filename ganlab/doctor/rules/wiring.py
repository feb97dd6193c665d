"""Who owns, reaches, zeroes and moves what."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from ganlab.causes.history import History
from ganlab.causes.suspect import Suspect
from ganlab.causes.trace import PLAYERS, Player, Trace
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


def never_stepped(history: History) -> Iterator[Suspect]:
    """An optimiser that exists and never steps."""
    build = history.made_of
    counts = {
        player: sum(build.optimisers[number].steps for number in build.owners[player])
        for player in PLAYERS
    }
    rounds = len(history.rounds)
    for player, other in (PLAYERS, PLAYERS[::-1]):
        owner = build.optimiser(player)
        shared = set(build.owners["d"]) == set(build.owners["g"])
        if owner is None or shared or counts[player] or counts[other] < 8 or rounds < _ROUNDS:
            continue
        if player == "g" and not any(seen.counts.get("g losses") for seen in history.rounds):
            continue  # D may be trained alone at first
        name = "discriminator" if player == "d" else "generator"
        yield suspicion(
            f"{name}-not-stepped",
            0.97,
            (
                f"{other.upper()}'s optimiser has made {counts[other]} steps, {player.upper()}'s "
                "none.",
                f"Backward passes that reach {player.upper()}: {_reaching(history, player)} of "
                f"{rounds} rounds looked at.",
            ),
            f"Call step() of {player.upper()}'s optimiser after the backward of its loss.",
            history.where(f"{player} loss") or owner.where,
            "The optimiser owns the network's parameters, so it is the step that is missing.",
        )


def _reaching(history: History, player: Player) -> int:
    """Rounds in which the player's loss reached it."""
    return sum(seen.reaches.get(f"{player} loss to {player}", False) for seen in history.rounds)


def cut_graph(history: History) -> Iterator[Suspect]:
    """G's loss does not reach G, or D's parameters ask for no gradient when D should learn."""
    share, count = history.share(
        lambda seen: not seen.reaches["g loss to g"], lambda seen: "g loss to g" in seen.reaches
    )
    no_gradient, steps = history.share(
        lambda seen: not any(seen.norms["g"]), lambda seen: bool(seen.norms.get("g"))
    )
    fakes = any(seen.counts.get("d fake", 0) for seen in history.rounds)
    unreached = count >= _ROUNDS and share > 0.9
    silent = steps >= _ROUNDS and no_gradient > 0.9 and fakes and not _reached(history)
    if unreached or silent:
        yield suspicion(
            "generator-detached",
            0.95,
            (
                f"In {max(count, steps)} of {max(count, steps)} steps of G looked at, the graph of "
                "G's loss reached none of G's parameters.",
                "G's optimiser found no gradient.",
            ),
            "In G's step score the samples themselves: remove .detach(), .data, torch.no_grad() "
            "or a trip through numpy between G's output and D.",
            history.where("g loss", "g step", "d fake"),
            "The samples' values do come from G: only the way back is missing.",
            "image2reverb #37",
        )
    yield from _frozen(history)


def _reached(history: History) -> bool:
    return any(seen.reaches.get("g loss to g") for seen in history.rounds)


def _frozen(history: History) -> Iterator[Suspect]:
    d = history.made_of.discriminator
    share, count = history.share(
        lambda seen: not any(seen.norms["d"]), lambda seen: bool(seen.norms.get("d"))
    )
    reached, _ = history.share(
        lambda seen: seen.reaches["d loss to d"], lambda seen: "d loss to d" in seen.reaches
    )
    trained = reached > 0.2
    if count >= _ROUNDS and share > 0.75 and not trained and history.made_of.owners["d"]:
        yield suspicion(
            "discriminator-frozen",
            0.96 if d.frozen else 0.8,
            (
                f"{d.frozen} of {d.tensors} tensors of {d.name} have requires_grad=False.",
                f"D's optimiser found no gradient in {share:.0%} of {count} rounds looked at.",
            ),
            "Set requires_grad_(True) on D's parameters before D's step; freeze D only for G's.",
            history.where("d step", "d loss"),
            "D's optimiser does step, so it is the gradient that is missing.",
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


def stale_fakes(history: History) -> Iterator[Suspect]:
    """D sees one batch of fakes again after G has changed."""
    marks = [(seen.number, seen.fake_mark) for seen in history.rounds if seen.fake_mark]
    if len(marks) < 8:
        return
    again = sum(a[1] == b[1] for a, b in itertools.pairwise(marks))
    moved = any(max(s.norms["g"], default=0.0) > 0 for s in history.rounds if s.norms.get("g"))
    if again < 0.5 * (len(marks) - 1) or not moved or _noise_repeats(history):
        return
    yield suspicion(
        "stale-fakes",
        0.9,
        (
            f"In {again} of {len(marks) - 1} consecutive rounds looked at, D was shown exactly the "
            "same generated batch, although G had stepped in between.",
        ),
        "Generate the fakes inside the loop: fake = G(z) before each step of D.",
        history.where("d fake"),
        "The noise is not the reason: G was not called for it, or got new noise.",
    )


def archived_fakes(history: History) -> Iterator[Suspect]:
    """D draws its fakes from a store that G filled long before."""
    rounds = [(*seen.fake_born, _steps(seen)) for seen in history.rounds if seen.fake_born][-12:]
    old = [seen - born > 20 * steps for born, seen, steps in rounds]
    never_again = len({born for born, _, _ in rounds}) == 1
    if len(rounds) < 8 or not (all(old) or (never_again and old[-1])):
        return
    first, last = (rounds[place][1] - rounds[place][0] for place in (0, -1))
    yield suspicion(
        "stale-fakes",
        0.85,
        (
            f"The newest generated sample that D was shown had been made {last} optimiser steps "
            f"before; {len(rounds)} looks earlier {first}.",
        ),
        "Generate the fakes inside the loop, fake = G(z) before each step of D, instead of storing "
        "them beside the data.",
        history.where("mixed", "d fake", "d loss"),
        "A store of old fakes beside fresh ones is fine: here not one was fresh in "
        f"{len(rounds)} looks.",
        "Shrivastava et al. 2017 (arXiv:1612.07828), section 2.3: half of the batch is fresh",
        harm="certain" if last > first else "likely",
    )


def _steps(seen: Trace) -> int:
    return max(1, seen.counts["d steps"] + seen.counts["g steps"])


def _noise_repeats(history: History) -> bool:
    marks = [noise[2] for seen in history.rounds for noise in seen.noise]
    return len(marks) > 4 and len(set(marks)) < 0.3 * len(marks)


RULES = (
    optimizer_parameters,
    used_unregistered,
    one_backward,
    never_stepped,
    cut_graph,
    stale_gradients,
    stale_fakes,
    archived_fakes,
)


def _plain(name: str) -> str:
    """'netD (Discriminator)' -> 'netD'."""
    return name.partition(" (")[0]
