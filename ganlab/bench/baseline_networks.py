"""The networks of the compared loops, as a script spells them out. Uses nothing of the engine."""

from __future__ import annotations

from torch import nn

from ganlab.bench.baseline import LATENT, Networks

_PIXELS = 28 * 28


def paper_mlp() -> Networks:
    """Preset paper-mlp."""
    g = nn.Sequential(
        nn.Linear(LATENT, 1200), nn.ReLU(),
        nn.Linear(1200, 1200), nn.ReLU(),
        nn.Linear(1200, _PIXELS), nn.Tanh(), nn.Unflatten(1, (1, 28, 28)),
    )  # fmt: skip
    d = nn.Sequential(
        nn.Flatten(),
        nn.Linear(_PIXELS, 240), nn.LeakyReLU(0.2),
        nn.Linear(240, 240), nn.LeakyReLU(0.2),
        nn.Linear(240, 1), nn.Sigmoid(),
    )  # fmt: skip
    return g, d


def batch_norm_mlp(dropout: float = 0.3) -> Networks:
    """Preset seed4-mlp: batch norm in G, dropout in D."""
    g = nn.Sequential(
        nn.Linear(LATENT, 256), nn.LeakyReLU(0.2), nn.BatchNorm1d(256),
        nn.Linear(256, 512), nn.LeakyReLU(0.2), nn.BatchNorm1d(512),
        nn.Linear(512, _PIXELS), nn.Tanh(), nn.Unflatten(1, (1, 28, 28)),
    )  # fmt: skip
    d = nn.Sequential(
        nn.Flatten(),
        nn.Linear(_PIXELS, 512), nn.LeakyReLU(0.2), nn.Dropout(dropout),
        nn.Linear(512, 256), nn.LeakyReLU(0.2), nn.Dropout(dropout),
        nn.Linear(256, 1), nn.Sigmoid(),
    )  # fmt: skip
    return g, d


def dcgan28(width: int = 32) -> Networks:
    """Preset dcgan28, with the sigmoid that BCELoss needs."""
    g = nn.Sequential(
        nn.Unflatten(1, (LATENT, 1, 1)),
        nn.ConvTranspose2d(LATENT, 2 * width, 7, 1, 0, bias=False),
        nn.BatchNorm2d(2 * width), nn.ReLU(True),
        nn.ConvTranspose2d(2 * width, width, 4, 2, 1, bias=False),
        nn.BatchNorm2d(width), nn.ReLU(True),
        nn.ConvTranspose2d(width, 1, 4, 2, 1, bias=False), nn.Tanh(),
    )  # fmt: skip
    d = nn.Sequential(
        nn.Conv2d(1, width, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(width, 2 * width, 4, 2, 1, bias=False),
        nn.BatchNorm2d(2 * width), nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(2 * width, 1, 7, 1, 0, bias=False), nn.Flatten(), nn.Sigmoid(),
    )  # fmt: skip
    return g, d


def critic_mlp() -> Networks:
    """Preset wgan-gp."""
    g = nn.Sequential(
        nn.Linear(LATENT, 256), nn.ReLU(),
        nn.Linear(256, 512), nn.ReLU(),
        nn.Linear(512, _PIXELS), nn.Tanh(), nn.Unflatten(1, (1, 28, 28)),
    )  # fmt: skip
    d = nn.Sequential(
        nn.Flatten(),
        nn.Linear(_PIXELS, 512), nn.LeakyReLU(0.2),
        nn.Linear(512, 256), nn.LeakyReLU(0.2),
        nn.Linear(256, 1),
    )  # fmt: skip
    return g, d
