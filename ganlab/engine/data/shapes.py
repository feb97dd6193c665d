"""Synthetic RGB images: one circle, square or triangle on a darker ground. Needs no file."""

from __future__ import annotations

import functools
import math

import torch
from torch import Tensor

from ganlab.config import RunConfig
from ganlab.engine.data.dataset import Dataset, Listener, split
from ganlab.engine.data.images import image_dataset

IMAGES = 6_000
_CHUNK = 500  # images drawn at once
_LUMINANCE = (0.299, 0.587, 0.114)  # ITU-R BT.601


def load_shapes(config: RunConfig, listener: Listener) -> Dataset:
    """6 000 images of three classes at the config's size, drawn with a private seed."""
    images, labels = drawn(config.image_size)
    if config.channels == 1:
        weights = torch.tensor(_LUMINANCE).view(1, 3, 1, 1)
        images = (images * weights).sum(dim=1, keepdim=True).round().to(torch.uint8)
    train, held_out = split(len(images), config.held_out)
    return image_dataset(
        (images[train], labels[train]), (images[held_out], labels[held_out]), config
    )


@functools.lru_cache(maxsize=2)
def drawn(size: int) -> tuple[Tensor, Tensor]:
    """Images (6000, 3, size, size) uint8 and labels (6000,): 0 circle, 1 square, 2 triangle."""
    random = torch.Generator().manual_seed(3_141)
    labels = torch.arange(IMAGES) % 3
    radius = 0.35 + 0.3 * torch.rand(IMAGES, generator=random)  # of half the image
    centre = (2 * torch.rand(IMAGES, 2, generator=random) - 1) * (0.9 - radius)[:, None]
    ink = 0.35 + 0.65 * torch.rand(IMAGES, 3, generator=random)
    ground = 0.3 * torch.rand(IMAGES, 3, generator=random)
    images = torch.empty(IMAGES, 3, size, size, dtype=torch.uint8)
    for start in range(0, IMAGES, _CHUNK):
        part = slice(start, start + _CHUNK)
        inside = _coverage(labels[part], centre[part], radius[part], size)[:, None]
        colours = torch.lerp(ground[part, :, None, None], ink[part, :, None, None], inside)
        images[part] = colours.mul_(255).round_().to(torch.uint8)
    return images, labels


def _coverage(labels: Tensor, centre: Tensor, radius: Tensor, size: int) -> Tensor:
    """(n, size, size): how much of each pixel the shape covers, from its signed distance."""
    axis = (torch.arange(size) + 0.5) * 2 / size - 1
    x = axis[None, None, :] - centre[:, 0, None, None]
    y = axis[None, :, None] - centre[:, 1, None, None]
    size_of = radius[:, None, None]
    circle = torch.hypot(x, y) - size_of
    square = torch.maximum(x.abs(), y.abs()) - 0.85 * size_of
    slope = math.sqrt(0.75)
    triangle = torch.maximum(slope * x.abs() - 0.5 * y, y) - 0.5 * size_of  # its tip is up
    distance = torch.stack([circle, square, triangle], dim=1)
    chosen = distance[torch.arange(len(labels)), labels]
    return (0.5 - chosen * size / 2).clamp_(0, 1)  # one pixel wide edges
