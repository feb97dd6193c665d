"""Gaussian mixtures whose truth is known. Knows no file and no image.

ring8 and grid25 have the geometry of VEEGAN (arXiv:1705.07761) and PacGAN (arXiv:1712.04086).
gaussian1d is one Gaussian away from zero, N(4, 0.5): G has to move and to shrink its noise.
mixture1d has four narrow modes on a line, whose histogram shows what G has lost.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ganlab.config import CLASSES, RunConfig
from ganlab.engine.data.dataset import Dataset, Listener

POINTS = 100_000
_MARGIN = 5.0  # standard deviations beyond the outermost centre that still belong to the data


def ring8() -> tuple[Tensor, float]:
    """8 centres (8, 2) on a circle of radius 1, and their standard deviation."""
    angles = torch.arange(8) * (2 * math.pi / 8)
    return torch.stack([angles.cos(), angles.sin()], dim=1), 0.01


def grid25() -> tuple[Tensor, float]:
    """25 centres (25, 2) on a square grid, 2 apart, and their standard deviation."""
    axis = torch.tensor([-4.0, -2.0, 0.0, 2.0, 4.0])
    return torch.cartesian_prod(axis, axis), 0.05


def gaussian1d() -> tuple[Tensor, float]:
    """The one centre (1, 1) and its standard deviation."""
    return torch.tensor([[4.0]]), 0.5


def mixture1d() -> tuple[Tensor, float]:
    """4 centres (4, 1) on a line, 2 apart, and their standard deviation."""
    return torch.tensor([[-3.0], [-1.0], [1.0], [3.0]]), 0.1


_GEOMETRIES = {"ring8": ring8, "grid25": grid25, "mixture1d": mixture1d, "gaussian1d": gaussian1d}


def load_points(config: RunConfig, listener: Listener) -> Dataset:
    """100 000 points, the held out ones beside them; a label is the index of the point's mode."""
    centres, spread = _GEOMETRIES[config.data]()
    generator = torch.Generator().manual_seed(8_25)
    held = round(POINTS * config.held_out / (1 - config.held_out))
    labels = torch.randint(len(centres), (held + POINTS,), generator=generator)
    noise = torch.randn(held + POINTS, centres.shape[1], generator=generator)
    points = centres[labels] + spread * noise
    labelled = config.data in CLASSES
    return Dataset(
        train=points[held:],
        train_labels=labels[held:] if labelled else None,
        held_out=points[:held],
        held_out_labels=labels[:held] if labelled else None,
        classes=CLASSES.get(config.data, 0),
        mean=points[held:].mean().item(),
        std=points[held:].std().item(),
        low=centres.min().item() - _MARGIN * spread,
        high=centres.max().item() + _MARGIN * spread,
        modes=centres,
        mode_std=spread,
    )
