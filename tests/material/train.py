"""A GAN on the eight points of a ring, with one mistake in it. `ganlab doctor` names the line."""

import math

import torch
from torch import nn

torch.manual_seed(0)
generator = nn.Sequential(nn.Linear(8, 128), nn.ReLU(), nn.Linear(128, 2))
discriminator = nn.Sequential(nn.Linear(2, 128), nn.LeakyReLU(0.2), nn.Linear(128, 1))
optimiser_g = torch.optim.Adam(generator.parameters(), lr=1e-3, betas=(0.5, 0.999))
optimiser_d = torch.optim.Adam(discriminator.parameters(), lr=1e-3, betas=(0.5, 0.999))
loss = nn.BCEWithLogitsLoss()
ones, zeros = torch.ones(64, 1), torch.zeros(64, 1)

for _ in range(3000):
    angle = torch.randint(8, (64,)) * math.pi / 4
    real = torch.stack([angle.cos(), angle.sin()], 1) + 0.02 * torch.randn(64, 2)
    fake = generator(torch.randn(64, 8)).detach()

    optimiser_d.zero_grad()
    loss_d = loss(discriminator(real), ones) + loss(discriminator(fake), zeros)
    loss_d.backward()
    optimiser_d.step()

    optimiser_g.zero_grad()
    loss_g = loss(discriminator(fake), ones)
    loss_g.backward()
    optimiser_g.step()
