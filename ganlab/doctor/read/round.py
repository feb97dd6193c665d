"""Turns one round of the tape (up to a step of G) into numbers that rules and detectors read."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor

from ganlab.causes.trace import Player
from ganlab.doctor.cast import Cast
from ganlab.doctor.record import NOWHERE, Backward, Call, Entry, Key, Step, Tape, last_activation

_NORMS = frozenset({"LinalgVectorNorm", "Norm", "Sqrt"})


@dataclass
class Side:
    """What one player's loss does with D's output on one kind of sample."""

    calls: list[Call] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    pull: float | None = None  # mean of -dL/dD: above 0 the player raises D's output
    slope: float | None = None  # mean |dL/dlogit|
    target: float | None = None
    energy: bool = False  # D's output is a reconstruction, and its error the score


@dataclass
class Round:
    """One generator update with the discriminator updates before it."""

    number: int
    tape: Tape
    losses: dict[Player, list[float]] = field(default_factory=lambda: {"d": [], "g": []})
    backwards: dict[Player, list[Backward]] = field(default_factory=lambda: {"d": [], "g": []})
    steps: dict[Player, list[Step]] = field(default_factory=lambda: {"d": [], "g": []})
    real: list[Call] = field(default_factory=list)  # calls of D in training, by what they saw
    fake: list[Call] = field(default_factory=list)
    mixed: list[Call] = field(default_factory=list)
    blended: list[Call] = field(default_factory=list)  # for a gradient penalty
    twins: list[Call] = field(default_factory=list)  # on samples of further generators
    made: list[Call] = field(default_factory=list)  # calls of G in training
    sides: dict[str, Side] = field(default_factory=dict)  # "d real", "d fake", "g fake"

    @property
    def fakes_of_d(self) -> list[Call]:
        """Calls on generated samples that D's own loss is made of; all where none can be told."""
        return self.sides["d fake"].calls or self.fake

    @property
    def entries(self) -> list[Entry]:
        """How D's output enters any loss."""
        return [entry for side in self.sides.values() for entry in side.entries]


def digest(number: int, tape: Tape, cast: Cast, owners: dict[Player, list[int]]) -> Round:
    """Sorts a round's events: whose loss is which, which pass saw what."""
    found = Round(number, tape)
    _sort_calls(found, cast)
    _sort_backwards(found, cast, owners)
    for player in ("d", "g"):
        found.steps[player] = [s for s in tape.steps if s.optimizer in owners[player]]
        found.losses[player] = [float(b.value) for b in found.backwards[player]]
    for name in ("d real", "d fake", "g fake", "g real"):
        found.sides[name] = _side(found, name, cast)
    return found


def _sort_calls(found: Round, cast: Cast) -> None:
    for call in found.tape.calls:
        if cast.is_generator(call):
            found.made.append(call)
        elif cast.is_discriminator(call) and call.graded:
            if call.penalised and _only_in_a_penalty(call, found.tape):
                found.blended.append(call)
            elif cast.sees_twins(call):
                found.twins.append(call)
            elif not cast.sees_fakes(call):
                found.real.append(call)
            elif call.origin(cast.position).mixed:
                found.mixed.append(call)
            else:
                found.fake.append(call)


def _only_in_a_penalty(call: Call, tape: Tape) -> bool:
    """Whether the output enters losses through the norm of a gradient alone."""
    paths = [
        entry.path
        for backward in tape.backwards
        for entry in backward.reads.entries
        if tape.calls[entry.call] is call
    ]
    return all(_NORMS & set(path) for path in paths)


def _sort_backwards(found: Round, cast: Cast, owners: dict[Player, list[int]]) -> None:
    """A loss belongs to the player whose optimiser steps next of those it reaches.

    Where both step after both losses, the one that sees no real sample and reaches G is G's.
    """
    g, d = cast.generator.key, cast.discriminator.key
    steps = sorted(found.tape.steps, key=lambda step: step.order)
    for backward in found.tape.backwards:
        following = [s for s in steps if s.order > backward.order]
        later = [b for b in found.tape.backwards if b.order > backward.order]
        until = following[0].order if following else math.inf
        alone = not any(b.order < until for b in later)
        player = _player(backward, found, (g, d), owners, following, alone)
        if player is not None:
            found.backwards[player].append(backward)


def _player(
    backward: Backward,
    found: Round,
    keys: tuple[Key, Key],
    owners: dict[Player, list[int]],
    following: list[Step],
    alone: bool,
) -> Player | None:
    g, d = keys
    sees_real = _sees(backward, found, found.real + found.mixed)
    sees_fake = _sees(backward, found, found.fake + found.mixed)
    reaches_g, reaches_d = bool(backward.reached.get(g)), bool(backward.reached.get(d))
    if not (reaches_g or reaches_d or sees_real or sees_fake):
        return None
    nearest: Player | None = next(
        (
            "d" if step.optimizer in owners["d"] else "g"
            for step in following
            if step.optimizer in owners["d"] or step.optimizer in owners["g"]
        ),
        None,
    )
    if reaches_g and not reaches_d:
        # A frozen D leaves no trace of the reals: then the step that follows decides.
        return "d" if nearest == "d" and (sees_real or _only_one(backward, found)) else "g"
    shared = bool(set(owners["d"]) & set(owners["g"]))
    if alone and nearest and not shared and len(following) < 2:
        return nearest
    if sees_real and not reaches_g:
        return "d"
    if alone and nearest and not shared:
        return nearest
    if not sees_real and reaches_g:
        return "g"
    if sees_real and (nearest is None or _beside_g_s(backward, found, g, owners)):
        return "d"
    return nearest or "g"


