import math
import os

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils import spectral_norm
from torch.utils.data import DataLoader, TensorDataset

SEED = 123
Z_DIM = 16
N_DIS = 2
TOTAL = 3200
torch.manual_seed(SEED)


def make_dataset(n=20000):
    k = torch.randint(0, 8, (n,)) * (2 * math.pi / 8)
    return TensorDataset(2 * torch.stack([k.cos(), k.sin()], 1) + 0.1 * torch.randn(n, 2))


def infinite(loader):
    while True:
        for (batch,) in loader:
            yield batch


class GeneratorNet(nn.Module):
    def __init__(self, ch=96):
        super().__init__()
        self.l1 = nn.Linear(Z_DIM, ch)
        self.l2 = nn.Linear(ch, ch)
        self.l3 = nn.Linear(ch, 2)

    def forward(self, z):
        return self.l3(F.relu(self.l2(F.relu(self.l1(z)))))


class DiscriminatorNet(nn.Module):
    def __init__(self, ch=96):
        super().__init__()
        self.l1 = spectral_norm(nn.Linear(2, ch))
        self.l2 = spectral_norm(nn.Linear(ch, ch))
        self.l3 = spectral_norm(nn.Linear(ch, 1))

    def forward(self, x):
        h = F.leaky_relu(self.l1(x), 0.1)
        h = F.leaky_relu(self.l2(h), 0.1)
        return self.l3(h) * 10


def loss_hinge_dis(dis_fake, dis_real):
    return torch.mean(F.relu(1.0 - dis_real)) + torch.mean(F.relu(1.0 + dis_fake))


def loss_hinge_gen(dis_fake):
    return -torch.mean(dis_fake)


def train():
    gen, dis = GeneratorNet(), DiscriminatorNet()
    opt_gen = torch.optim.Adam(gen.parameters(), lr=5e-4, betas=(0.0, 0.9))
    opt_dis = torch.optim.Adam(dis.parameters(), lr=1e-3, betas=(0.0, 0.9))
    scaler = torch.amp.GradScaler("cpu", enabled=False)
    batches = infinite(DataLoader(make_dataset(), batch_size=64, shuffle=True, drop_last=True))

    for n_iter in range(1, TOTAL + 1):
        for _ in range(N_DIS):
            x_real = next(batches)
            opt_dis.zero_grad()
            with torch.autocast("cpu", dtype=torch.bfloat16):
                with torch.no_grad():
                    x_fake = gen(torch.randn(x_real.size(0), Z_DIM))
                loss_dis = loss_hinge_dis(dis(x_fake).float(), dis(x_real).float())
            scaler.scale(loss_dis).backward()
            scaler.step(opt_dis)

        opt_gen.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss_gen = loss_hinge_gen(dis(gen(torch.randn(64, Z_DIM))).float())
        scaler.scale(loss_gen).backward()
        scaler.step(opt_gen)
        scaler.update()

        if n_iter % 800 == 0:
            print("iteration: %05d loss gen: %.4f loss dis: %.4f" % (n_iter, loss_gen, loss_dis))

    os.makedirs("results", exist_ok=True)
    with torch.no_grad():
        torch.save(gen(torch.randn(2500, Z_DIM)), "results/samples.pt")


train()
