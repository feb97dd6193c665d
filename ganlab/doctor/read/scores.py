"""D's output on a batch as scores: averaged over patches, before any sigmoid."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from ganlab.doctor.record import Call, last_activation


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


def logit_slope(grad: Tensor, call: Call) -> float:
    """Mean |dL/dlogit| for a loss that is a mean over the batch."""
    if is_probability(call):
        p = call.output.detach().float().reshape(grad.shape)
        grad = grad * p * (1 - p)
    return float(grad.abs().sum())


def cross_entropy(values: Tensor, target: float, probability: bool) -> float:
    """Binary cross-entropy as torch takes it, with its clamp at 100 on probabilities."""
    if probability:
        clipped = values.clamp(0, 1).nan_to_num(0.5)
        return float(F.binary_cross_entropy(clipped, torch.full_like(values, target)))
    return float(F.binary_cross_entropy_with_logits(values, torch.full_like(values, target)))
