"""Who owns, reaches, zeroes and moves what."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from ganlab.doctor.seen import Seen
from ganlab.doctor.sheet import Sheet
from ganlab.doctor.words import PLAYERS, Player, Suspicion

_ROUNDS = 4  # that have to agree


def optimizer_parameters(sheet: Sheet) -> Iterator[Suspicion]:
    """An optimiser on the other network's parameters, one on both, or parameters in none."""
    owners = sheet.recorder.owners
    g, d = sheet.cast.generator, sheet.cast.discriminator
    held = {owner.number: owner.ids() for owner in owners}
    of_g = [n for n, ids in held.items() if ids & g.ids]
    of_d = [n for n, ids in held.items() if ids & d.ids]
    both = [n for n in of_g if n in of_d]
    if not of_d or not of_g:
        empty, full, numbers = (d, g, of_g) if not of_d else (g, d, of_d)
        if len(numbers) > 1:
            wrong = owners[numbers[-1] if not of_d else numbers[0]]
            yield Suspicion(
                "optimizer-wrong-parameters",
                0.97,
                (
                    f"{len(numbers)} optimisers own parameters of {full.name}, none owns one of "
                    f"{empty.name}: {empty.name} never learns.",
                ),
                "Build the optimiser on the other network: "
                f"{type(wrong.optimizer).__name__}({_plain(empty.name)}.parameters(), ...)",
                wrong.where,
                "Identity of every parameter in every param_group was compared.",
                "Lornatang/ESRGAN-PyTorch #39",
            )
        elif any(p.requires_grad for p in empty.parameters):
            slug = "parameters-not-optimised"
            yield Suspicion(
                slug,
                0.85,
                (f"No optimiser owns any parameter of {empty.name}.",),
                f"Give {_plain(empty.name)}.parameters() to an optimiser and call its step().",
                sheet.where("d loss", "g loss"),
                "Identity of every parameter in every param_group was compared.",
            )
        return
    tangled, _ = sheet.share(
        lambda seen: seen.entangled and seen.moves_both, lambda seen: bool(seen.counts["d fake"])
    )
    if both and tangled > 0.2 and (set(of_g) <= set(of_d) or set(of_d) <= set(of_g)):
        owner = owners[both[0]]
        yield Suspicion(
            "optimizer-shared-parameters",
            0.93,
            (
                f"Optimiser {owner.number + 1} owns {len(held[both[0]] & g.ids)} tensors of "
                f"{g.name} and {len(held[both[0]] & d.ids)} of {d.name}: each step moves both, "
                "towards one loss.",
            ),
            "Make two optimisers, one on G's parameters and one on D's, and step each after its "
            "own loss.",
            owner.where,
            "One optimiser is fine where each loss leads back to one network alone, or where the "
            "other's gradients are gone at the step: both networks held gradients here.",
        )
    yield from _left_out(sheet)


def used_unregistered(sheet: Sheet) -> Iterator[Suspicion]:
    """Parameters that a loss reaches and that no module and no optimiser knows."""
    rounds = [seen for seen in sheet.rounds if seen.reaches]
    if len(rounds) < _ROUNDS:
        return
    always = frozenset.intersection(*(seen.orphans for seen in rounds[-8:]))
    if not always:
        return
    yield Suspicion(
        "parameters-not-optimised",
        0.93,
        (
            f"{len(always)} parameters ({rounds[-1].orphan_numbers:,} numbers) take part in the "
            "losses, and belong to no network's parameters() and to no optimiser.",
        ),
        "Give them to the optimiser; layers belong in nn.ModuleList or nn.Sequential, not in a "
        "Python list, so that parameters() finds them.",
        next((o.where for o in sheet.recorder.owners), None),
        f"The same ones in each of the last {len(rounds[-8:])} rounds; other networks that ran "
        "were left out.",
        "PyTorch, nn.ModuleList",
    )


def one_backward(sheet: Sheet) -> Iterator[Suspicion]:
    """Both players' losses in one backward, each reaching both."""
    share, count = sheet.share(lambda seen: seen.torn, lambda seen: bool(seen.reaches))
    if count < _ROUNDS or share < 0.8:
        return
    yield Suspicion(
        "stale-gradients",
        0.85,
        (
            f"In {share:.0%} of {count} rounds one backward pulled D(G(z)) up for G and down for D,"
            " and both pulls reached both networks: they cancel.",
        ),
        "Detach the fakes in D's loss and go backward separately, zeroing in between: "
        "d_loss.backward(); opt_d.step(); opt_g.zero_grad(); g_loss.backward(); opt_g.step().",
        sheet.where("g loss", "d loss"),
        "With detached fakes, or a frozen D for G's loss, one backward would be fine.",
        "Goodfellow et al. 2014 (arXiv:1406.2661), algorithm 1",
    )


