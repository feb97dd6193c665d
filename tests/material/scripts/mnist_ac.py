import os

import torch
import torch.nn as nn
from torchvision.datasets import MNIST

torch.manual_seed(2)

latent_dim, n_classes, batch_size = 32, 10, 64
n_steps = 3500
lr = 0.0005

train_set = MNIST(os.environ.get("GANLAB_DATA", "data"), train=True, download=False)
all_images = (train_set.data.float() / 255.0 - 0.5) / 0.5
all_labels = train_set.targets


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.label_emb = nn.Embedding(n_classes, latent_dim)
        self.body = nn.Sequential(
            nn.Linear(latent_dim, 128), nn.ReLU(), nn.Linear(128, 256), nn.BatchNorm1d(256),
            nn.ReLU(), nn.Linear(256, 784), nn.Tanh(),
        )

    def forward(self, noise, labels):
        return self.body(torch.mul(self.label_emb(labels), noise)).view(-1, 1, 28, 28)


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Flatten(), nn.Linear(784, 160), nn.LeakyReLU(0.2), nn.Dropout(0.25),
            nn.Linear(160, 96), nn.LeakyReLU(0.2),
        )
        self.adv_layer = nn.Sequential(nn.Linear(96, 1), nn.Sigmoid())
        self.aux_layer = nn.Sequential(nn.Linear(96, n_classes))

    def forward(self, img):
        h = self.trunk(img)
        return self.adv_layer(h), self.aux_layer(h)


generator, discriminator = Generator(), Discriminator()
adversarial_loss = nn.BCELoss()
auxiliary_loss = nn.CrossEntropyLoss()
optimizer_G = torch.optim.Adam(generator.parameters(), lr=lr, betas=(0.5, 0.999))
optimizer_D = torch.optim.Adam(discriminator.parameters(), lr=lr, betas=(0.5, 0.999))

valid = torch.ones(batch_size, 1)
fake = torch.zeros(batch_size, 1)

for step in range(n_steps):
    idx = torch.randint(0, len(all_images), (batch_size,))
    real_imgs, labels = all_images[idx].unsqueeze(1), all_labels[idx]

    # Train Generator
    optimizer_G.zero_grad()
    z = torch.randn(batch_size, latent_dim)
    gen_labels = torch.randint(0, n_classes, (batch_size,))
    gen_imgs = generator(z, gen_labels)
    validity, pred_label = discriminator(gen_imgs)
    g_loss = 0.5 * (adversarial_loss(validity, valid) + auxiliary_loss(pred_label, gen_labels))
    g_loss.backward()
    optimizer_G.step()

    # Train Discriminator
    optimizer_D.zero_grad()
    real_pred, real_aux = discriminator(real_imgs)
    d_real_loss = (adversarial_loss(real_pred, valid) + auxiliary_loss(real_aux, labels)) / 2
    fake_pred, fake_aux = discriminator(gen_imgs.detach())
    d_fake_loss = (adversarial_loss(fake_pred, fake) + auxiliary_loss(fake_aux, gen_labels)) / 2
    d_loss = (d_real_loss + d_fake_loss) / 2
    d_loss.backward()
    optimizer_D.step()

    if step % 250 == 0:
        acc = (real_aux.argmax(1) == labels).float().mean().item()
        print("[%d] [D loss: %f, acc: %d%%] [G loss: %f]" % (step, d_loss, 100 * acc, g_loss))

labels = torch.arange(256) % n_classes
torch.save((generator(torch.randn(256, latent_dim), labels).detach(), labels), "samples.pt")
