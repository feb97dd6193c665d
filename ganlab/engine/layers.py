"""Layers that torch has not, or not with a private random stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": lambda: nn.ReLU(inplace=True),
    "leaky_relu": lambda: nn.LeakyReLU(0.2, inplace=True),
    "tanh": nn.Tanh,
    "elu": lambda: nn.ELU(inplace=True),
    "linear": nn.Identity,
}


class RandomStream:
    """The random stream of one run; layers hold it by reference, copies of a network share it."""

    def __init__(self, generator: torch.Generator) -> None:
        self.generator = generator

    def __deepcopy__(self, memo: object) -> RandomStream:
        return self

    @contextmanager
    def borrowed(self, generator: torch.Generator) -> Iterator[None]:
        """Draws from another generator inside the block: looking must not disturb training."""
        own, self.generator = self.generator, generator
        try:
            yield
        finally:
            self.generator = own


class Dropout(nn.Module):
    """Inverted dropout from the run's own stream.

    torch's layer draws from the process-wide generator, which two runs in two threads would share.
    """

    def __init__(self, share: float, stream: RandomStream) -> None:
        super().__init__()
        self.keep = 1.0 - share
        self.stream = stream

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        # A third of the time of bernoulli_, which torch's own layer calls.
        uniform = torch.rand(
            x.shape, dtype=x.dtype, device=x.device, generator=self.stream.generator
        )
        return x * uniform.lt_(self.keep).div_(self.keep)


class MinibatchStd(nn.Module):
    """Appends the batch's mean standard deviation as one more feature (Karras et al. 2018).

    (B, features) -> (B, features + 1).
    """

    def forward(self, x: Tensor) -> Tensor:
        spread = (x.var(dim=0, correction=0) + 1e-8).sqrt().mean()
        return torch.cat([x, spread.expand(len(x), 1)], dim=1)


class MinibatchDiscrimination(nn.Module):
    """Appends each sample's closeness to the others of its batch (Salimans et al. 2016, 3.2).

    (B, features) -> (B, features + kernels); each kernel compares in 5 dimensions.
    """

    def __init__(self, features: int, kernels: int, dimensions: int = 5) -> None:
        super().__init__()
        self.kernels, self.dimensions = kernels, dimensions
        self.weight = nn.Parameter(torch.empty(features, kernels * dimensions))
        nn.init.normal_(self.weight, std=features**-0.5)

    def forward(self, x: Tensor) -> Tensor:
        m = (x @ self.weight).view(len(x), self.kernels, self.dimensions)  # (B, K, 5)
        distance = (m[:, None] - m[None]).abs().sum(dim=3)  # (B, B, K)
        closeness = torch.exp(-distance).sum(dim=1) - 1.0  # without the sample itself
        return torch.cat([x, closeness], dim=1)


def norm_layer(name: str, channels: int, *, spatial: bool) -> nn.Module:
    """Batch norm, or layer norm over everything but the batch."""
    if name == "layer":
        return nn.GroupNorm(1, channels) if spatial else nn.LayerNorm(channels)
    return nn.BatchNorm2d(channels) if spatial else nn.BatchNorm1d(channels)
