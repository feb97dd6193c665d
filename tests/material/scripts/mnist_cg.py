import os

import torch
from torch import nn, optim
from torchvision import datasets, transforms

Z, CLASSES, BATCH = 50, 10, 64
MAX_STEPS = 3300


class ConditionalGenerator(nn.Module):
    def __init__(self):
        super().__init__()
        self.label_emb = nn.Embedding(CLASSES, CLASSES)
        self.model = nn.Sequential(
            nn.Linear(Z + CLASSES, 128),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Linear(128, 256),
            nn.BatchNorm1d(256),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Linear(256, 784),
            nn.Tanh(),
        )

    def forward(self, z, labels):
        return self.model(torch.cat([z, self.label_emb(labels)], 1)).view(-1, 28, 28)


class ConditionalDiscriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.label_emb = nn.Embedding(CLASSES, CLASSES)
        self.model = nn.Sequential(
            nn.Linear(784 + CLASSES, 128),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Dropout(0.3),
            nn.Linear(128, 64),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Dropout(0.3),
            nn.Linear(64, 1),
            nn.Sigmoid(),
        )

    def forward(self, x, labels):
        return self.model(torch.cat([x.view(-1, 784), self.label_emb(labels)], 1)).squeeze()


def generator_train_step(batch_size, D, G, g_optimizer, criterion):
    g_optimizer.zero_grad()
    z = torch.randn(batch_size, Z)
    fake_labels = torch.randint(0, CLASSES, (batch_size,))
    fake_images = G(z, fake_labels)
    validity = D(fake_images, fake_labels)
    g_loss = criterion(validity, torch.ones(batch_size))
    g_loss.backward()
    g_optimizer.step()
    return g_loss.item()


def discriminator_train_step(batch_size, D, G, d_optimizer, criterion, real_images, labels):
    d_optimizer.zero_grad()
    real_validity = D(real_images, labels)
    real_loss = criterion(real_validity, torch.ones(batch_size))
    z = torch.randn(batch_size, Z)
    fake_labels = torch.randint(0, CLASSES, (batch_size,))
    fake_images = G(z, fake_labels)
    fake_validity = D(fake_images, fake_labels)
    fake_loss = criterion(fake_validity, torch.zeros(batch_size))
    d_loss = real_loss + fake_loss
    d_loss.backward()
    d_optimizer.step()
    return d_loss.item()


def main():
    torch.manual_seed(64)
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    dataset = datasets.MNIST(
        os.environ.get("GANLAB_DATA", "data"), train=True, transform=transform, download=False
    )
    loader = torch.utils.data.DataLoader(dataset, batch_size=BATCH, shuffle=True, drop_last=True)
    G, D = ConditionalGenerator(), ConditionalDiscriminator()
    criterion = nn.BCELoss()
    d_optimizer = optim.Adam(D.parameters(), lr=4e-4, betas=(0.5, 0.999))
    g_optimizer = optim.Adam(G.parameters(), lr=6e-4, betas=(0.5, 0.999))
    step = 0
    while step < MAX_STEPS:
        for images, labels in loader:
            d_loss = discriminator_train_step(
                len(images), D, G, d_optimizer, criterion, images, labels
            )
            g_loss = generator_train_step(len(images), D, G, g_optimizer, criterion)
            step += 1
            if step % 300 == 0:
                print("step: {}, g_loss: {}, d_loss: {}".format(step, g_loss, d_loss))
            if step >= MAX_STEPS:
                break
    labels = torch.arange(256) % CLASSES
    torch.save((G(torch.randn(256, Z), labels).detach(), labels), "samples.pt")


main()
