"""A small training script as a user would write it, and the end that a test wants for it."""

from __future__ import annotations

from pathlib import Path

RING = """
import math, sys, torch, torch.nn as nn
torch.manual_seed(0)
netG = nn.Sequential(nn.Linear(8, 64), nn.ReLU(), nn.Linear(64, 2))
netD = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1), nn.Sigmoid())
criterion = {criterion}
optG = torch.optim.Adam(netG.parameters(), lr=1e-3, betas=(0.5, 0.999))
optD = torch.optim.Adam(netD.parameters(), lr=1e-3, betas=(0.5, 0.999))
ones, zeros = torch.ones(64, 1), torch.zeros(64, 1)
for i in range({steps}):
    angle = torch.randint(0, 8, (64,)) * 2 * math.pi / 8
    real = torch.stack([angle.cos(), angle.sin()], 1) * 2 + torch.randn(64, 2) * 0.05
    optD.zero_grad()
    fake = netG(torch.randn(64, 8))
    loss_D = criterion(netD(real), ones) + criterion(netD(fake.detach()), zeros)
    loss_D.backward()
    optD.step()
    optG.zero_grad()
    loss_G = criterion(netD(netG(torch.randn(64, 8))), ones)
    loss_G.backward()
    optG.step()
    {end}
"""


def ring(
    folder: Path, *, steps: int = 80, criterion: str = "nn.BCELoss()", end: str = "pass"
) -> Path:
    """Writes ring.py there; `end` is the loop's last line."""
    script = folder / "ring.py"
    script.write_text(RING.format(steps=steps, criterion=criterion, end=end))
    return script
