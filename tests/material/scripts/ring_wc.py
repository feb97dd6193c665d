import argparse

import numpy as np
import torch
import torch.nn as nn
from torch.autograd import Variable

parser = argparse.ArgumentParser()
parser.add_argument("--niter", type=int, default=3200, help="generator iterations")
parser.add_argument("--batchSize", type=int, default=64)
parser.add_argument("--nz", type=int, default=8)
parser.add_argument("--lrD", type=float, default=0.0005)
parser.add_argument("--lrG", type=float, default=0.0005)
parser.add_argument("--clamp", type=float, default=0.1)
parser.add_argument("--Diters", type=int, default=4, help="number of D iters per each G iter")
parser.add_argument("--manualSeed", type=int, default=21)
opt = parser.parse_args()
print(opt)

np.random.seed(opt.manualSeed)
torch.manual_seed(opt.manualSeed)


def ring(n):
    a = np.random.randint(8, size=n) * np.pi / 4
    p = 2 * np.c_[np.cos(a), np.sin(a)] + 0.2 * np.random.randn(n, 2)
    return torch.FloatTensor(p)


class MLP_G(nn.Module):
    def __init__(self, nz, nh):
        super().__init__()
        self.main = nn.Sequential(
            nn.Linear(nz, nh), nn.ReLU(True), nn.Linear(nh, nh), nn.ReLU(True), nn.Linear(nh, 2)
        )

    def forward(self, x):
        return self.main(x)


class MLP_D(nn.Module):
    def __init__(self, nh):
        super().__init__()
        self.main = nn.Sequential(
            nn.Linear(2, nh),
            nn.ReLU(True),
            nn.Linear(nh, nh),
            nn.ReLU(True),
            nn.Linear(nh, 1),
        )

    def forward(self, x):
        return self.main(x)


netG = MLP_G(opt.nz, 128)
netD = MLP_D(128)

optimizerD = torch.optim.RMSprop(netD.parameters(), lr=opt.lrD)
optimizerG = torch.optim.RMSprop(netG.parameters(), lr=opt.lrG)

for gen_iterations in range(opt.niter):
    ############################
    # (1) Update D network
    ###########################
    for j in range(opt.Diters):
        for p in netD.parameters():
            p.data.clamp_(-opt.clamp, opt.clamp)
        netD.zero_grad()
        inputv = Variable(ring(opt.batchSize))
        errD_real = netD(inputv).mean()
        noisev = Variable(torch.randn(opt.batchSize, opt.nz))
        fake = Variable(netG(noisev).data)
        errD_fake = netD(fake).mean()
        errD = errD_fake - errD_real
        errD.backward()
        optimizerD.step()

    ############################
    # (2) Update G network
    ###########################
    netG.zero_grad()
    noisev = Variable(torch.randn(opt.batchSize, opt.nz))
    fake = netG(noisev)
    errG = -netD(fake).mean()
    errG.backward()
    optimizerG.step()

    if gen_iterations % 500 == 0:
        print(
            "[%d/%d] Loss_D: %f Loss_G: %f Loss_D_real: %f Loss_D_fake %f"
            % (gen_iterations, opt.niter, errD.item(), errG.item(), errD_real.item(),
               errD_fake.item())
        )

torch.save(netG(torch.randn(2500, opt.nz)).detach(), "samples.pt")
