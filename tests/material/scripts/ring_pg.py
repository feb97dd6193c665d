import argparse
import math
import os

import numpy as np
import torch
import torch.nn as nn
from torch.autograd import Variable

os.makedirs("images", exist_ok=True)

parser = argparse.ArgumentParser()
parser.add_argument("--n_epochs", type=int, default=16, help="number of epochs of training")
parser.add_argument("--n_batches", type=int, default=250, help="batches in an epoch")
parser.add_argument("--batch_size", type=int, default=128, help="size of the batches")
parser.add_argument("--lr", type=float, default=0.001, help="adam: learning rate")
parser.add_argument("--b1", type=float, default=0.5, help="adam: decay of first order momentum")
parser.add_argument("--b2", type=float, default=0.999, help="adam: decay of second order momentum")
parser.add_argument("--latent_dim", type=int, default=8, help="dimensionality of the latent space")
parser.add_argument("--sample_interval", type=int, default=1000, help="interval between samples")
opt = parser.parse_args()

cuda = torch.cuda.is_available()
torch.manual_seed(11)
np.random.seed(11)


class Generator(nn.Module):
    def __init__(self):
        super(Generator, self).__init__()
        self.model = nn.Sequential(
            nn.Linear(opt.latent_dim, 96),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Linear(96, 96),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Linear(96, 2),
        )

    def forward(self, z):
        return self.model(z)


class Discriminator(nn.Module):
    def __init__(self):
        super(Discriminator, self).__init__()
        self.model = nn.Sequential(
            nn.Linear(2, 96),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Linear(96, 96),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Linear(96, 1),
            nn.Sigmoid(),
        )

    def forward(self, points):
        return self.model(points)


def next_points(n):
    angle = np.random.randint(0, 8, n) * (2 * math.pi / 8)
    centers = np.stack([2 * np.cos(angle), 2 * np.sin(angle)], 1)
    return centers + np.random.normal(0, 0.1, (n, 2))


# Loss function
adversarial_loss = torch.nn.BCELoss()

# Initialize generator and discriminator
generator = Generator()
discriminator = Discriminator()

if cuda:
    generator.cuda()
    discriminator.cuda()
    adversarial_loss.cuda()

# Optimizers
optimizer_G = torch.optim.Adam(generator.parameters(), lr=opt.lr, betas=(opt.b1, opt.b2))
optimizer_D = torch.optim.Adam(discriminator.parameters(), lr=opt.lr, betas=(opt.b1, opt.b2))

Tensor = torch.cuda.FloatTensor if cuda else torch.FloatTensor

# ----------
#  Training
# ----------

for epoch in range(opt.n_epochs):
    for i in range(opt.n_batches):
        points = next_points(opt.batch_size)

        # Adversarial ground truths
        valid = Variable(Tensor(points.shape[0], 1).fill_(1.0), requires_grad=False)
        fake = Variable(Tensor(points.shape[0], 1).fill_(0.0), requires_grad=False)

        # Configure input
        real_points = Variable(Tensor(points))

        # -----------------
        #  Train Generator
        # -----------------

        optimizer_G.zero_grad()

        # Sample noise as generator input
        z = Variable(Tensor(np.random.normal(0, 1, (points.shape[0], opt.latent_dim))))

        # Generate a batch
        gen_points = generator(z)

        # Loss measures generator's ability to fool the discriminator
        g_loss = adversarial_loss(discriminator(gen_points), valid)

        g_loss.backward()
        optimizer_G.step()

        # ---------------------
        #  Train Discriminator
        # ---------------------

        optimizer_D.zero_grad()

        # Measure discriminator's ability to classify real from generated samples
        real_loss = adversarial_loss(discriminator(real_points), valid)
        fake_loss = adversarial_loss(discriminator(gen_points.detach()), fake)
        d_loss = (real_loss + fake_loss) / 2

        d_loss.backward()
        optimizer_D.step()

        batches_done = epoch * opt.n_batches + i
        if batches_done % opt.sample_interval == 0:
            print(
                "[Epoch %d/%d] [Batch %d/%d] [D loss: %f] [G loss: %f]"
                % (epoch, opt.n_epochs, i, opt.n_batches, d_loss.item(), g_loss.item())
            )

z = Variable(Tensor(np.random.normal(0, 1, (2500, opt.latent_dim))))
np.save("images/samples.npy", generator(z).detach().cpu().numpy())
