"""Toy GAN on a ring of Gaussians."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass
class Config:
    batch: int = 96
    z_dim: int = 6
    hidden: int = 80
    lr_g: float = 1e-3
    lr_d: float = 1e-3
    betas: tuple = (0.5, 0.99)
    steps: int = 4000
    log_every: int = 1000
    seed: int = 3


def mlp(sizes, act):
    layers = []
    for a, b in zip(sizes[:-1], sizes[1:]):
        layers += [nn.Linear(a, b), act()]
    return nn.Sequential(*layers[:-1])


class RingData:
    def __init__(self, modes=8, radius=2.0, std=0.1):
        t = torch.arange(modes) * (2 * math.pi / modes)
        self.centers = radius * torch.stack([t.cos(), t.sin()], dim=1)
        self.std = std

    def sample(self, n):
        idx = torch.randint(len(self.centers), (n,))
        return self.centers[idx] + self.std * torch.randn(n, 2)


class GANTrainer:
    def __init__(self, cfg):
        self.cfg = cfg
        torch.manual_seed(cfg.seed)
        self.data = RingData()
        self.G = mlp([cfg.z_dim, cfg.hidden, cfg.hidden, 2], nn.ReLU)
        self.D = mlp([2, cfg.hidden, cfg.hidden, 1], lambda: nn.LeakyReLU(0.2))
        self.opt_g = torch.optim.Adam(self.G.parameters(), lr=cfg.lr_g, betas=cfg.betas)
        self.opt_d = torch.optim.Adam(self.D.parameters(), lr=cfg.lr_d, betas=cfg.betas)

    def noise(self, n):
        return torch.randn(n, self.cfg.z_dim)

    def d_step(self, real):
        with torch.no_grad():
            fake = self.G(self.noise(len(real)))
        out_r = self.D(real)
        out_f = self.D(fake)
        loss = F.binary_cross_entropy_with_logits(out_r, torch.ones_like(out_r))
        loss = loss + F.binary_cross_entropy_with_logits(out_f, torch.zeros_like(out_f))
        self.opt_d.zero_grad()
        loss.backward()
        self.opt_d.step()
        return loss.item()

    def g_step(self):
        fake = self.G(self.noise(self.cfg.batch))
        out = self.D(fake)
        loss = F.binary_cross_entropy_with_logits(out, torch.ones_like(out))
        self.opt_g.zero_grad()
        loss.backward()
        self.opt_g.step()
        return loss.item()

    def fit(self):
        for step in range(1, self.cfg.steps + 1):
            d = self.d_step(self.data.sample(self.cfg.batch))
            g = self.g_step()
            if step % self.cfg.log_every == 0:
                print(f"step {step:6d}  d {d:.4f}  g {g:.4f}")

    @torch.no_grad()
    def save(self, path):
        torch.save(self.G(self.noise(2500)), path)


def main():
    trainer = GANTrainer(Config())
    trainer.fit()
    trainer.save("samples.pt")


if __name__ == "__main__":
    main()
