"""Experiments on copies, to decide between explanations. The live networks are never touched."""

from __future__ import annotations

from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ganlab.causes.history import LESSON_RATE, Burst
from ganlab.doctor.copies.aside import unheard, untouched_randomness
from ganlab.doctor.copies.kept import Kept
from ganlab.doctor.copies.players import Copies
from ganlab.engine.measure import pairwise_auc

_STEPS = 60
_BATCH = 64


def burst(kept: Kept, copies: Copies) -> Burst | None:
    """Trains copies of D alone on kept reals and the latest fakes.

    None where D needs more than samples, or there are too few of them.
    """
    real, fake, copy = kept.real(), kept.samples(), copies.of("d")
    if copy is None or real is None or fake is None or len(fake) < 2 * _BATCH:
        return None
    real = real[-len(fake) :]
    fake = fake.reshape(len(fake), *real.shape[1:])[: len(real)]
    with untouched_randomness(), unheard(), torch.enable_grad():
        try:
            before = _auc(copy, real, fake)
            _learn(copy, real, fake)
            found = Burst(before, _auc(copy, real, fake))
            if not found.starved:
                return found
            fresh = copies.of("d")
            if fresh is None:
                return None
            _restart(fresh)
            _learn(fresh, real, fake)
            return replace(found, restarted=_auc(fresh, real, fake))
        except (RuntimeError, TypeError, ValueError):  # a D that wants something else as well
            return None


def _halves(x: Tensor) -> tuple[Tensor, Tensor]:
    """To learn from, and to be asked about."""
    return x[::2], x[1::2]


def _scores(network: nn.Module, x: Tensor) -> Tensor:
    out = network(x)
    first: Tensor = out if isinstance(out, Tensor) else out[0]
    return first.reshape(len(x), -1).mean(dim=1)


@torch.no_grad()
def _auc(network: nn.Module, real: Tensor, fake: Tensor) -> float:
    network.eval()
    a, b = (_scores(network, _halves(x)[1][:256]) for x in (real, fake))
    network.train()
    value = float(pairwise_auc(a, b))
    return max(value, 1 - value)


def _learn(network: nn.Module, real: Tensor, fake: Tensor) -> None:
    parameters = [p.requires_grad_(True) for p in network.parameters() if p.is_floating_point()]
    optimizer = torch.optim.Adam(parameters, lr=LESSON_RATE)
    reals, fakes = _halves(real)[0], _halves(fake)[0]
    order = torch.Generator().manual_seed(0)
    bounded = None
    for _ in range(_STEPS):
        rows = torch.randint(min(len(reals), len(fakes)), (_BATCH,), generator=order)
        a, b = _scores(network, reals[rows]), _scores(network, fakes[rows])
        if bounded is None:
            values = torch.cat([a, b]).detach()
            bounded = bool((values >= 0).all() and (values <= 1).all())
        if bounded:
            a, b = (torch.logit(x.clamp(1e-6, 1 - 1e-6)) for x in (a, b))
        loss = F.softplus(-a).mean() + F.softplus(b).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def _restart(network: nn.Module) -> None:
    for module in network.modules():
        reset = getattr(module, "reset_parameters", None)
        if callable(reset):
            reset()


def latent_matters(kept: Kept, copies: Copies) -> float | None:
    """Mean distance of samples of different z over their mean size; 0: z is ignored."""
    if len(kept.inputs) < 2:
        return None
    a, b = (copies.generate(inputs) for inputs in list(kept.inputs)[-2:])
    if a is None or b is None:
        return None
    few = min(len(a), len(b))
    scale = a[:few].flatten(1).norm(dim=1).mean().clamp_min(1e-12)
    return float((a[:few] - b[:few]).flatten(1).norm(dim=1).mean() / scale)


def condition_matters(kept: Kept, copies: Copies) -> float | None:
    """The largest change of G's samples when classes are exchanged between samples; 0: ignored.

    None without a condition that varies. Dropout and batch statistics are off.
    """
    for inputs in reversed(kept.inputs):
        turned = _turned(inputs)
        if all(a is b or torch.equal(a, b) for a, b in zip(inputs, turned, strict=True)):
            continue
        a, b = (copies.generate(each, training=False) for each in (inputs, turned))
        return None if a is None or b is None else float((a - b).abs().max())
    return None


def _turned(inputs: list[Tensor]) -> list[Tensor]:
    """With each sample's class given to the next one."""
    count = max((len(x) for x in inputs if x.dim()), default=0)
    return [x.roll(1, 0) if x.dim() and len(x) == count and _whole(x) else x for x in inputs]


def _whole(x: Tensor) -> bool:
    return not x.is_floating_point() or bool((x == x.round()).all())
