"""Real data as one value: tensors and their scaling. Knows no file and no generator of data."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ganlab.config import ConfigError

Progress = Callable[[str], None]
# Called often while long work goes on. What it raises ends the work, and it is raised at every
# call from then on: in the middle of a file a decoder may swallow the first one.
Pulse = Callable[[], None]

_TARGETS = {"[-1,1]": (-1.0, 1.0), "[0,1]": (0.0, 1.0), "[0,255]": (0.0, 255.0)}


class DataError(ConfigError):
    """Data that is missing, damaged or too little; the text says where, and what to do."""


def silent(message: str) -> None:
    """The progress of someone who does not listen."""


def idle() -> None:
    """The pulse of someone who never ends the work."""


@dataclass(frozen=True)
class Listener:
    """Who waits for the data: hears of long work in words, and may end it at any pulse."""

    say: Progress = silent
    pulse: Pulse = idle


@dataclass(frozen=True, eq=False)
class Dataset:
    """Real data in memory, in random order; images stored as uint8, points as float32.

    Three units: *stored* (what `train` holds), *raw* (images in [0, 1]; points in their published
    geometry) and *scaled* (a data range, what D sees). `low`, `high`, `mean`, `std`, `modes` and
    `mode_std` are raw. `low` and `high` bound every coordinate alike, so a range keeps the shape.
    """

    train: Tensor  # (n, channels, h, w) uint8 or (n, dims) float32
    train_labels: Tensor | None  # (n,) int64
    held_out: Tensor  # as train; D never sees them
    held_out_labels: Tensor | None
    classes: int  # 0 when unlabelled
    mean: float  # one number over all of train
    std: float
    low: float = 0.0
    high: float = 1.0
    modes: Tensor | None = None  # (k, dims), the centres of a mixture
    mode_std: float = 0.0
    left_out: str = ""  # what could not be read, counted and named

    @property
    def is_image(self) -> bool:
        """Whether samples are images (else points)."""
        return self.train.dtype == torch.uint8

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """(channels, h, w) or (dims,)."""
        return tuple(self.train.shape[1:])

    def affine(self, data_range: str) -> tuple[float, float]:
        """(scale, shift) with scaled = stored * scale + shift."""
        scale, shift = self.raw_affine(data_range)
        return (scale / 255.0 if self.is_image else scale), shift

    def scaled(self, batch: Tensor, data_range: str) -> Tensor:
        """A stored batch in the data range, float32, on the batch's device."""
        scale, shift = self.affine(data_range)
        # Not fused: one rounding less would put 255 at 1.0000001 in [-1,1].
        return batch.to(torch.float32, copy=True).mul_(scale).add_(shift)

    def raw(self, scaled: Tensor, data_range: str) -> Tensor:
        """The way back, for real and generated samples alike; nothing is clamped."""
        scale, shift = self.raw_affine(data_range)
        return (scaled - shift) / scale

    def to(self, device: torch.device | str) -> Dataset:
        """The same data on another device; itself where it lies there already."""
        if self.train.device == torch.device(device):
            return self
        moved: dict[str, Any] = {
            field.name: value.to(device)
            for field in dataclasses.fields(self)
            if isinstance(value := getattr(self, field.name), Tensor)
        }
        return dataclasses.replace(self, **moved)

    def raw_affine(self, data_range: str) -> tuple[float, float]:
        """(scale, shift) with scaled = raw * scale + shift."""
        if data_range == "standardised":
            return 1.0 / self.std, -self.mean / self.std
        low, high = _TARGETS[data_range]
        scale = (high - low) / (self.high - self.low)
        return scale, low - self.low * scale


def split(count: int, share: float) -> tuple[Tensor, Tensor]:
    """Indices of (train, held out) in a random order that is always the same."""
    order = torch.randperm(count, generator=torch.Generator().manual_seed(20_140_610))
    held_out = round(count * share)
    return order[held_out:], order[:held_out]
