"""What a person sees of a run: a grid of images or a cloud of points, with histograms.

Points and D's surface are in the data's own units, so that a changed data range moves nothing.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganlab.config import PROBABILITY_LOSSES, RunConfig
from ganlab.engine.data import Dataset
from ganlab.engine.networks import Generator
from ganlab.engine.probe import Probe
from ganlab.observation import Samples

_GRID = 64  # images in a grid
_COLUMNS, _ROWS = 8, 16  # of a conditional G's grid: one row a class, at most so many
_POINTS = 512  # points of a cloud
_BINS = 40
_SURFACE = 33  # D is drawn at so many places along each axis


def real_samples(data: Dataset, config: RunConfig) -> Samples:
    """A grid or a cloud of real samples; a row of images a class when G is conditional."""
    if not data.is_image:
        return Samples(points=_array(data.train[:_POINTS]))
    index = torch.arange(min(_GRID, len(data.train)))
    if config.conditional != "none" and data.train_labels is not None:
        index = _by_class(data.train_labels, data.classes)
    images = data.scaled(data.train[index.to(data.train.device)], config.data_range)
    return Samples(image=grid(data.raw(images, config.data_range)))


def _by_class(labels: Tensor, classes: int) -> Tensor:
    """Eight indices of each class, over again where there are fewer."""
    rows = [(labels == row).nonzero().flatten() for row in range(min(classes, _ROWS))]
    filled = [row.repeat(math.ceil(_COLUMNS / len(row)))[:_COLUMNS] for row in rows if len(row)]
    return torch.cat(filled).cpu()


def generated_samples(probe: Probe, averaged: Generator | None) -> Samples:
    """What G makes of the probe's fixed z now; the averaged generator's work if there is one.

    The probe's next measurements are the same with it and without.
    """
    with probe.noise_returned():
        return _drawn(probe, averaged)


def _drawn(probe: Probe, averaged: Generator | None) -> Samples:
    data, config = probe.data, probe.pair.config
    if not data.is_image:
        z = torch.randn(
            _POINTS, config.latent_dim, device=probe.fixed.device, generator=probe.noise
        )
        points = probe.averaged(averaged, z) if averaged else probe.generate(z)
        return Samples(
            points=_array(data.raw(points, config.data_range)),
            surface=_surface(probe),
            histogram=_histogram(probe, points),
        )
    images = _images(probe, averaged)
    return Samples(
        image=grid(data.raw(images, config.data_range)), histogram=_histogram(probe, images)
    )


def _images(probe: Probe, averaged: Generator | None) -> Tensor:
    """The samples of a grid: a row for each class, in which every row has the same eight z."""
    classes = 0 if probe.pair.config.conditional == "none" else min(probe.data.classes, _ROWS)
    if classes:
        z = probe.fixed[:_COLUMNS].repeat(classes, 1)
        labels = torch.arange(classes, device=z.device).repeat_interleave(_COLUMNS)
        return probe.averaged(averaged, z, labels) if averaged else probe.generate(z, labels)
    if averaged:
        return probe.averaged(averaged, probe.fixed[:_GRID])
    return probe.fixed_samples(_GRID)


def grid(raw: Tensor) -> NDArray[np.uint8]:
    """(n, channels, h, w) in [0, 1] -> one image (rows * h, 8 * w[, 3]); values outside are cut."""
    columns = _COLUMNS
    rows = math.ceil(len(raw) / columns)
    tiles = raw.clamp(0, 1).mul(255).round().nan_to_num(0).to(torch.uint8).cpu()
    channels, height, width = tiles.shape[1:]
    padded = tiles.new_zeros(rows * columns, channels, height, width)
    padded[: len(tiles)] = tiles
    image = padded.view(rows, columns, channels, height, width).permute(0, 3, 1, 4, 2)
    array: NDArray[np.uint8] = image.reshape(rows * height, columns * width, channels).numpy()
    return array[:, :, 0] if channels == 1 else array


def _array(points: Tensor) -> NDArray[np.float32]:
    array: NDArray[np.float32] = points.detach().float().cpu().numpy()
    return array


def _histogram(probe: Probe, samples: Tensor) -> dict[str, Any] | None:
    """Densities of all values of real and generated samples over common bins, data units."""
    scale, shift = probe.data.raw_affine(probe.pair.config.data_range)
    real = probe.reference.values[::10] * scale + shift
    fake = samples.flatten().cpu()
    if not fake.isfinite().all():
        fake = fake[fake.isfinite()]
    if not len(fake):
        return None
    low = min(real.min().item(), fake.min().item())
    high = max(real.max().item(), fake.max().item())
    edges = np.linspace(low, high if high > low else low + 1.0, _BINS + 1)
    densities = [np.histogram(x.numpy(), edges, density=True)[0] for x in (real, fake)]
    return {"edges": edges, "real": densities[0], "fake": densities[1]}


def _surface(probe: Probe) -> dict[str, Any] | None:
    """D's output over the data's extent: probabilities, or ranks where D has no probability.

    A D that judges packs sees the same place `pack` times, the usual way to draw it: low also where
    single samples would pass, since no real pack holds one point over and over.
    """
    data, config = probe.data, probe.pair.config
    dimensions = data.sample_shape[0]
    if dimensions > 2 or config.conditional != "none":
        return None
    real = data.train[:2000]
    low, high = real.amin(dim=0), real.amax(dim=0)
    margin = 0.25 * (high - low)
    axes = [
        torch.linspace(a, b, _SURFACE)
        for a, b in zip((low - margin).tolist(), (high + margin).tolist(), strict=True)
    ]
    places = torch.cartesian_prod(*axes).view(-1, dimensions).to(real.device)
    packs = data.scaled(places, config.data_range).repeat_interleave(config.pack, dim=0)
    logits = probe.discriminate(packs)
    if config.loss in PROBABILITY_LOSSES:
        shown = torch.sigmoid(logits)
    else:
        shown = (logits - logits.amin()) / (logits.amax() - logits.amin()).clamp_min(1e-12)
    shape = (_SURFACE,) * dimensions
    values = shown.view(shape).T if dimensions == 2 else shown.view(shape)
    return {
        "x": axes[0].numpy(),
        "y": axes[1].numpy() if dimensions == 2 else None,
        "d": _array(values),
    }
