"""A fully connected layer with the faster of torch's two matrix products. Knows no network.

torch multiplies float32 on a CPU with MKL, which gives AMD's processors no AVX-512; oneDNN does and
takes less than half the time there (measured on a Zen 5). Both compute in full float32.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

_SMALLEST = 1 << 15  # weights; below, the call itself costs more than is gained


def _one_dnn() -> Any:
    """x, w, bias -> x w^T + bias, as torch's compiler calls it; None where it does not pay."""
    present = torch.backends.mkldnn.is_available() and hasattr(torch.ops, "mkldnn")
    if present and torch.backends.cpu.get_cpu_capability() == "AVX512":
        return getattr(torch.ops.mkldnn, "_linear_pointwise", None)
    return None


_ONE_DNN = _one_dnn()


class Linear(nn.Linear):
    """torch's layer: same weights, same results but for the order of the sums."""

    def forward(self, x: Tensor) -> Tensor:
        if _ONE_DNN is None or self.weight.numel() < _SMALLEST or not _fits(x):
            return super().forward(x)
        product: Tensor = _Product.apply(x, self.weight, self.bias)
        return product


def _fits(x: Tensor) -> bool:
    autocast = torch.is_autocast_enabled(x.device.type)
    return x.device.type == "cpu" and x.dtype == torch.float32 and x.dim() == 2 and not autocast


class _Product(torch.autograd.Function):
    """x w^T + bias. Its gradients are products again, so it can be differentiated any number of times.

    (B, k), (n, k), (n,) or None -> (B, n).
    """

    @staticmethod
    def forward(context: Any, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:  # type: ignore[override]
        context.save_for_backward(x, weight)
        product: Tensor = _ONE_DNN(x, weight, bias, "none", [], "")
        return product

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:  # type: ignore[override]
        x, weight = context.saved_tensors
        to_x, to_weight, to_bias = context.needs_input_grad
        return (
            _Product.apply(gradient, weight.t(), None) if to_x else None,
            _Product.apply(gradient.t(), x.t(), None) if to_weight else None,
            gradient.sum(dim=0) if to_bias else None,
        )
