"""How much of the real data's variety G covers, judged by something no detector uses.

Images: a classifier trained on the real data, its test accuracy beside; variety and Fréchet
distance are taken in its last features. Mixtures: exact counts.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ganlab.engine.data import Dataset
from ganlab.engine.trainer import Trainer

SAMPLES = 2000
_SHARE = 0.01  # of the samples that makes a class covered
_BATCH = 256


@dataclass(frozen=True)
class Coverage:
    """Which classes or modes a generator reaches."""

    covered: int
    classes: int
    shares: tuple[float, ...]  # of the samples, by class
    judge: str  # "classifier" or "modes"
    test_accuracy: float | None = None  # of the classifier, on real samples it never saw
    high_quality: float | None = None  # share of samples within three sigma of a mode
    variety: float | None = None  # mean pair distance of fakes / of reals
    frechet: float | None = None  # squared Fréchet distance to reals / the reals' total variance
    label_accuracy: float | None = None  # share of samples of the class that was asked for

    def as_row(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)


class Classifier(nn.Module):
    """A small convolutional network: (B, channels, h, w) in [0, 1] -> (B, classes) logits."""

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(channels, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 5, padding=2), nn.ReLU(), nn.AdaptiveMaxPool2d(7),
            nn.Flatten(), nn.Linear(32 * 49, 84), nn.ReLU(),
        )  # fmt: skip
        self.last = nn.Linear(84, classes)

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.last(self.features(x))
        return logits


@dataclass(frozen=True)
class Judge:
    """A trained classifier with its accuracy on held-out reals."""

    network: Classifier
    test_accuracy: float
    _real: dict[int, Tensor] = field(default_factory=dict, repr=False, compare=False)

    def real_features(self, data: Dataset) -> Tensor:
        """Features of up to 2000 real samples, worked out once for each data set."""
        if id(data.train) not in self._real:
            enough = data.train if len(data.train) >= SAMPLES else data.held_out
            self._real[id(data.train)] = self.features(data.scaled(enough[:SAMPLES], "[0,1]"))
        return self._real[id(data.train)]

    @torch.no_grad()
    def features(self, images: Tensor) -> Tensor:
        """(n, channels, h, w) in [0, 1] -> (n, 84), what the classifier decides on."""
        return torch.cat([self.network.features(part) for part in images.split(_BATCH)])

    def to_bytes(self) -> bytes:
        """For a cache: weights and accuracy."""
        buffer = io.BytesIO()
        state = {"network": self.network.state_dict(), "test_accuracy": self.test_accuracy}
        torch.save(state, buffer)
        return buffer.getvalue()

    @classmethod
    def of_bytes(cls, stored: bytes, data: Dataset) -> Judge:
        """What `to_bytes` wrote, on the data's device."""
        device = data.train.device
        state = torch.load(io.BytesIO(stored), map_location=device, weights_only=True)
        network = Classifier(data.sample_shape[0], data.classes).to(device)
        network.load_state_dict(state["network"])
        return cls(network.eval(), state["test_accuracy"])


def train_judge(
    data: Dataset, *, epochs: int = 3, progress: Callable[[str], None] | None = None
) -> Judge:
    """A classifier trained on the real data with a private seed, tested on the held-out part.

    Raises ValueError for unlabelled data or without held-out samples.
    """
    if data.train_labels is None or data.held_out_labels is None or not len(data.held_out):
        raise ValueError("A classifier needs labels and held-out data; set held_out above 0.")
    device = data.train.device
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = Classifier(data.sample_shape[0], data.classes).to(device)
    batches = epochs * len(data.train) // _BATCH
    optimizer = torch.optim.Adam(network.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=batches)
    order = torch.Generator(device).manual_seed(0)
    if progress:
        progress(f"Training the classifier that judges coverage ({batches} steps) ...")
    for _ in range(batches):
        index = torch.randint(len(data.train), (_BATCH,), generator=order, device=device)
        logits = network(data.scaled(data.train[index], "[0,1]"))
        optimizer.zero_grad()
        F.cross_entropy(logits, data.train_labels[index]).backward()
        optimizer.step()
        schedule.step()
    network.eval()
    predicted = _classify(network, data.scaled(data.held_out, "[0,1]"))
    accuracy = (predicted == data.held_out_labels).float().mean().item()
    return Judge(network, accuracy)


