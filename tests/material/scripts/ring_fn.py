import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

rng = np.random.default_rng(5)
torch.manual_seed(5)

STEPS = 4000
BATCH = 96
Z = 8


def real_batch(n=BATCH):
    k = rng.integers(0, 8, size=n)
    xy = np.stack([np.cos(k * np.pi / 4), np.sin(k * np.pi / 4)], axis=1) * 2.0
    return torch.from_numpy(xy + 0.1 * rng.standard_normal((n, 2))).float()


def latent(n=BATCH):
    return torch.from_numpy(rng.standard_normal((n, Z))).float()


def build(n_in, n_out, width=100):
    return nn.Sequential(
        nn.Linear(n_in, width),
        nn.ReLU(),
        nn.Linear(width, width),
        nn.ReLU(),
        nn.Linear(width, n_out),
    )


def d_loss_fn(real_score, fake_score):
    return F.softplus(-real_score).mean() + F.softplus(fake_score).mean()


def g_loss_fn(fake_score):
    return F.softplus(-fake_score).mean()


def make_steps(gen, disc, lr=1e-3):
    g_opt = torch.optim.Adam(gen.parameters(), lr, betas=(0.5, 0.999))
    d_opt = torch.optim.Adam(disc.parameters(), lr, betas=(0.5, 0.999))

    def train_d():
        d_opt.zero_grad(set_to_none=True)
        fake = gen(latent()).detach()
        loss = d_loss_fn(disc(real_batch()), disc(fake))
        loss.backward()
        d_opt.step()
        return loss

    def train_g():
        g_opt.zero_grad(set_to_none=True)
        loss = g_loss_fn(disc(gen(latent())))
        loss.backward()
        g_opt.step()
        return loss

    return train_d, train_g


def run():
    gen, disc = build(Z, 2), build(2, 1)
    train_d, train_g = make_steps(gen, disc)
    for it in range(STEPS):
        ld = train_d()
        lg = train_g()
        if it % 1000 == 0:
            print(it, round(ld.item(), 4), round(lg.item(), 4))
    with torch.no_grad():
        np.save("samples.npy", gen(latent(2500)).numpy())


run()
