"""The loop a typical user writes: what the engine is compared with. Uses nothing of the engine.

A DataLoader over PIL images with per-sample transforms, D called twice, a sigmoid with BCELoss,
Adam as it comes, noise from torch.randn, and both losses read with `.item()` in every step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import torch
from PIL import Image
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

Networks = tuple[nn.Module, nn.Module]  # G, D

LATENT = 100


class Images(Dataset[tuple[Tensor, int]]):
    """Images as torchvision's MNIST hands them out: a PIL image through a transform, a label."""

    def __init__(self, images: Tensor, labels: Tensor) -> None:
        self.images = images  # (n, 28, 28) uint8
        self.labels = labels
        self.transform = transforms.Compose(
            [transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))]
        )

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        image = Image.fromarray(self.images[index].numpy())
        return self.transform(image), int(self.labels[index])


def gaussian(batch: int) -> Tensor:
    """Noise for G."""
    return torch.randn(batch, LATENT)


@dataclass
class UserScript:
    """The state of such a script: two networks, two optimisers, a list of losses."""

    networks: Networks
    lr: float = 2e-4
    betas: tuple[float, float] = (0.5, 0.999)
    real_label: float = 1.0
    noise: Callable[[int], Tensor] = gaussian
    mix: Callable[..., Tensor] = torch.rand
    losses: list[tuple[float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.g, self.d = self.networks
        self.criterion = nn.BCELoss()
        self.opt_g = torch.optim.Adam(self.g.parameters(), lr=self.lr, betas=self.betas)
        self.opt_d = torch.optim.Adam(self.d.parameters(), lr=self.lr, betas=self.betas)
        self.batches = 0

    def epochs(self, images: Images, batch: int, step: Step) -> Iterator[None]:
        """Trains without end, one batch of real images for each `next`."""
        loader = DataLoader(images, batch_size=batch, shuffle=True, num_workers=0, drop_last=True)
        while True:
            for real, _ in loader:
                step(self, real)
                yield


Step = Callable[[UserScript, Tensor], None]


def g_first(script: UserScript, real: Tensor) -> None:
    """G learns first; D then sees the same fakes."""
    ones = torch.ones(len(real), 1, dtype=real.dtype)
    fake = script.g(script.noise(len(real)))

    script.opt_g.zero_grad()
    g_loss = script.criterion(script.d(fake), ones)
    g_loss.backward()
    script.opt_g.step()

    d_loss = _train_d(script, real, fake.detach())
    script.losses.append((d_loss.item(), g_loss.item()))


def d_first(script: UserScript, real: Tensor) -> None:
    """D learns first; G then makes new fakes."""
    ones = torch.ones(len(real), 1, dtype=real.dtype)
    fake = script.g(script.noise(len(real)))
    d_loss = _train_d(script, real, fake.detach())

    script.opt_g.zero_grad()
    fake = script.g(script.noise(len(real)))
    g_loss = script.criterion(script.d(fake), ones)
    g_loss.backward()
    script.opt_g.step()
    script.losses.append((d_loss.item(), g_loss.item()))


def _train_d(script: UserScript, real: Tensor, fake: Tensor) -> Tensor:
    targets = torch.full((len(real), 1), script.real_label, dtype=real.dtype)
    zeros = torch.zeros(len(real), 1, dtype=real.dtype)
    script.opt_d.zero_grad()
    loss: Tensor = script.criterion(script.d(real), targets)
    loss = loss + script.criterion(script.d(fake), zeros)
    loss.backward()
    script.opt_d.step()
    return loss


def wgan_gp(script: UserScript, real: Tensor, n_critic: int = 5, weight: float = 10.0) -> None:
    """One critic update with the gradient penalty, and every fifth time one of G."""
    fake = script.g(script.noise(len(real))).detach()
    script.opt_d.zero_grad()
    d_loss = script.d(fake).mean() - script.d(real).mean()
    (d_loss + weight * _penalty(script, real, fake)).backward()
    script.opt_d.step()
    script.batches += 1
    g_value = script.losses[-1][1] if script.losses else 0.0
    if script.batches % n_critic == 0:
        script.opt_g.zero_grad()
        g_loss = -script.d(script.g(script.noise(len(real)))).mean()
        g_loss.backward()
        script.opt_g.step()
        g_value = g_loss.item()
    script.losses.append((d_loss.item(), g_value))


def _penalty(script: UserScript, real: Tensor, fake: Tensor) -> Tensor:
    alpha = script.mix(len(real), 1, 1, 1)
    between = (alpha * real + (1 - alpha) * fake).requires_grad_(True)
    scores = script.d(between)
    gradient = torch.autograd.grad(
        outputs=scores, inputs=between, grad_outputs=torch.ones_like(scores),
        create_graph=True, retain_graph=True,
    )[0]  # fmt: skip
    norm: Tensor = gradient.view(len(real), -1).norm(2, dim=1)
    return ((norm - 1) ** 2).mean()
