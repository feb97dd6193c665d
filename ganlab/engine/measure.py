"""Turns the tensors of one step into numbers. Everything stays on the device until `read`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from ganlab.config import PROBABILITY_LOSSES, RunConfig
from ganlab.engine.step import Look
from ganlab.observation import Metrics

Row = dict[str, Tensor]

_PAIRS = 256  # samples of each side compared for the AUC

# What D's output has to exceed to call a sample real; other losses have no such point.
_THRESHOLD = {"non_saturating": 0.0, "saturating": 0.0, "least_squares": 0.5, "hinge": 0.0}


def step_row(look: Look, config: RunConfig) -> Row:
    """Scalars of one step, on the device."""
    row = _discriminator_row(look, config) | _generator_row(look) | _penalty_row(look)
    present = {
        "d_loss": look.d_loss,
        "g_loss": look.g_loss,
        "penalty": look.penalty,
        "grad_norm_d": look.grad_norm_d,
        "grad_norm_g": look.grad_norm_g,
    }
    return row | {name: value.detach() for name, value in present.items() if value is not None}


def _discriminator_row(look: Look, config: RunConfig) -> Row:
    real, fake = look.logits_real, look.logits_fake
    if real is None or fake is None:
        return {}
    both = torch.stack([real, fake])  # (2, inputs of D): each operation serves both
    std, mean = torch.std_mean(both, dim=1, correction=0)
    row = {
        "logit_real": mean[0],
        "logit_fake": mean[1],
        "logit_real_std": std[0],
        "logit_fake_std": std[1],
        "auc": pairwise_auc(real[:_PAIRS], fake[:_PAIRS]),
    }
    if config.loss in PROBABILITY_LOSSES:
        probability = torch.sigmoid(both).mean(dim=1)
        row |= {"d_real": probability[0], "d_fake": probability[1]}
    if config.loss in _THRESHOLD:
        threshold = _THRESHOLD[config.loss]
        called_real = (both > threshold).float().mean(dim=1)
        row["d_accuracy"] = (called_real[0] + 1.0 - called_real[1]) / 2.0
    return row


def _generator_row(look: Look) -> Row:
    logits, fake = look.g_logits, look.fake
    if logits is None or fake is None or logits.grad is None or fake.grad is None:
        return {}
    values = fake.detach()
    std, mean = _spread(values)
    return {
        # The loss is a mean over n = B / pack inputs of D: n * mean |dL/dlogit|, mean of n * norm.
        "loss_slope": logits.grad.abs().sum(),
        "input_gradient": fake.grad.reshape(len(logits), -1).norm(2, dim=1).sum(),
        "fake_mean": mean,
        "fake_std": std,
    }


def _penalty_row(look: Look) -> Row:
    if look.interpolate_norms is None:
        return {}
    std, mean = torch.std_mean(look.interpolate_norms, correction=0)
    return {"interpolate_norm": mean, "interpolate_norm_std": std}


def _spread(x: Tensor) -> tuple[Tensor, Tensor]:
    """(standard deviation, mean) of many values; torch.std_mean takes ten times as long there."""
    mean = x.mean()
    return (x - mean).norm() / math.sqrt(x.numel()), mean


def pairwise_auc(real: Tensor, fake: Tensor) -> Tensor:
    """P(real > fake) over all pairs, ties counted half: the Mann-Whitney statistic."""
    difference = real[:, None] - fake[None, :]
    return (difference.sign().mean() + 1.0) / 2.0


def read(rows: Sequence[Mapping[str, Tensor]]) -> list[Metrics]:
    """The rows as numbers: one transfer and one synchronisation for all of them."""
    flat = [value.float().reshape(()) for row in rows for value in row.values()]
    numbers = iter(torch.stack(flat).tolist() if flat else [])
    return [{name: next(numbers) for name in row} for row in rows]  # type: ignore[misc]


def deviations(x: Tensor) -> Tensor:
    """The standard deviation over the first dimension; torch's takes ten times as long on a CPU."""
    return (x - x.mean(dim=0)).square().sum(dim=0).div(max(1, len(x) - 1)).sqrt()


def outer_quantiles(values: Tensor, share: float) -> tuple[Tensor, Tensor]:
    """The values below and above which `share` of them lie (nearest rank), without sorting all."""
    below = min(len(values) - 1, math.floor(share * len(values)))
    above = min(len(values) - 1, math.floor((1.0 - share) * len(values)))
    low = values.topk(below + 1, largest=False, sorted=False).values.amax()
    high = values.topk(len(values) - above, sorted=False).values.amin()
    return low, high


def quantile_of_sorted(values: Tensor, share: float) -> Tensor:
    """The value below which `share` of the sorted values lie (nearest rank)."""
    return values[min(len(values) - 1, math.floor(share * len(values)))]


def between_over_within(embedded: Tensor, labels: Tensor, classes: int) -> Tensor:
    """Variance of the class means over the mean variance within a class, summed over axes."""
    present = [embedded[labels == label] for label in range(classes)]
    groups = [group for group in present if len(group) > 1]
    means = torch.stack([group.mean(dim=0) for group in groups])
    within = torch.stack([group.var(dim=0, correction=0).sum() for group in groups]).mean()
    return means.var(dim=0, correction=0).sum() / within.clamp_min(1e-12)


@contextmanager
def dead_units(network: nn.Module) -> Iterator[list[Tensor]]:
    """Gathers, for each ReLU that runs inside the block, which of its units stay at zero: (units,).

    A channel of a convolution is one unit. No hook is left behind.
    """
    found: list[Tensor] = []

    def take(module: nn.Module, inputs: object, output: Tensor) -> None:
        over = [axis for axis in range(output.dim()) if axis != 1]
        found.append((output.detach().amax(dim=over) <= 0).float())

    hooks = [
        module.register_forward_hook(take)
        for module in network.modules()
        if isinstance(module, nn.ReLU)
    ]
    try:
        yield found
    finally:
        for hook in hooks:
            hook.remove()
