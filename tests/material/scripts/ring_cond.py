import math

import torch
import torch.nn as nn

torch.manual_seed(17)

n_classes = 8
z_dim = 4
batch = 100
total = 4000


def one_hot(y):
    return nn.functional.one_hot(y, n_classes).float()


def sample_data(n):
    y = torch.randint(0, n_classes, (n,))
    t = y * (2 * math.pi / n_classes)
    return 2 * torch.stack([t.cos(), t.sin()], -1) + 0.1 * torch.randn(n, 2), y


class CondG(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(z_dim + n_classes, 100), nn.ReLU(), nn.Linear(100, 100), nn.ReLU(),
            nn.Linear(100, 2),
        )

    def forward(self, z, y):
        return self.net(torch.cat([z, one_hot(y)], 1))


class CondD(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(2 + n_classes, 100), nn.LeakyReLU(0.2), nn.Linear(100, 100),
            nn.LeakyReLU(0.2), nn.Linear(100, 1),
        )

    def forward(self, x, y):
        return self.net(torch.cat([x, one_hot(y)], 1))


G, D = CondG(), CondD()
optG = torch.optim.Adam(G.parameters(), 1e-3, (0.5, 0.999))
optD = torch.optim.Adam(D.parameters(), 1e-3, (0.5, 0.999))
bce = nn.BCEWithLogitsLoss()
real_t, fake_t = torch.ones(batch, 1), torch.zeros(batch, 1)

for step in range(total):
    x, y = sample_data(batch)
    z = torch.randn(batch, z_dim)
    x_fake = G(z, y)

    optD.zero_grad()
    lossD = bce(D(x, y), real_t) + bce(D(x_fake.detach(), y), fake_t)
    lossD.backward()
    optD.step()

    optG.zero_grad()
    y_g = torch.randint(0, n_classes, (batch,))
    lossG = bce(D(G(torch.randn(batch, z_dim), y_g), y_g), real_t)
    lossG.backward()
    optG.step()

    if step % 1000 == 0:
        print("step", step, "lossD", float(lossD), "lossG", float(lossG))

labels = torch.arange(2500) % n_classes
torch.save((G(torch.randn(2500, z_dim), labels).detach(), labels), "samples.pt")
