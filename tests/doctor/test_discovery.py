"""The pair is found in every style that people write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ganlab.doctor.players.cast import Wanted
from tests.doctor.patients import PARTS, examined, script

CLOSURES = {
    "generator": "g1, g2 = nn.Linear(8, 32), nn.Linear(32, 2)\ndef G(z): return g2(F.relu(g1(z)))",
    "discriminator": "d1, d2 = nn.Linear(2, 32), nn.Linear(32, 1)\n"
    "def D(x): return d2(F.leaky_relu(d1(x), 0.2))",
    "build": "",
    "optimizers": """
opt_g = torch.optim.Adam([*g1.parameters(), *g2.parameters()], lr=1e-3, betas=(0.5, 0.999))
opt_d = torch.optim.Adam([*d1.parameters(), *d2.parameters()], lr=1e-3, betas=(0.5, 0.999))
""",
}
TENSORS = {
    "generator": "gw = [(0.3 * torch.randn(*s)).requires_grad_() for s in ((8, 32), (32, 2))]\n"
    "def G(z): return torch.relu(z @ gw[0]) @ gw[1]",
    "discriminator": "dw = [(0.3 * torch.randn(*s)).requires_grad_() for s in ((2, 32), (32, 1))]\n"
    "def D(x): return torch.relu(x @ dw[0]) @ dw[1]",
    "build": "",
    "optimizers": "opt_g, opt_d = torch.optim.Adam(gw, lr=1e-3), torch.optim.Adam(dw, lr=1e-3)",
}
TRAINER = {
    "build": """
class GAN:
    def __init__(self):
        self.generator, self.discriminator = Generator(), Discriminator()
gan = GAN()
G, D = gan.generator, gan.discriminator
"""
}
COMBINED_MODULE = {
    "build": PARTS["build"]
    + """
class Both(nn.Module):
    def __init__(self, g, d):
        super().__init__()
        self.g, self.d = g, d
    def forward(self, z):
        return self.d(self.g(z))
both = Both(G, D)
""",
    "g_step": PARTS["g_step"].replace("D(G(noise()))", "both(noise())"),
}
HEADS = {
    "discriminator": """
class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(2, 32), nn.LeakyReLU(0.2))
        self.adv, self.aux = nn.Linear(32, 1), nn.Linear(32, 8)
    def forward(self, x):
        h = self.body(x)
        return self.adv(h), self.aux(h)
""",
    "d_step": PARTS["d_step"]
    .replace("D(sample())", "D(sample())[0]")
    .replace("D(fake.detach())", "D(fake.detach())[0]"),
    "g_step": PARTS["g_step"].replace("D(G(noise()))", "D(G(noise()))[0]"),
}
TWO_BRANCHES = {
    "discriminator": """
class Branch(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(size, 24), nn.LeakyReLU(0.2), nn.Linear(24, 16))
    def forward(self, x):
        return F.leaky_relu(self.net(x), 0.2)
class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.fine, self.coarse, self.head = Branch(2), Branch(1), nn.Linear(32, 1)
    def forward(self, x):
        return self.head(torch.cat([self.fine(x), self.coarse(x.norm(dim=1, keepdim=True))], 1))
""",
}
TWO_DISCRIMINATORS = {
    "build": "G, D, D2 = Generator(), Discriminator(), Discriminator()",
    "optimizers": PARTS["optimizers"].replace(
        "Adam(D.parameters()", "Adam([*D.parameters(), *D2.parameters()]"
    ),
    "d_step": PARTS["d_step"].replace(
        "    d_loss.backward()",
        "    d_loss = d_loss + criterion(D2(sample().flip(1)), ones) "
        "+ criterion(D2(fake.detach().flip(1)), zeros)\n    d_loss.backward()",
    ),
    "g_step": PARTS["g_step"].replace(
        "    g_loss = criterion(D(G(noise())), ones)",
        "    fake = G(noise())\n"
        "    g_loss = criterion(D(fake), ones) + criterion(D2(fake.flip(1)), ones)",
    ),
}
CLASSIFYING = {  # ACGAN: a label into G, a classifier beside D's opinion
    "generator": """
