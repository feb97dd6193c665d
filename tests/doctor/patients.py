"""Small training scripts in several styles, with one part exchanged at a time."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

from ganlab.doctor.players.cast import Wanted
from ganlab.doctor.run.examiner import Enough, Examiner, Plan
from ganlab.doctor.run.report import report_of

PARTS = {
    "imports": "import math, torch, torch.nn as nn, torch.nn.functional as F",
    "seed": "torch.manual_seed(3)",
    "generator": """
class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 2))
    def forward(self, z):
        return self.net(z)
""",
    "discriminator": """
class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
    def forward(self, x):
        return self.net(x)
""",
    "build": "G, D = Generator(), Discriminator()",
    "optimizers": """
opt_g = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.999))
opt_d = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.999))
""",
    "loss": "criterion = nn.BCEWithLogitsLoss()",
    "helpers": """
ones, zeros = torch.ones(32, 1), torch.zeros(32, 1)
def sample():
    angle = torch.randint(0, 8, (32,)) * (2 * math.pi / 8)
    return torch.stack([angle.cos(), angle.sin()], 1) + 0.02 * torch.randn(32, 2)
def noise():
    return torch.randn(32, 8)
""",
    "d_step": """
    opt_d.zero_grad()
    fake = G(noise())
    d_loss = criterion(D(sample()), ones) + criterion(D(fake.detach()), zeros)
    d_loss.backward()
    opt_d.step()
""",
    "g_step": """
    opt_g.zero_grad()
    g_loss = criterion(D(G(noise())), ones)
    g_loss.backward()
    opt_g.step()
""",
    "after": "",
}
CRITIC = """
    opt_d.zero_grad()
    d_loss = D(G(noise()).detach()).mean() - D(sample()).mean()
    d_loss.backward()
    opt_d.step()
"""
CRITIC_G = """
    opt_g.zero_grad()
    g_loss = -D(G(noise())).mean()
    g_loss.backward()
    opt_g.step()
"""
ORDER = ("imports", "seed", "generator", "discriminator", "build", "optimizers", "loss", "helpers")


def script(steps: int = 40, **parts: str) -> str:
    """The source of a training script with these parts exchanged."""
    chosen = PARTS | parts
    head = "\n".join(chosen[name] for name in ORDER)
    loop = f"for step in range({steps}):\n{chosen['d_step']}{chosen['g_step']}"
    return f"{head}\n{loop}\n{chosen['after']}\n"


def examined(
    source: str, folder: Path, *, steps: int = 2000, wanted: Wanted | None = None
) -> dict[str, Any]:
    """Runs a script in this process under observation; its report, and its globals in "main"."""
    file = folder / "train.py"
    file.write_text(source)
    examiner = Examiner(folder, Plan(steps=steps, wanted=wanted or Wanted()))
    module = types.ModuleType("__main__")
    module.__file__ = str(file)
    before = sys.modules["__main__"]
    sys.modules["__main__"] = module
    code: int | None = 0
    error = kind = ""
    examiner.open()
    try:
        exec(compile(source, str(file), "exec"), module.__dict__)
    except Enough:
        code = None
    except Exception as raised:
        code, error, kind = 1, f"{type(raised).__name__}: {raised}", type(raised).__name__
    finally:
        examiner.close()
        report = report_of(examiner, code, error, kind)
        sys.modules["__main__"] = before
    assert report["internal_errors"] == []
    return report | {"main": module.__dict__}


def slugs(report: dict[str, Any], what: str = "causes") -> list[str]:
    """The named causes, best first."""
    return [row["slug"] for row in report[what]]
