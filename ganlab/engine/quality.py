"""What real data looks like to a probe, and how far generated samples are from it.

Embedding, codebook and quantiles are fitted once on real data with private random streams; all
of it works in raw units ([0, 1] for images), so that it holds for every data range.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import torch
import torch.nn.functional as F
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from torch import Tensor

from ganlab.engine.data import Dataset
from ganlab.engine.measure import (
    Row,
    deviations,
    outer_quantiles,
    pairwise_auc,
    quantile_of_sorted,
)

_FIT = 10_000  # real samples that embedding and codebook are fitted on
_PAIRED = 128  # samples whose pairwise distances are taken
_SMALLEST_SIDE = 28  # larger images are averaged down before the embedding


@dataclass(frozen=True)
class Embedding:
    """A principal-component projection scaled by the mean deviation of its axes.

    Points stay as they are.
    """

    mean: Tensor | None = None  # (features,)
    axes: Tensor | None = None  # (features, k)

    def __call__(self, raw: Tensor) -> Tensor:
        """(n, *shape) raw units -> (n, k)."""
        flat = _reduced(raw).flatten(1)
        if self.mean is None or self.axes is None:
            return flat
        return (flat - self.mean) @ self.axes

    @classmethod
    def fitted(cls, raw: Tensor, components: int) -> Embedding:
        """The first principal components of real samples."""
        flat = _reduced(raw).flatten(1)
        mean = flat.mean(dim=0)
        centred = (flat - mean).double()
        values, vectors = torch.linalg.eigh(centred.T @ centred / len(flat))
        deviations = values.clamp_min(0).sqrt()[-components:]
        axes = vectors[:, -components:] / deviations.mean().clamp_min(1e-12)
        return cls(mean, axes.to(flat.dtype))


def _reduced(raw: Tensor) -> Tensor:
    side = 16 if raw.dim() == 4 and raw.shape[1] > 1 else _SMALLEST_SIDE
    if raw.dim() == 4 and raw.shape[-1] > side:
        return F.adaptive_avg_pool2d(raw, side)
    return raw


@dataclass(frozen=True)
class Compared:
    """Generated samples beside real data."""

    embedded: Tensor  # (n, k)
    shares: Tensor  # (K,) of samples in each codebook bin
    row: Row  # scalars, on the device


@dataclass(frozen=True)
class Reference:
    """Real data as a probe sees it."""

    embedding: Embedding
    centres: Tensor  # (K, k)
    masses: Tensor  # (K,) share of real data in each bin
    pair_distance: float  # median distance between two embedded real samples
    low: float  # raw units: quantiles and extremes of real values
    high: float
    smallest: float
    largest: float
    radius: float  # 99.9 % of the real data lie nearer to a centre than this
    entropy: float  # of the masses, nats
    values: Tensor  # sorted sample of real values, raw units
    pixel_std: float  # mean over dimensions of the std over samples, raw units

    @classmethod
    def of(cls, data: Dataset) -> Reference:
        """Fits the reference on the training data, on its device; once for each data set."""
        if data not in _FITTED:
            _FITTED[data] = cls._fitted(data)
        return _FITTED[data]

    @classmethod
    def _fitted(cls, data: Dataset) -> Reference:
        stored = _strided(data.train, _FIT).cpu()  # MPS has no double precision
        raw = stored.float() / 255 if data.is_image else stored
        components = (32 if raw.shape[1] == 1 else 64) if data.is_image else 0
        return cls._of(raw, components, data.modes, data.train.device)

    @classmethod
    def of_samples(cls, samples: Tensor) -> Reference:
        """The reference of real samples (n, *shape) in units of their own.

        Samples of up to eight numbers stay as they are, others are projected.
        """
        kept = _strided(samples, _FIT).float().cpu()
        size = kept[:1].numel()
        return cls._of(kept, min(32, size) if size > 8 else 0, None, samples.device)

    @classmethod
    def _of(
        cls, raw: Tensor, components: int, modes: Tensor | None, device: torch.device
    ) -> Reference:
        embedding = Embedding.fitted(raw, components) if components else Embedding()
        embedded = embedding(raw)
        centres = _centres(embedded, modes)
        values = _strided(raw.flatten(), 200_000).sort().values
        distances, bins = torch.cdist(embedded, centres).min(dim=1)
        masses = bins.bincount(minlength=len(centres)) / len(bins)
        return cls(
            embedding=Embedding(*_on(device, embedding.mean, embedding.axes)),
            centres=centres.to(device),
            masses=masses.to(device),
            pair_distance=float(median_pair_distance(_strided(embedded, 1000))),
            low=quantile_of_sorted(values, 0.001).item(),
            high=quantile_of_sorted(values, 0.999).item(),
            smallest=raw.min().item(),
            largest=raw.max().item(),
            radius=quantile_of_sorted(distances.sort().values, 0.999).item(),
            entropy=max(entropy(masses).item(), 1e-12),
            values=values,
            pixel_std=raw.std(dim=0, correction=0).mean().item(),
        )

    def compared(self, raw: Tensor, values: Tensor) -> Compared:
        """What a probe says of samples (n, *shape) in raw units, a lab's or a script's.

        `values`: numbers out of the same samples in data units, for quantiles.
        """
        embedded = self.embedding(raw)
        shares, outside = self.histogram(embedded)
        margin = 0.05 * (self.high - self.low)
        overflow = (raw < self.low - margin) | (raw > self.high + margin)
        low, high = outer_quantiles(values, 0.001)
        row = {
            "diversity": self.diversity(embedded),
            "top_bin": shares.max(),
            "codebook_js": self.divergence(shares),
            "off_data": outside,
            "std_ratio": deviations(raw).mean() / max(self.pixel_std, 1e-12),
            "overflow": overflow.float().mean(),
            "fake_low": low,
            "fake_high": high,
        }
        return Compared(embedded, shares, row)

    def drift(self, before: Tensor, now: Tensor) -> Tensor:
        """How far embedded samples (n, k) have moved, over the distance of two real ones."""
        moved: Tensor = (now - before).norm(dim=1).mean()
        return moved / max(self.pair_distance, 1e-12)

    def diversity(self, embedded: Tensor) -> Tensor:
        """Median pair distance of generated samples over that of real ones."""
        return median_pair_distance(embedded[:_PAIRED]) / max(self.pair_distance, 1e-12)

    def histogram(self, embedded: Tensor) -> tuple[Tensor, Tensor]:
        """(K,) share of samples in each codebook bin; share farther out than real ones lie."""
        distances, bins = torch.cdist(embedded, self.centres).min(dim=1)
        shares = F.one_hot(bins, len(self.centres)).float().mean(dim=0)
        return shares, (distances > self.radius).float().mean()

    def divergence(self, shares: Tensor) -> Tensor:
        """Jensen-Shannon divergence to the real codebook masses, in nats, 0 to ln 2."""
        middle = (shares + self.masses) / 2
        return (_kl(shares, middle) + _kl(self.masses, middle)) / 2


_FITTED: WeakKeyDictionary[Dataset, Reference] = WeakKeyDictionary()


def _on(device: torch.device, *tensors: Tensor | None) -> list[Tensor | None]:
    return [None if tensor is None else tensor.to(device) for tensor in tensors]


def _strided(x: Tensor, most: int) -> Tensor:
    return x[:: math.ceil(len(x) / most)]


def _kl(p: Tensor, q: Tensor) -> Tensor:
    return torch.where(p > 0, p * (p / q).log(), torch.zeros_like(p)).sum()


def entropy(shares: Tensor) -> Tensor:
    """Shannon entropy over the last dimension, nats."""
    total: Tensor = -torch.special.xlogy(shares, shares).sum(dim=-1)
    return total


def _centres(embedded: Tensor, modes: Tensor | None) -> Tensor:
    if modes is not None and len(modes) > 1:
        return modes.cpu()
    bins = min(max(len(embedded) // 200, 20), 100, len(embedded))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer distinct points than bins
        means = KMeans(bins, n_init=1, max_iter=30, random_state=0).fit(embedded.numpy())
    return torch.from_numpy(means.cluster_centers_).to(embedded.dtype)


def median_pair_distance(embedded: Tensor) -> Tensor:
    """Median Euclidean distance over all pairs, a scalar tensor."""
    distances = torch.cdist(embedded, embedded)
    pairs = torch.triu_indices(len(embedded), len(embedded), offset=1, device=embedded.device)
    return distances[pairs[0], pairs[1]].median()


def two_sample_auc(*, real: Tensor, fake: Tensor) -> Tensor:
    """How well a linear test tells embedded reals from fakes: its AUC on samples it did not see.

    Fisher's discriminant with shrinkage, fitted on the first half of each (n, k) and read on the
    second; in up to three dimensions squares are added. 0.5 means it cannot tell (a classifier
    two-sample test, Lopez-Paz & Oquab 2017, arXiv:1610.06545).
    """
    real, fake = _with_squares(real), _with_squares(fake)
    half, other = len(real) // 2, len(fake) // 2
    seen_real, seen_fake = real[:half], fake[:other]
    covariance = (_scatter(seen_real) + _scatter(seen_fake)) / 2
    size = len(covariance)
    shrinkage = 0.1 * covariance.diagonal().mean().clamp_min(1e-12)
    ridge = shrinkage * torch.eye(size, device=real.device)
    axis = torch.linalg.solve(covariance + ridge, seen_real.mean(dim=0) - seen_fake.mean(dim=0))
    return pairwise_auc(real[half:] @ axis, fake[other:] @ axis)


def _with_squares(x: Tensor) -> Tensor:
    return torch.cat([x, x.square()], dim=1) if x.shape[1] <= 3 else x


def _scatter(x: Tensor) -> Tensor:
    centred = x - x.mean(dim=0)
    return centred.T @ centred / len(x)