class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(8, 8)
        self.net = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 2))
    def forward(self, z, label):
        return self.net(self.embed(label) * z)
""",
    "discriminator": HEADS["discriminator"],
    "helpers": PARTS["helpers"]
    + """
def labelled():
    label = torch.randint(0, 8, (32,))
    angle = label * (2 * math.pi / 8)
    return torch.stack([angle.cos(), angle.sin()], 1) + 0.02 * torch.randn(32, 2), label
def judged(x, target, label):
    opinion, kind = D(x)
    return (criterion(opinion, target) + F.cross_entropy(kind, label)) / 2
""",
    "d_step": """
    opt_d.zero_grad()
    real, label = labelled()
    wish = torch.randint(0, 8, (32,))
    fake = G(noise(), wish)
    d_loss = judged(real, ones, label) + judged(fake.detach(), zeros, wish)
    d_loss.backward()
    opt_d.step()
""",
    "g_step": """
    opt_g.zero_grad()
    wish = torch.randint(0, 8, (32,))
    g_loss = judged(G(noise(), wish), ones, wish)
    g_loss.backward()
    opt_g.step()
""",
}
INFORMED = {  # InfoGAN: part of z is recovered by a head of D, in a step of its own on both
    "discriminator": HEADS["discriminator"].replace("nn.Linear(32, 8)", "nn.Linear(32, 2)"),
    "optimizers": PARTS["optimizers"]
    + "opt_info = torch.optim.Adam([*G.parameters(), *D.parameters()], lr=1e-3)\n",
    "d_step": HEADS["d_step"],
    "g_step": HEADS["g_step"]
    + """
    opt_info.zero_grad()
    code = torch.rand(32, 2) * 2 - 1
    F.mse_loss(D(G(torch.cat([noise()[:, :6], code], 1)))[1], code).backward()
    opt_info.step()
""",
}
FRONT_END = {  # InfoGAN again, as modules of their own behind a shared front end
    "discriminator": """
front = nn.Sequential(nn.Linear(2, 32), nn.LeakyReLU(0.2), nn.Linear(32, 16), nn.LeakyReLU(0.2))
head, guess = nn.Sequential(nn.Linear(16, 1)), nn.Sequential(nn.Linear(16, 2))
""",
    "build": "G = Generator()",
    "optimizers": """
opt_g = torch.optim.Adam([*G.parameters(), *guess.parameters()], lr=1e-3, betas=(0.5, 0.999))
opt_d = torch.optim.Adam([*front.parameters(), *head.parameters()], lr=1e-3, betas=(0.5, 0.999))
""",
    "d_step": PARTS["d_step"]
    .replace("D(sample())", "head(front(sample()))")
    .replace("D(fake.detach())", "head(front(fake.detach()))"),
    "g_step": """
    opt_g.zero_grad()
    code = torch.rand(32, 2) * 2 - 1
    seen = front(G(torch.cat([noise()[:, :6], code], 1)))
    g_loss = criterion(head(seen), ones) + F.mse_loss(guess(seen), code)
    g_loss.backward()
    opt_g.step()
""",
}
GROUPS = {  # an optimiser for each block
    "generator": """
class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.rest = nn.Sequential(nn.Linear(8, 32), nn.ReLU()), nn.Linear(32, 2)
    def forward(self, z):
        return self.rest(self.first(z))
""",
    "discriminator": """
class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(2, 32), nn.LeakyReLU(0.2))
        self.head = nn.Sequential(nn.Linear(32, 1))
    def forward(self, x):
        return self.head(self.body(x))
""",
    "optimizers": """
