"""The embedded default: scikit-learn's 8x8 digits made to look like MNIST. Needs no file."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ganlab.config import RunConfig
from ganlab.engine.data.dataset import Dataset, Listener, split
from ganlab.engine.data.images import image_dataset

TRAIN_IMAGES = 20_000
_SIZE = 28
# 8 cells over 20 pixels and this contrast curve give MNIST's box, mean, spread and share of ink.
_PIXELS_PER_CELL = 2.5
_DARK, _BRIGHT = 0.4, 0.8  # shares of full ink that become 0 and 255
_SHARPNESS = 6  # upscaling before the images are turned
_SHIFT = 2.0  # pixels, each way
_ANGLE = math.radians(12.0)  # each way
_CHUNK = 1000  # images: what fits the cache


@dataclass(frozen=True, eq=False)
class Variants:
    """Images drawn from original images, with the index of each one's original."""

    images: Tensor  # (n, 1, 28, 28) uint8
    labels: Tensor  # (n,)
    sources: Tensor  # (n,) index into scikit-learn's 1 797 digits


def load_digits(config: RunConfig, listener: Listener) -> Dataset:
    """20 000 variants of the digits of train, and of the held out ones in proportion."""
    train, held_out = variants(config.held_out)
    return image_dataset((train.images, train.labels), (held_out.images, held_out.labels), config)


@functools.lru_cache(maxsize=2)
def variants(held_out: float) -> tuple[Variants, Variants]:
    """(train, held out), split by original image before anything is augmented."""
    from sklearn.datasets import load_digits as bundled  # takes seconds, and only here

    originals = bundled()
    ink = torch.as_tensor(originals.images, dtype=torch.float32) / 16
    labels = torch.as_tensor(originals.target, dtype=torch.int64)
    padded = F.pad(ink[:, None], (1, 1, 1, 1))
    large = F.interpolate(padded, scale_factor=_SHARPNESS, mode="bicubic", align_corners=False)
    generator = torch.Generator().manual_seed(1_797)
    sides = _split_evenly(labels, held_out)
    per_original = TRAIN_IMAGES / len(sides[0])
    train, kept = (
        _augmented(large, labels, _repeated(side, round(len(side) * per_original)), generator)
        for side in sides
    )
    return train, kept


def _split_evenly(labels: Tensor, share: float) -> tuple[Tensor, Tensor]:
    """Originals of (train, held out), with the same share of each class: there are few of them."""
    of_class = [(labels == label).nonzero()[:, 0] for label in range(int(labels.max()) + 1)]
    sides = [[members[part] for part in split(len(members), share)] for members in of_class]
    return torch.cat([train for train, _ in sides]), torch.cat([kept for _, kept in sides])


def _repeated(originals: Tensor, count: int) -> Tensor:
    """Each original equally often, to within one."""
    return originals.repeat(math.ceil(count / max(len(originals), 1)))[:count]


def _augmented(
    large: Tensor, labels: Tensor, sources: Tensor, generator: torch.Generator
) -> Variants:
    sources = sources[torch.randperm(len(sources), generator=generator)]
    placement = _placements(len(sources), generator)
    images = torch.empty(len(sources), 1, _SIZE, _SIZE, dtype=torch.uint8)
    for start in range(0, len(sources), _CHUNK):
        part = slice(start, start + _CHUNK)
        images[part] = _drawn(large[sources[part]], placement[part])
    return Variants(images, labels[sources], sources)


def _placements(count: int, generator: torch.Generator) -> Tensor:
    """(n, 2, 3): where each output pixel looks in the original, for a random turn and shift."""
    turn = (2 * torch.rand(count, generator=generator) - 1) * _ANGLE
    shift = (2 * torch.rand(count, 2, 1, generator=generator) - 1) * 2 * _SHIFT / _SIZE
    zoom = _SIZE / (_PIXELS_PER_CELL * 10)  # 10 cells: 8 and a margin of 1
    cos, sin = zoom * turn.cos(), zoom * turn.sin()
    turned = torch.stack([cos, -sin, sin, cos], dim=1).view(-1, 2, 2)
    return torch.cat([turned, -turned @ shift], dim=2)


def _drawn(large: Tensor, placement: Tensor) -> Tensor:
    where = F.affine_grid(placement, [len(large), 1, _SIZE, _SIZE], align_corners=False)
    ink = F.grid_sample(large, where, mode="bilinear", align_corners=False)
    contrast = ((ink - _DARK) / (_BRIGHT - _DARK)).clamp_(0, 1)
    return contrast.mul_(255).round_().to(torch.uint8)