@torch.no_grad()
def _classify(network: Classifier, images: Tensor) -> Tensor:
    return torch.cat([network(part).argmax(dim=1) for part in images.split(_BATCH)])


def class_coverage(
    images: Tensor, judge: Judge, data: Dataset, asked: Tensor | None = None
) -> Coverage:
    """Classes with at least 1 % of the images (n, channels, h, w), [0, 1].

    `asked` (n,) holds the classes that a conditional G was asked for.
    """
    images = images.clamp(0, 1).nan_to_num(0)
    features = judge.features(images)
    found = judge.network.last(features).argmax(dim=1)
    shares = found.bincount(minlength=data.classes) / len(images)
    real = judge.real_features(data)
    return Coverage(
        covered=int((shares >= _SHARE).sum()),
        classes=data.classes,
        shares=tuple(shares.tolist()),
        judge="classifier",
        test_accuracy=judge.test_accuracy,
        variety=_pair_distance(features) / max(_pair_distance(real), 1e-12),
        frechet=frechet_distance(features, real) / max(real.var(dim=0).sum().item(), 1e-12),
        label_accuracy=None if asked is None else (found == asked).float().mean().item(),
    )


def _pair_distance(features: Tensor) -> float:
    half = len(features) // 2
    distance: float = (features[:half] - features[half : 2 * half]).norm(dim=1).mean().item()
    return distance


def frechet_distance(a: Tensor, b: Tensor) -> float:
    """Squared Fréchet distance between Gaussians fitted to (n, k) and (m, k) (Heusel et al. 2017).

    The trace of the root of the product is taken from the symmetric form, in double precision.
    """
    a, b = a.double().cpu(), b.double().cpu()  # MPS has no double precision
    root = _root(a.T.cov())
    trace = _root(root @ b.T.cov() @ root).trace()
    means = (a.mean(dim=0) - b.mean(dim=0)).square().sum()
    distance: float = (means + a.T.cov().trace() + b.T.cov().trace() - 2 * trace).item()
    return distance


def _root(matrix: Tensor) -> Tensor:
    values, vectors = torch.linalg.eigh(matrix)
    root: Tensor = vectors * values.clamp_min(0).sqrt() @ vectors.T
    return root


def mode_coverage(points: Tensor, data: Dataset) -> Coverage:
    """Modes that are nearest to at least one point within three sigma (Srivastava et al. 2017).

    Raises ValueError for data whose modes are unknown.
    """
    modes = data.modes
    if modes is None:
        raise ValueError("mode_coverage needs a mixture; for images use class_coverage.")
    distance, nearest = torch.cdist(points, modes).min(dim=1)
    good = distance < 3 * data.mode_std
    counts = nearest[good].bincount(minlength=len(modes))
    return Coverage(
        covered=int((counts > 0).sum()),
        classes=len(modes),
        shares=tuple((counts / len(points)).tolist()),
        judge="modes",
        high_quality=good.float().mean().item(),
        variety=_pair_distance(points) / max(_pair_distance(data.train[:SAMPLES]), 1e-12),
    )


def outcome(trainer: Trainer, judge: Judge | None) -> Coverage | None:
    """What a trainer's G covers now; None where the data has neither modes nor a classifier."""
    samples, labels = draw(trainer)
    data = trainer.data
    if data.modes is not None:
        return mode_coverage(samples, data)
    return None if judge is None else class_coverage(samples, judge, data, labels)


@torch.no_grad()
def draw(trainer: Trainer, count: int = SAMPLES) -> tuple[Tensor, Tensor | None]:
    """Samples of a trainer's G (the averaged one, if there is one) in raw units.

    Beside them the classes that were asked for; None for an unconditional G.
    """
    assert trainer.probe is not None
    noise = torch.Generator(trainer.device).manual_seed(4711)
    conditional = trainer.config.conditional != "none"
    asked = torch.arange(count, device=trainer.device) % max(trainer.data.classes, 1)
    averaged = trainer.averaged_generator()
    parts = []
    for labels in asked.split(250):
        z = torch.randn(
            len(labels), trainer.config.latent_dim, generator=noise, device=trainer.device
        )
        wanted = labels if conditional else None
        parts.append(
            trainer.probe.averaged(averaged, z, wanted)
            if averaged
            else trainer.probe.generate(z, wanted)
        )
    raw = trainer.data.raw(torch.cat(parts), trainer.config.data_range)
    return raw, asked if conditional else None