adam = lambda part: torch.optim.Adam(part.parameters(), lr=1e-3, betas=(0.5, 0.999))
for_g, for_d = [adam(G.first), adam(G.rest)], [adam(D.body), adam(D.head)]
""",
    **{
        f"{name}_step": PARTS[f"{name}_step"]
        .replace(f"opt_{name}.zero_grad()", f"for o in for_{name}: o.zero_grad()")
        .replace(f"opt_{name}.step()", f"for o in for_{name}: o.step()")
        for name in ("g", "d")
    },
}
IN_TURNS = {  # one optimiser that moves whoever has gradients
    "optimizers": "opt_d = opt_g = torch.optim.Adam([*G.parameters(), *D.parameters()], lr=1e-3)",
    "g_step": PARTS["g_step"].replace(
        "    opt_g.step()", "    for p in D.parameters(): p.grad = None\n    opt_g.step()"
    ),
}
BY_HAND = {  # gradients taken and put in place by the script
    name: PARTS[name].replace(
        f"    {name[0]}_loss.backward()\n",
        f"    own = list({name[0].upper()}.parameters())\n"
        f"    for p, g in zip(own, torch.autograd.grad({name[0]}_loss, own)): p.grad = g\n",
    )
    for name in ("g_step", "d_step")
}
CHOSEN = {  # fakes stay attached, each loss goes to its own player, both step at the end
    "d_step": PARTS["d_step"]
    .replace("fake.detach()", "fake")
    .replace("backward()", "backward(inputs=list(D.parameters()), retain_graph=True)")
    .replace("    opt_d.step()\n", ""),
    "g_step": PARTS["g_step"]
    .replace("D(G(noise()))", "D(fake)")
    .replace("backward()", "backward(inputs=list(G.parameters()))")
    + "    opt_d.step()\n",
}
SHUFFLED = {  # one labelled batch in random order; no batch norm, so no harm
    "d_step": """
    opt_d.zero_grad()
    order = torch.randperm(64)
    both = torch.cat([sample(), G(noise()).detach()])[order]
    d_loss = criterion(D(both), torch.cat([ones, zeros])[order])
    d_loss.backward()
    opt_d.step()
"""
}
SHARED_INFO = {
    "optimizers": PARTS["optimizers"]
    + "opt_info = torch.optim.Adam([*G.parameters(), *D.parameters()], lr=1e-4)\n",
    "g_step": PARTS["g_step"]
    + "    opt_info.zero_grad()\n"
    + "    D(G(noise())).square().mean().backward()\n    opt_info.step()\n",
}
TWO_GENERATORS = {
    "build": "G, G2, D = Generator(), Generator(), Discriminator()",
    "optimizers": PARTS["optimizers"].replace(
        "Adam(G.parameters()", "Adam([*G.parameters(), *G2.parameters()]"
    ),
    "g_step": PARTS["g_step"].replace(
        "criterion(D(G(noise())), ones)",
        "criterion(D(G(noise())), ones) + criterion(D(G2(noise())), ones)",
    ),
}
G_FIRST = {
    "d_step": PARTS["g_step"]
    .replace("D(G(noise()))", "D(fake)")
    .replace("    opt_g.zero_grad()\n", "    opt_g.zero_grad()\n    fake = G(noise())\n"),
    "g_step": PARTS["d_step"].replace("    fake = G(noise())\n", ""),
}
WORKERS = {
    "helpers": PARTS["helpers"]
    + """
class Points(torch.utils.data.Dataset):
    def __len__(self):
        return 32 * 40
    def __getitem__(self, i):
        return torch.randn(2)
loader = iter(torch.utils.data.DataLoader(Points(), batch_size=32, num_workers=2))
def sample():
    return next(loader)
