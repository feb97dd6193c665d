"""Samples of a user's script as a grid, as points or as a histogram. Does not know the script."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ganlab.engine.snapshot import grid
from ganlab.observation import Samples

_GRID = 64  # images in a grid
_POINTS = 512  # points of a cloud
_LEAST_SIDE = 8  # of an image; a shorter row of numbers is none
_LARGEST_SIDE = 128  # pixels of one tile; larger images are thinned out
_BINS = 40
_VALUES = 50_000  # of a histogram


@dataclass(frozen=True)
class Look:
    """How all samples of a script are drawn: decided once, by the real ones."""

    shape: tuple[int, int, int] | None  # channels, height, width; None: no images
    low: float  # of the real values, drawn black
    high: float  # drawn white
    reals: Tensor  # values, flat

    @classmethod
    def at(cls, real: Tensor) -> Look:
        """Fits real samples (n, ...)."""
        values = _thinned(real)
        finite = values[values.isfinite()]
        low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
        return cls(image_shape(real), low, high if high > low else low + 1.0, finite)

    def draw(self, samples: Tensor) -> Samples:
        """A picture of generated or real samples (n, ...) beside the real values."""
        flat = samples.detach().reshape(len(samples), -1).float().cpu()
        histogram = self._histogram(flat)
        if flat.shape[1] <= 2:
            points = flat[:_POINTS].numpy().astype(np.float32)
            return Samples(points=points, histogram=histogram)
        if self.shape is None or flat.shape[1] != math.prod(self.shape):
            return Samples(histogram=histogram)
        return Samples(image=self._grid(flat[:_GRID]), histogram=histogram)

    def _grid(self, flat: Tensor) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        assert self.shape is not None
        images = flat.reshape(len(flat), *self.shape)
        stride = -(-max(self.shape[1:]) // _LARGEST_SIDE)
        images = images[:, : 3 if self.shape[0] == 3 else 1, ::stride, ::stride]
        return grid((images - self.low) / (self.high - self.low))

    def _histogram(self, flat: Tensor) -> dict[str, object] | None:
        fake = _thinned(flat)
        fake = fake[fake.isfinite()]
        if not len(fake) or not len(self.reals):
            return None
        low, high = min(self.low, float(fake.min())), max(self.high, float(fake.max()))
        edges = np.linspace(low, high, _BINS + 1)
        densities = [np.histogram(x.numpy(), edges, density=True)[0] for x in (self.reals, fake)]
        return {"edges": edges, "real": densities[0], "fake": densities[1]}


def image_shape(samples: Tensor) -> tuple[int, int, int] | None:
    """(channels, height, width) of image-shaped samples, flattened ones too; None for others."""
    shape = tuple(samples.shape[1:])
    if len(shape) == 3 and min(shape[1:]) >= _LEAST_SIDE:
        return shape[0], shape[1], shape[2]
    if len(shape) == 2 and min(shape) >= _LEAST_SIDE:
        return 1, shape[0], shape[1]
    if len(shape) == 1:
        for channels in (1, 3):
            side = math.isqrt(shape[0] // channels)
            if side >= _LEAST_SIDE and channels * side * side == shape[0]:
                return channels, side, side
    return None


def _thinned(samples: Tensor) -> Tensor:
    values = samples.detach().reshape(-1)
    return values[:: max(1, -(-values.numel() // _VALUES))].to("cpu", torch.float32)