def _only_one(backward: Backward, found: Round) -> bool:
    """Whether no other loss went backward between the steps around this one."""
    return len(_neighbours(backward, found)) == 1


def _beside_g_s(backward: Backward, found: Round, g: Key, owners: dict[Player, list[int]]) -> bool:
    """Whether G's loss, one without real samples, went backward too before both players step."""
    near = _neighbours(backward, found)
    last = max(other.order for other in near)
    later = (other.order for other in found.tape.backwards if other.order > last)
    until = min(later, default=math.inf)
    stepped = {step.optimizer for step in found.tape.steps if last < step.order < until}
    if not all(stepped & set(numbers) for numbers in owners.values()):
        return False
    real = found.real + found.mixed
    return any(other.reached.get(g) and not _sees(other, found, real) for other in near)


def _neighbours(backward: Backward, found: Round) -> list[Backward]:
    """The losses between the steps around this one, itself among them."""
    orders = sorted(step.order for step in found.tape.steps)
    first = max((order for order in orders if order < backward.order), default=-1)
    last = min((order for order in orders if order > backward.order), default=math.inf)
    return [other for other in found.tape.backwards if first < other.order < last]


def _sees(backward: Backward, found: Round, calls: list[Call]) -> bool:
    ids = {id(call) for call in calls}
    return any(id(found.tape.calls[entry.call]) in ids for entry in backward.reads.entries)


def _side(found: Round, name: str, cast: Cast) -> Side:
    player, what = name.split()
    pool = found.real if what == "real" else found.fake
    side = Side()
    orders = {b.order for b in found.backwards["d" if player == "d" else "g"]}
    pulls, slopes = [], []
    for call in pool:
        grads = [grad for order, grad in call.grads if order in orders]
        if grads:
            side.calls.append(call)
            grad = torch.stack(grads).sum(dim=0).float()
            error = _reconstruction_error(call, cast.samples(call), grad)
            side.energy |= error is not None
            # A sample scores the higher, the better it is reconstructed.
            pulls.append(float(-grad.sum() if error is None else (grad * error).sum()))
            slopes.append(_logit_slope(grad, call))
    for call in found.mixed:
        _mixed_pull(call, what, orders, pulls)
    for backward in found.backwards["d" if player == "d" else "g"]:
        for entry in backward.reads.entries:
            if any(found.tape.calls[entry.call] is call for call in pool + found.mixed):
                side.entries.append(entry)
    side.pull = sum(pulls) / len(pulls) if pulls else None
    side.slope = sum(slopes) / len(slopes) if slopes else None
    targets = [entry.target for entry in side.entries if entry.target is not None]
    if targets and not (found.mixed or side.energy):
        side.target = sum(sum(t) / 2 for t in targets) / len(targets)
    return side


def _reconstruction_error(call: Call, samples: Tensor, grad: Tensor) -> Tensor | None:
    """What D's output lacks to the samples, where the loss depends on nothing else (EBGAN, BEGAN).

    A squared error's gradient is a multiple of it, an absolute error's has its signs.
    """
    if call.output.shape != samples.shape or samples[:1].numel() < 2:
        return None
    error = call.output.detach().float() - samples.float()
    moved = grad != 0
    if not bool(moved.any()):
        return None
    squared = F.cosine_similarity(error.flatten(), grad.flatten(), dim=0).abs()
    same = (error.sign() == grad.sign())[moved].float().mean()
    return error if max(float(squared), float(same), 1 - float(same)) > 0.98 else None


def _mixed_pull(call: Call, what: str, orders: set[int], pulls: list[float]) -> None:
    origin = next((origin for origin in call.origins if origin.mixed), NOWHERE)
    grads = [grad for order, grad in call.grads if order in orders]
    if grads and len(grads[0]) == sum(count for _, count in origin.rows):
        numbers = origin.numbers(what == "fake")
        pulls.append(-sum(float(grad[numbers].float().sum()) for grad in grads))


def _logit_slope(grad: Tensor, call: Call) -> float:
    """Mean |dL/dlogit| for a loss that is a mean over the batch."""
    if is_probability(call):
        p = call.output.detach().float().reshape(grad.shape)
        grad = grad * p * (1 - p)
    return float(grad.abs().sum())


def is_probability(call: Call) -> bool:
    """Whether D itself ends in a sigmoid."""
    output = call.output
    if output.grad_fn is not None:
        return last_activation(output) == "Sigmoid"
    return False


def scores(call: Call, part: slice | Tensor = slice(None)) -> Tensor:
    """(B,) D's output, averaged over patches."""
    output = call.output.detach().float()
    return output.reshape(len(output), -1).mean(dim=1)[part]


def logits(call: Call, probability: bool, part: slice | Tensor = slice(None)) -> Tensor:
    """(B,) D's output before any sigmoid."""
    values = scores(call, part)
    if not probability:
        return values
    clamped = values.double().clamp(1e-12, 1 - 1e-7)
    return torch.logit(clamped).float()


def cross_entropy(values: Tensor, target: float, probability: bool) -> float:
    """Binary cross-entropy as torch takes it, with its clamp at 100 on probabilities."""
    if probability:
        clipped = values.clamp(0, 1).nan_to_num(0.5)
        return float(F.binary_cross_entropy(clipped, torch.full_like(values, target)))
    return float(F.binary_cross_entropy_with_logits(values, torch.full_like(values, target)))
