import torch
from torch import nn

torch.manual_seed(55)
PI = 3.14159265


def points(n):
    a = torch.randint(8, (n, 1)) * PI / 4
    return torch.cat([torch.cos(a), torch.sin(a)], 1) * 2 + torch.randn(n, 2) * 0.1


class Block(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.lin = nn.Linear(i, o)

    def forward(self, x):
        return nn.functional.leaky_relu(self.lin(x), 0.2)


faker = nn.Sequential(Block(5, 90), Block(90, 90), nn.Linear(90, 2))
judge = nn.Sequential(Block(2, 90), Block(90, 90), nn.Linear(90, 1))
opt_faker = torch.optim.Adam(faker.parameters(), lr=7e-4, betas=(0.5, 0.99))
opt_judge = torch.optim.Adam(judge.parameters(), lr=1e-3, betas=(0.5, 0.99))
bce = nn.BCEWithLogitsLoss()
n = 80
real_y, fake_y = torch.ones(n, 1), torch.zeros(n, 1)

for t in range(4000):
    x = points(n)
    made = faker(torch.randn(n, 5))

    judge.requires_grad_(False)
    loss_faker = bce(judge(made), real_y)
    judge.requires_grad_(True)
    loss_judge = bce(judge(x), real_y) + bce(judge(made.detach()), fake_y)

    opt_faker.zero_grad()
    opt_judge.zero_grad()
    (loss_faker + loss_judge).backward()
    opt_faker.step()
    opt_judge.step()

    if not t % 1000:
        print(t, loss_faker.item(), loss_judge.item())

torch.save(faker(torch.randn(2500, 5)).detach(), "samples.pt")
