import torch
import torch.autograd as autograd
import torch.nn as nn
import torch.optim as optim

torch.manual_seed(1)

DIM = 128
LAMBDA = 0.1
CRITIC_ITERS = 3
BATCH_SIZE = 64
ITERS = 3200
NOISE = 2


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.Linear(NOISE, DIM),
            nn.ReLU(True),
            nn.Linear(DIM, DIM),
            nn.ReLU(True),
            nn.Linear(DIM, 2),
        )

    def forward(self, noise):
        return self.main(noise)


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.Linear(2, DIM),
            nn.ReLU(True),
            nn.Linear(DIM, DIM),
            nn.ReLU(True),
            nn.Linear(DIM, 1),
        )

    def forward(self, inputs):
        return self.main(inputs).view(-1)


def inf_train_gen():
    import math

    angles = torch.arange(8) * (2 * math.pi / 8)
    centers = torch.stack([2 * angles.cos(), 2 * angles.sin()], dim=1)
    while True:
        yield centers[torch.randint(0, 8, (BATCH_SIZE,))] + 0.1 * torch.randn(BATCH_SIZE, 2)


def calc_gradient_penalty(critic, real_data, fake_data):
    alpha = torch.rand(BATCH_SIZE, 1)
    interpolates = (alpha * real_data + (1 - alpha) * fake_data).requires_grad_(True)
    scores = critic(interpolates)
    gradients = autograd.grad(
        outputs=scores,
        inputs=interpolates,
        grad_outputs=torch.ones_like(scores),
        create_graph=True,
        retain_graph=True,
        only_inputs=True,
    )[0]
    return ((gradients.norm(2, dim=1) - 1) ** 2).mean() * LAMBDA


generator = Generator()
critic = Critic()
optimizer_critic = optim.Adam(critic.parameters(), lr=5e-4, betas=(0.5, 0.9))
optimizer_gen = optim.Adam(generator.parameters(), lr=5e-4, betas=(0.5, 0.9))
data = inf_train_gen()

for iteration in range(ITERS):
    for p in critic.parameters():
        p.requires_grad = True
    for _ in range(CRITIC_ITERS):
        real = next(data)
        critic.zero_grad()
        D_real = critic(real).mean()
        with torch.no_grad():
            fake = generator(torch.randn(BATCH_SIZE, NOISE))
        D_fake = critic(fake).mean()
        gradient_penalty = calc_gradient_penalty(critic, real, fake)
        D_cost = D_fake - D_real + gradient_penalty
        D_cost.backward()
        optimizer_critic.step()

    for p in critic.parameters():
        p.requires_grad = False
    generator.zero_grad()
    G_cost = -critic(generator(torch.randn(BATCH_SIZE, NOISE))).mean()
    G_cost.backward()
    optimizer_gen.step()

    if iteration % 500 == 0:
        print(iteration, "W:", (D_real - D_fake).item(), "GP:", gradient_penalty.item())

with torch.no_grad():
    torch.save(generator(torch.randn(2500, NOISE)), "samples.pt")