""",
    "after": "del loader",  # or its workers would live on beside other tests
}
ONE_BACKWARD = {
    "d_step": """
    opt_d.zero_grad(); opt_g.zero_grad()
    fake = G(noise())
    d_loss = criterion(D(sample()), ones) + criterion(D(fake.detach()), zeros)
    for p in D.parameters(): p.requires_grad_(False)
    g_loss = criterion(D(fake), ones)
    for p in D.parameters(): p.requires_grad_(True)
    (d_loss + g_loss).backward()
    opt_d.step(); opt_g.step()
""",
    "g_step": "",
}
EMA = {
    "build": PARTS["build"] + "\nimport copy\naverage = copy.deepcopy(G).requires_grad_(False)",
    "g_step": PARTS["g_step"]
    + "    for a, p in zip(average.parameters(), G.parameters()):\n"
    + "        a.data.lerp_(p.data, 0.01)\n    average(noise())\n",
}
STYLES: dict[str, dict[str, Any]] = {
    "classes": {},
    "closures": CLOSURES,
    "plain tensors": TENSORS,
    "trainer class": TRAINER,
    "combined module": COMBINED_MODULE,
    "several heads": HEADS,
    "two branches in D": TWO_BRANCHES,
    "two discriminators": TWO_DISCRIMINATORS,
    "ACGAN": CLASSIFYING,
    "InfoGAN": INFORMED,
    "a front end with heads": FRONT_END,
    "an optimiser for each block": GROUPS,
    "one optimiser in turns": IN_TURNS,
    "gradients by hand": BY_HAND,
    "gradients for chosen inputs": CHOSEN,
    "one shuffled batch": SHUFFLED,
    "an optimiser on both as well": SHARED_INFO,
    "two generators": TWO_GENERATORS,
    "G first": G_FIRST,
    "one backward": ONE_BACKWARD,
    "moving average": EMA,
    "data parallel": {"build": "wrap = nn.DataParallel\n"
                               "G, D = wrap(Generator()), wrap(Discriminator())"},
    "spectral norm": {
        "discriminator": PARTS["discriminator"].replace(
            "nn.Linear(32, 1)", "nn.utils.parametrizations.spectral_norm(nn.Linear(32, 1))"
        )
    },
    "spectral norm in blocks of blocks": {
        "discriminator": """
