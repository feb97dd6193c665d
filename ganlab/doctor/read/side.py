"""What one player's loss does with D's output on one kind of sample."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ganlab.causes.trace import Player
from ganlab.doctor.players.cast import Cast
from ganlab.doctor.read.round import Round, Side
from ganlab.doctor.read.scores import logit_slope
from ganlab.doctor.record import NOWHERE, Call, Entry


@dataclass(frozen=True)
class _Push:
    """What a loss's gradient does to D's output in one pass."""

    call: Call
    pull: float
    slope: float
    energy: bool


def side_of(found: Round, name: str, cast: Cast) -> Side:
    """Of "d real": D's loss and the real samples; needs the round's losses sorted."""
    player: Player = "d" if name.startswith("d") else "g"
    real = name.endswith("real")
    backwards, pool = found.backwards[player], found.real if real else found.fake
    orders = {backward.order for backward in backwards}
    pushes = [push for call in pool if (push := _push(call, orders, cast))]
    entries = _entries(found, player, pool + found.mixed)
    energy = any(push.energy for push in pushes)
    return Side(
        calls=tuple(push.call for push in pushes),
        entries=entries,
        pull=_mean([push.pull for push in pushes] + _mixed_pulls(found, orders, fake=not real)),
        slope=_mean([push.slope for push in pushes]),
        target=None if found.mixed or energy else _target(entries),
        energy=energy,
    )


def _entries(found: Round, player: Player, passes: list[Call]) -> tuple[Entry, ...]:
    """How D's output in these passes enters the player's losses."""
    wanted = {id(call) for call in passes}
    return tuple(
        entry
        for backward in found.backwards[player]
        for entry in backward.reads.entries
        if id(found.tape.calls[entry.call]) in wanted
    )


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _target(entries: tuple[Entry, ...]) -> float | None:
    return _mean([sum(entry.target) / 2 for entry in entries if entry.target is not None])


def _push(call: Call, orders: set[int], cast: Cast) -> _Push | None:
    """None where none of these backwards came by."""
    grads = [grad for order, grad in call.grads if order in orders]
    if not grads:
        return None
    grad = torch.stack(grads).sum(dim=0).float()
    error = _reconstruction_error(call, cast.samples(call), grad)
    # A sample scores the higher, the better it is reconstructed.
    pull = float(-grad.sum() if error is None else (grad * error).sum())
    return _Push(call, pull, logit_slope(grad, call), error is not None)


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


def _mixed_pulls(found: Round, orders: set[int], *, fake: bool) -> list[float]:
    """Of the rows of that kind in batches of mixed origin."""
    pulls = []
    for call in found.mixed:
        origin = next((origin for origin in call.origins if origin.mixed), NOWHERE)
        grads = [grad for order, grad in call.grads if order in orders]
        if grads and len(grads[0]) == sum(count for _, count in origin.rows):
            numbers = origin.numbers(fake)
            pulls.append(-sum(float(grad[numbers].float().sum()) for grad in grads))
    return pulls
