"""Layers that are one matrix product, by the faster of torch's two. Knows no network.

torch multiplies float32 on a CPU with MKL, which gives AMD's processors no AVX-512; oneDNN does and
takes less than half the time there (measured on a Zen 5). Both compute in full float32.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

_SMALLEST = 1 << 15  # weights; below, the call itself costs more than is gained


class Linear(nn.Linear):
    """torch's layer: same weights, same results but for the order of the sums."""

    def forward(self, x: Tensor) -> Tensor:
        return product(x, self.weight, self.bias)


class FromLatent(nn.ConvTranspose2d):
    """DCGAN's first layer, a transposed convolution of one pixel. (B, k) -> (B, n, side, side)."""

    def __init__(self, inputs: int, channels: int, side: int) -> None:
        super().__init__(inputs, channels, side, stride=1, padding=0, bias=False)

    def forward(self, z: Tensor, output_size: list[int] | None = None) -> Tensor:
        """The channels come out last in memory, as the weight has them in a trained network."""
        images = self.weight.permute(0, 2, 3, 1)  # (k, side, side, n): one image a latent number
        summed = product(z, images.flatten(1), flipped=True)
        return summed.view(len(z), *images.shape[1:]).permute(0, 3, 1, 2)


class ToGray(nn.ConvTranspose2d):
    """DCGAN's last layer for one channel. (B, k, side, side) -> (B, 1, 2 side, 2 side).

    Each pixel is multiplied by k weights to a patch of 4x4, and the patches are summed where they
    overlap. A convolution pads the one channel to a whole vector: four times the time.
    """

    def __init__(self, inputs: int) -> None:
        super().__init__(inputs, 1, 4, stride=2, padding=1, bias=False)

    def forward(self, x: Tensor, output_size: list[int] | None = None) -> Tensor:
        """The image that torch's layer gives."""
        pixels = x.permute(0, 2, 3, 1).flatten(1, 2)  # (B, side * side, k)
        patches = (pixels @ self.weight.flatten(1)).transpose(1, 2)  # (B, 4 * 4, side * side)
        size = (2 * x.shape[2], 2 * x.shape[3])
        return nn.functional.fold(patches, size, kernel_size=4, stride=2, padding=1)


def product(
    x: Tensor, weight: Tensor, bias: Tensor | None = None, *, flipped: bool = False
) -> Tensor:
    """x w^T + bias for a weight (n, k); flipped, x w + bias for a weight (k, n)."""
    if _ONE_DNN is None or not _pays(x, weight):
        return nn.functional.linear(x, weight.t() if flipped else weight, bias)
    result: Tensor = _Product.apply(x, weight, bias, flipped)
    return result


def _one_dnn() -> Any:
    """x, w, bias -> x w^T + bias, as torch's compiler calls it; None where it does not pay."""
    present = torch.backends.mkldnn.is_available() and hasattr(torch.ops, "mkldnn")
    if present and torch.backends.cpu.get_cpu_capability() == "AVX512":
        return getattr(torch.ops.mkldnn, "_linear_pointwise", None)
    return None


_ONE_DNN = _one_dnn()


def _pays(x: Tensor, weight: Tensor) -> bool:
    plain = x.device.type == "cpu" and x.dtype == torch.float32 and x.dim() == 2
    return plain and weight.numel() >= _SMALLEST and not torch.is_autocast_enabled("cpu")


class _Product(torch.autograd.Function):
    """What `product` says. The gradients are products again, so they can be differentiated too."""

    @staticmethod
    def forward(
        context: Any, x: Tensor, weight: Tensor, bias: Tensor | None, flipped: bool
    ) -> Tensor:
        context.save_for_backward(x, weight)
        context.flipped = flipped
        result: Tensor = _ONE_DNN(x, weight.t() if flipped else weight, bias, "none", [], "")
        return result

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        x, weight = context.saved_tensors
        to_x, to_weight, to_bias, _ = context.needs_input_grad
        pair = (x, gradient) if context.flipped else (gradient, x)
        return (
            _Product.apply(gradient, weight, None, not context.flipped) if to_x else None,
            _Product.apply(pair[0].t(), pair[1].t(), None, False) if to_weight else None,
            gradient.sum(dim=0) if to_bias else None,
            None,
        )