from torch.nn.utils.parametrizations import spectral_norm
class Block(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.layer = spectral_norm(nn.Linear(size, 32))
    def forward(self, x):
        return F.leaky_relu(self.layer(x), 0.2)
class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.out = Block(2), Block(32), spectral_norm(nn.Linear(32, 1))
    def forward(self, x):
        return self.out(self.b(self.a(x)))
"""
    },
    "several critic steps": {
        "d_step": "    for _ in range(3):\n"
        + "".join(f"    {line}\n" for line in PARTS["d_step"].splitlines() if line)
    },
    "compiled": {"build": "G, D = torch.compile(Generator(), backend='eager'), "
                          "torch.compile(Discriminator(), backend='eager')"},
    "through numpy": {
        "d_step": PARTS["d_step"].replace(
            "D(fake.detach())", "D(torch.from_numpy(fake.detach().numpy().copy()))"
        )
    },
    "scaler": {
        "loss": PARTS["loss"] + "\nscaler = torch.amp.GradScaler('cpu')",
        "d_step": PARTS["d_step"].replace("d_loss.backward()", "scaler.scale(d_loss).backward()")
        .replace("opt_d.step()", "scaler.step(opt_d); scaler.update()"),
    },
    "no_grad fakes": {
        "d_step": PARTS["d_step"].replace(
            "    fake = G(noise())\n", "    with torch.no_grad():\n        fake = G(noise())\n"
        )
    },
    "both in one module, scored in one batch": {
        "build": """
class Both(nn.Module):
    def __init__(self):
        super().__init__()
        self.generator, self.discriminator = Generator(), Discriminator()
    def forward(self, z):
        return self.generator(z)
gan = Both()
""",
        "optimizers": PARTS["optimizers"].replace("G.", "gan.generator.")
        .replace("D.", "gan.discriminator."),
        "d_step": """
    opt_d.zero_grad()
    batch = torch.cat([sample(), gan(noise()).detach()])
    d_loss = criterion(gan.discriminator(batch), torch.cat([ones, zeros]))
    d_loss.backward()
    opt_d.step()
""",
        "g_step": PARTS["g_step"].replace("D(G(noise()))", "gan.discriminator(gan(noise()))"),
    },
    "loader workers": WORKERS,
    "a main function": {},
}  # fmt: skip
IN_PARTS = {"a front end with heads", "an optimiser for each block"}
MEMBERS = {"both in one module, scored in one batch"}  # known by their names in it
NAMELESS = {"closures", "plain tensors"}


@pytest.mark.filterwarnings("default:The .grad attribute")  # of the compiler itself
@pytest.mark.parametrize("style", STYLES)
def test_the_pair_is_found(style: str, tmp_path: Path) -> None:
    source = script(steps=30, **STYLES[style])
    if style == "a main function":
        lines = "".join(f"    {line}\n" for line in source.splitlines() if line)
        source = f"def main():\n{lines}\nmain()\n"
    report = examined(source, tmp_path)
    generator, discriminator = report["discovered"].values()
    assert generator and discriminator, report["reason"]
    if style not in NAMELESS:
        assert "enerator" in generator or "OptimizedModule" in generator or "Parallel" in generator
        names = {generator.split()[0], discriminator.split()[0]}
        if style in MEMBERS:
            assert names == {"gan.generator", "gan.discriminator"}
        else:
            assert generator.split()[0] in {"G", "gan.generator"}
            assert discriminator.split()[0] in {"D", "gan.discriminator", "front"}
    # A round goes by before it is known which modules are one network.
    assert report["steps"] in ((29, 30) if style in IN_PARTS else (30,))
    assert report["causes"] == []


G_FIRST_TWICE = G_FIRST | {
    "g_step": "    for _ in range(2):\n"
    + "".join(f"    {line}\n" for line in G_FIRST["g_step"].splitlines() if line)
}
FEW = PARTS["helpers"].replace(
    "def sample():",
    "KEPT = torch.randn(96, 2)\ndef sample(): return KEPT[torch.randperm(96)[:32]]\ndef old():",
)


TEAM = TWO_GENERATORS | {
    "d_step": PARTS["d_step"].replace(
        "    d_loss.backward()",
        "    d_loss = d_loss + criterion(D(G2(noise()).detach()), zeros)\n    d_loss.backward()",
    )
}


@pytest.mark.parametrize("order", [{}, G_FIRST, G_FIRST_TWICE, TEAM])
def test_older_fakes_and_those_of_a_further_generator_are_not_taken_for_data(
    order: dict[str, str], tmp_path: Path
) -> None:
    report = examined(script(steps=1200, helpers=FEW, **order), tmp_path)
    found = [row for row in report["causes"] + report["notes"] if row["slug"] == "too-few-images"]
    assert "Only about 96 different" in found[0]["evidence"][0]


def test_names_that_the_user_gives_decide(tmp_path: Path) -> None:
    report = examined(script(steps=30, **TWO_GENERATORS), tmp_path, wanted=Wanted("G2", "D"))
    assert report["discovered"]["generator"].startswith("G2")


def test_one_network_without_an_opponent_is_no_gan(tmp_path: Path) -> None:
    source = script(steps=30, g_step="", d_step="""
    opt_d.zero_grad()
    criterion(D(sample()), ones).backward()
    opt_d.step()
""")  # fmt: skip
    report = examined(source, tmp_path)
    assert report["verdict"] == "not-assessed"
    assert "no opponent" in report["reason"]


def test_a_script_that_trains_nothing_is_told_so(tmp_path: Path) -> None:
    report = examined("print('nothing')", tmp_path)
    assert "trained nothing" in report["reason"]
