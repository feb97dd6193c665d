"""What all image data has in common: size, channels, statistics. Knows no source of images."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from ganlab.config import CLASSES, RunConfig
from ganlab.engine.data.dataset import Dataset

_CHUNK = 1 << 24  # pixels: keeps the float copies of a resize small

Labelled = tuple[Tensor, Tensor | None]  # images (n, c, h, w) uint8, labels (n,)


def image_dataset(train: Labelled, held_out: Labelled, config: RunConfig) -> Dataset:
    """Both sides brought to the config's size and channels, with the statistics of train."""
    images = _resized(train[0], config.image_size)
    mean, std = _statistics(images)
    return Dataset(
        train=_with_channels(images, config.channels),
        train_labels=train[1],
        held_out=_with_channels(_resized(held_out[0], config.image_size), config.channels),
        held_out_labels=held_out[1],
        classes=CLASSES.get(config.data, 0),
        mean=mean,
        std=std,
    )


def _resized(images: Tensor, size: int) -> Tensor:
    if images.shape[-2:] == (size, size) or not len(images):
        return images.reshape(-1, images.shape[1], size, size)
    chunks = torch.split(images, max(1, _CHUNK // images[0].numel()))
    return torch.cat([_shrunk_or_grown(chunk, size) for chunk in chunks])


def _shrunk_or_grown(images: Tensor, size: int) -> Tensor:
    floats = F.interpolate(
        images.float(), size=(size, size), mode="bilinear", antialias=True, align_corners=False
    )
    return floats.round_().clamp_(0, 255).to(torch.uint8)


def _with_channels(images: Tensor, channels: int) -> Tensor:
    # A view: the copies of a gray channel take no memory until a batch is drawn.
    return images.expand(-1, channels, -1, -1)


def _statistics(images: Tensor) -> tuple[float, float]:
    """Mean and standard deviation in [0, 1] units, exact: from the counts of the 256 values."""
    shares = torch.bincount(images.flatten(), minlength=256).double() / max(images.numel(), 1)
    values = torch.arange(256, dtype=torch.float64) / 255
    mean = float((shares * values).sum())
    variance = float((shares * (values - mean) ** 2).sum())
    return mean, math.sqrt(variance) or 1.0