def _left_out(sheet: Sheet) -> Iterator[Suspicion]:
    held = set().union(*(owner.ids() for owner in sheet.recorder.owners), set())
    for network in (sheet.cast.generator, sheet.cast.discriminator):
        wanted = [p for p in network.parameters if p.requires_grad]
        missing = [p for p in wanted if id(p) not in held]
        numbers = sum(p.numel() for p in missing)
        total = sum(p.numel() for p in wanted)
        if missing and len(missing) < len(wanted):
            names = [
                name
                for name, p in (network.module.named_parameters() if network.module else ())
                if any(p is other for other in missing)
            ]
            yield Suspicion(
                "parameters-not-optimised",
                0.9 if numbers > 0.02 * total else 0.6,
                (
                    f"{len(missing)} of {len(wanted)} tensors of {network.name} ({numbers:,} of "
                    f"{total:,} numbers) are in no optimiser: {', '.join(names[:4])}.",
                ),
                "Give the optimiser all of the network's parameters().",
                next((o.where for o in sheet.recorder.owners if o.ids() & network.ids), None),
                "They require gradients, so they were not frozen on purpose.",
                harm="likely" if numbers > 0.02 * total else "unclear",
            )


def never_stepped(sheet: Sheet) -> Iterator[Suspicion]:
    """An optimiser that exists and never steps."""
    counts: dict[Player, int] = dict.fromkeys(PLAYERS, 0)
    for player in counts:
        for number in sheet.owners[player]:
            counts[player] += sheet.recorder.owners[number].steps
    rounds = len(sheet.rounds)
    for player, other in (PLAYERS, PLAYERS[::-1]):
        owner = sheet.owner(player)
        shared = set(sheet.owners["d"]) == set(sheet.owners["g"])
        if owner is None or shared or counts[player] or counts[other] < 8 or rounds < _ROUNDS:
            continue
        if player == "g" and not any(seen.counts.get("g losses") for seen in sheet.rounds):
            continue  # D may be trained alone at first
        name = "discriminator" if player == "d" else "generator"
        yield Suspicion(
            f"{name}-not-stepped",
            0.97,
            (
                f"{other.upper()}'s optimiser has made {counts[other]} steps, {player.upper()}'s "
                "none.",
                f"Backward passes that reach {player.upper()}: "
                f"{sum(s.reaches.get(f'{player} loss to {player}', False) for s in sheet.rounds)} "
                f"of {rounds} rounds looked at.",
            ),
            f"Call step() of {player.upper()}'s optimiser after the backward of its loss.",
            sheet.where(f"{player} loss") or owner.where,
            "The optimiser owns the network's parameters, so it is the step that is missing.",
        )


def cut_graph(sheet: Sheet) -> Iterator[Suspicion]:
    """G's loss does not reach G, or D's parameters ask for no gradient when D should learn."""
    share, count = sheet.share(
        lambda seen: not seen.reaches["g loss to g"], lambda seen: "g loss to g" in seen.reaches
    )
    no_gradient, steps = sheet.share(
        lambda seen: not any(seen.norms["g"]), lambda seen: bool(seen.norms.get("g"))
    )
    fakes = any(seen.counts.get("d fake", 0) for seen in sheet.rounds)
    unreached = count >= _ROUNDS and share > 0.9
    silent = steps >= _ROUNDS and no_gradient > 0.9 and fakes and not _reached(sheet)
    if unreached or silent:
        yield Suspicion(
            "generator-detached",
            0.95,
            (
                f"In {max(count, steps)} of {max(count, steps)} steps of G looked at, the graph of "
                "G's loss reached none of G's parameters.",
                "G's optimiser found no gradient.",
            ),
            "In G's step score the samples themselves: remove .detach(), .data, torch.no_grad() "
            "or a trip through numpy between G's output and D.",
            sheet.where("g loss", "g step", "d fake"),
            "The samples' values do come from G: only the way back is missing.",
            "image2reverb #37",
        )
    yield from _frozen(sheet)


def _reached(sheet: Sheet) -> bool:
    return any(seen.reaches.get("g loss to g") for seen in sheet.rounds)


def _frozen(sheet: Sheet) -> Iterator[Suspicion]:
    d = sheet.cast.discriminator
    share, count = sheet.share(
        lambda seen: not any(seen.norms["d"]), lambda seen: bool(seen.norms.get("d"))
    )
    reached, _ = sheet.share(
        lambda seen: seen.reaches["d loss to d"], lambda seen: "d loss to d" in seen.reaches
    )
    trained = reached > 0.2
    frozen = sum(not p.requires_grad for p in d.parameters)
    if count >= _ROUNDS and share > 0.75 and not trained and sheet.owners["d"]:
        yield Suspicion(
            "discriminator-frozen",
            0.96 if frozen else 0.8,
            (
                f"{frozen} of {len(d.parameters)} tensors of {d.name} have requires_grad=False.",
                f"D's optimiser found no gradient in {share:.0%} of {count} rounds looked at.",
            ),
            "Set requires_grad_(True) on D's parameters before D's step; freeze D only for G's.",
            sheet.where("d step", "d loss"),
            "D's optimiser does step, so it is the gradient that is missing.",
        )


