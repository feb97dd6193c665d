import itertools
import math
import random

import torch
import torch.nn as nn


class Gen(nn.Module):
    def __init__(self, z=10, h=96):
        super().__init__()
        self.fc1 = nn.Linear(z, h)
        self.fc2 = nn.Linear(h, h)
        self.out = nn.Linear(h, 2)
        self.act = nn.ReLU()

    def forward(self, z):
        h = self.act(self.fc1(z))
        h = self.act(self.fc2(h))
        return self.out(h)


class Disc(nn.Module):
    def __init__(self, h=96):
        super().__init__()
        self.fc1 = nn.Linear(2, h)
        self.fc2 = nn.Linear(h, h)
        self.out = nn.Linear(h, 1)
        self.act = nn.LeakyReLU(0.2)

    def forward(self, x):
        h = self.act(self.fc1(x))
        h = self.act(self.fc2(h))
        return self.out(h)


def create_optimizers(g, d, lr_g=1e-3, lr_d=1e-3):
    """Returns the optimizer of the generator and that of the discriminator."""
    opt_g = torch.optim.Adam(g.parameters(), lr=lr_g, betas=(0.5, 0.999))
    opt_d = torch.optim.Adam(d.parameters(), lr=lr_d, betas=(0.5, 0.999))
    return opt_g, opt_d


def mixture(batch):
    while True:
        k = torch.randint(0, 8, (batch,)) * (math.pi / 4)
        yield 2 * torch.stack((k.cos(), k.sin()), 1) + torch.randn(batch, 2) * 0.1


def train(steps=4000, batch=64, z_dim=10, seed=7):
    random.seed(seed)
    torch.manual_seed(seed)
    G, D = Gen(z_dim), Disc()
    opt_g, opt_d = create_optimizers(G, D)
    mse = nn.MSELoss()
    ones = torch.ones(batch, 1)
    zeros = torch.zeros(batch, 1)

    for step, real in enumerate(itertools.islice(mixture(batch), steps)):
        # discriminator
        fake = G(torch.randn(batch, z_dim))
        pred_real = D(real)
        pred_fake = D(fake.detach())
        loss_d = 0.5 * (mse(pred_real, ones) + mse(pred_fake, zeros))
        opt_d.zero_grad()
        loss_d.backward()
        opt_d.step()

        # generator
        pred_fake = D(fake)
        loss_g = 0.5 * mse(pred_fake, ones)
        opt_g.zero_grad()
        loss_g.backward()
        opt_g.step()

        if step % 1000 == 0:
            print(f"{step}: D {loss_d.item():.3f} G {loss_g.item():.3f}")
    return G


if __name__ == "__main__":
    model = train()
    with torch.no_grad():
        torch.save(model(torch.randn(2500, 10)), "samples.pt")
