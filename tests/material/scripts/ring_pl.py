"""Hand-rolled 'lightning': a module with training_step, and a tiny Trainer."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, IterableDataset


class Ring(IterableDataset):
    def __init__(self, length):
        self.length = length

    def __iter__(self):
        for _ in range(self.length):
            k = torch.randint(0, 8, ()) * (2 * math.pi / 8)
            yield torch.stack([k.cos(), k.sin()]) * 2 + torch.randn(2) * 0.1


class GAN(nn.Module):
    def __init__(self, latent_dim=12, lr=1e-3, b1=0.5, b2=0.999):
        super().__init__()
        self.latent_dim, self.lr, self.b1, self.b2 = latent_dim, lr, b1, b2
        self.generator = nn.Sequential(
            nn.Linear(latent_dim, 96), nn.ReLU(), nn.Linear(96, 96),
            nn.ReLU(), nn.Linear(96, 2),
        )
        self.discriminator = nn.Sequential(
            nn.Linear(2, 128), nn.LeakyReLU(0.2), nn.Linear(128, 128),
            nn.LeakyReLU(0.2), nn.Linear(128, 1),
        )

    def forward(self, z):
        return self.generator(z)

    def adversarial_loss(self, y_hat, y):
        return F.binary_cross_entropy_with_logits(y_hat, y)

    def training_step(self, batch, batch_idx, optimizer_idx):
        z = torch.randn(batch.shape[0], self.latent_dim).type_as(batch)
        if optimizer_idx == 0:
            valid = torch.ones(batch.size(0), 1)
            return self.adversarial_loss(self.discriminator(self(z)), valid)
        valid = torch.ones(batch.size(0), 1)
        real_loss = self.adversarial_loss(self.discriminator(batch), valid)
        fake = torch.zeros(batch.size(0), 1)
        fake_loss = self.adversarial_loss(self.discriminator(self(z).detach()), fake)
        return real_loss + fake_loss

    def configure_optimizers(self):
        opt_g = torch.optim.Adam(self.generator.parameters(), lr=self.lr, betas=(self.b1, self.b2))
        opt_d = torch.optim.Adam(
            self.discriminator.parameters(), lr=self.lr, betas=(self.b1, self.b2)
        )
        return [opt_g, opt_d]


class Trainer:
    def __init__(self, max_steps):
        self.max_steps = max_steps

    def fit(self, module, loader):
        module.train()
        optimizers = module.configure_optimizers()
        for batch_idx, batch in enumerate(loader):
            if batch_idx >= self.max_steps:
                break
            for optimizer_idx, optimizer in enumerate(optimizers):
                self.toggle(module, optimizers, optimizer_idx)
                loss = module.training_step(batch, batch_idx, optimizer_idx)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()

    def toggle(self, module, optimizers, active):
        for p in module.parameters():
            p.requires_grad_(False)
        for group in optimizers[active].param_groups:
            for p in group["params"]:
                p.requires_grad_(True)


def main():
    torch.manual_seed(40)
    model = GAN()
    trainer = Trainer(max_steps=3500)
    trainer.fit(model, DataLoader(Ring(3500 * 64), batch_size=64))
    with torch.no_grad():
        torch.save(model(torch.randn(2500, model.latent_dim)), "samples.pt")


if __name__ == "__main__":
    main()