def stale_gradients(sheet: Sheet) -> Iterator[Suspicion]:
    """Gradients of an earlier backward reach a step."""
    for player in PLAYERS:
        yield from _stale(sheet, player)


def _stale(sheet: Sheet, player: Player) -> Iterator[Suspicion]:
    share, count = sheet.share(
        lambda seen: player in seen.left_over,
        lambda seen: seen.counts.get(f"{player} losses", 0) > 0,
    )
    owner = sheet.owner(player)
    if count < _ROUNDS or share < 0.8 or owner is None or _accumulates(sheet, player):
        return
    other, _ = sheet.share(
        lambda seen: player in seen.left_by,
        lambda seen: player in seen.left_over,
    )
    name, opponent = player.upper(), "D" if player == "g" else "G"
    by = f"{opponent}'s backward" if other > 0.5 else f"{name}'s own earlier steps"
    yield Suspicion(
        "stale-gradients",
        0.94,
        (
            f"In {share:.0%} of {count} rounds {name} still held gradients when the backward "
            f"of its loss began; they come from {by} and reach {name}'s step.",
            *_growth(sheet, player),
        ),
        f"Call optimizer_{name}.zero_grad() right before the backward of {name}'s loss"
        + (" (and detach the fakes in D's loss)." if player == "g" and other > 0.5 else "."),
        sheet.where(f"{player} loss"),
        "Gradient accumulation was looked for: the optimiser steps in every round.",
        "PyTorch, Optimizer.zero_grad",
        # What G's loss leaves in D has been seen to do no harm, what is never zeroed has not.
        harm="likely" if player == "d" and other > 0.5 else "certain",
    )


def _growth(sheet: Sheet, player: Player) -> Iterator[str]:
    norms = [max(s.norms[player]) for s in sheet.rounds if s.norms.get(player)]
    if len(norms) >= 8 and norms[0] > 0 and norms[-1] > 3 * norms[0]:
        yield f"{player.upper()}'s gradient norm grew from {norms[0]:.3g} to {norms[-1]:.3g}."


def _accumulates(sheet: Sheet, player: Player) -> bool:
    """Whether the player steps in fewer rounds than it goes backward."""
    rounds = [seen for seen in sheet.rounds if seen.counts.get(f"{player} losses", 0)]
    stepped = sum(seen.counts.get(f"{player} steps", 0) > 0 for seen in rounds)
    return stepped < 0.8 * len(rounds)


def stale_fakes(sheet: Sheet) -> Iterator[Suspicion]:
    """D sees one batch of fakes again after G has changed."""
    marks = [(seen.number, seen.fake_mark) for seen in sheet.rounds if seen.fake_mark]
    if len(marks) < 8:
        return
    again = sum(a[1] == b[1] for a, b in itertools.pairwise(marks))
    moved = any(max(s.norms["g"], default=0.0) > 0 for s in sheet.rounds if s.norms.get("g"))
    if again < 0.5 * (len(marks) - 1) or not moved or _noise_repeats(sheet):
        return
    yield Suspicion(
        "stale-fakes",
        0.9,
        (
            f"In {again} of {len(marks) - 1} consecutive rounds looked at, D was shown exactly the "
            "same generated batch, although G had stepped in between.",
        ),
        "Generate the fakes inside the loop: fake = G(z) before each step of D.",
        sheet.where("d fake"),
        "The noise is not the reason: G was not called for it, or got new noise.",
    )


def archived_fakes(sheet: Sheet) -> Iterator[Suspicion]:
    """D draws its fakes from a store that G filled long before."""
    rounds = [(*seen.fake_born, _steps(seen)) for seen in sheet.rounds if seen.fake_born][-12:]
    old = [seen - born > 20 * steps for born, seen, steps in rounds]
    never_again = len({born for born, _, _ in rounds}) == 1
    if len(rounds) < 8 or not (all(old) or (never_again and old[-1])):
        return
    first, last = (rounds[place][1] - rounds[place][0] for place in (0, -1))
    yield Suspicion(
        "stale-fakes",
        0.85,
        (
            f"The newest generated sample that D was shown had been made {last} optimiser steps "
            f"before; {len(rounds)} looks earlier {first}.",
        ),
        "Generate the fakes inside the loop, fake = G(z) before each step of D, instead of storing "
        "them beside the data.",
        sheet.where("mixed", "d fake", "d loss"),
        "A store of old fakes beside fresh ones is fine: here not one was fresh in "
        f"{len(rounds)} looks.",
        "Shrivastava et al. 2017 (arXiv:1612.07828), section 2.3: half of the batch is fresh",
        harm="certain" if last > first else "likely",
    )


def _steps(seen: Seen) -> int:
    return max(1, seen.counts["d steps"] + seen.counts["g steps"])


def _noise_repeats(sheet: Sheet) -> bool:
    marks = [noise[2] for seen in sheet.rounds for noise in seen.noise]
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
