"""Each wiring fault, written into a healthy script, is named with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.doctor.patients import CRITIC, CRITIC_G, PARTS, examined, script, slugs

SIGMOID_D = PARTS["discriminator"].replace("nn.Linear(32, 1))", "nn.Linear(32, 1), nn.Sigmoid())")
BATCH_NORM_D = PARTS["discriminator"].replace(
    "nn.LeakyReLU(0.2)", "nn.BatchNorm1d(32), nn.LeakyReLU(0.2)"
)
TANH_G = PARTS["generator"].replace("nn.Linear(32, 2))", "nn.Linear(32, 2), nn.Tanh())")
MIXED = """
    opt_d.zero_grad()
    both = torch.cat([sample(), G(noise()).detach()])
    d_loss = criterion(D(both), torch.cat([ones, zeros]))
    d_loss.backward()
    opt_d.step()
"""
PENALISED = """
    opt_d.zero_grad()
    real, fake = sample(), G(noise()).detach()
    mix = (0.5 * real + 0.5 * fake).requires_grad_()
    (slope,) = torch.autograd.grad(D(mix).sum(), mix, create_graph=True)
    penalty = 10.0 * ((slope.norm(2, dim={dim}) - 1) ** 2).mean()
    d_loss = D(fake).mean() - D(real).mean() + penalty
    d_loss.backward()
    opt_d.step()
"""
FLIPPED = PARTS["d_step"].replace(
    "criterion(D(sample()), ones) + criterion(D(fake.detach()), zeros)",
    "criterion(D(sample()), zeros) + criterion(D(fake.detach()), ones)",
)
FAULTS: dict[str, dict[str, Any]] = {
    "double-sigmoid": {"discriminator": SIGMOID_D},
    "swapped-labels": {"d_step": FLIPPED},
    "generator-sign": {"g_step": PARTS["g_step"].replace("ones)", "zeros)")},
    "generator-detached": {
        "g_step": PARTS["g_step"].replace("D(G(noise()))", "D(G(noise()).detach())")
    },
    "discriminator-not-stepped": {"d_step": PARTS["d_step"].replace("    opt_d.step()\n", "")},
    "generator-not-stepped": {"g_step": PARTS["g_step"].replace("    opt_g.step()\n", "")},
    "optimizer-wrong-parameters": {
        "optimizers": PARTS["optimizers"].replace("D.parameters()", "G.parameters()")
    },
    "optimizer-shared-parameters": {
        "optimizers": "both = [*G.parameters(), *D.parameters()]\n"
        "opt_g = opt_d = torch.optim.Adam(both, lr=1e-3)"
    },
    "discriminator-frozen": {"build": PARTS["build"] + "\nD.requires_grad_(False)",
                             "d_step": PARTS["d_step"].replace("fake.detach()", "fake")},
    "stale-gradients": {"d_step": PARTS["d_step"].replace("    opt_d.zero_grad()\n", "")},
    "fixed-noise": {"helpers": PARTS["helpers"] + "Z = torch.randn(32, 8)\ndef noise(): return Z"},
    "latent-mismatch": {"g_step": PARTS["g_step"].replace("noise()", "torch.rand(32, 8)")},
    "stale-fakes": {
        "helpers": PARTS["helpers"] + "\nOLD = G(noise()).detach()",
        "d_step": PARTS["d_step"].replace("fake.detach()", "OLD"),
    },
    "target-broadcast": {
        "loss": "criterion = nn.MSELoss()",
        "d_step": MIXED.replace("ones, zeros", "ones[:, 0], zeros[:, 0]"),
    },
    "range-mismatch": {
        "generator": TANH_G,
        "helpers": PARTS["helpers"].replace("torch.stack(", "100 * torch.stack("),
    },
    "no-lipschitz-control": {"d_step": CRITIC, "g_step": CRITIC_G},
    "critic-sign": {
        "d_step": CRITIC.replace(".mean() - D", ".mean() + D"),
        "g_step": CRITIC_G,
        "optimizers": PARTS["optimizers"],
    },
    "sigmoid-critic": {"d_step": CRITIC, "g_step": CRITIC_G, "discriminator": SIGMOID_D},
}  # fmt: skip


@pytest.mark.parametrize("slug", FAULTS)
@pytest.mark.filterwarnings("ignore:Using a target size")
def test_a_fault_is_named_first(slug: str, tmp_path: Path) -> None:
    report = examined(script(**FAULTS[slug]), tmp_path)
    assert report["verdict"] == "cause", report["reason"]
    assert slugs(report)[0] == slug
    top = report["causes"][0]
    assert top["evidence"] and top["fix"] and top["confidence"] > 0.6
    assert top["location"] is None or top["location"]["file"].endswith("train.py")


def test_a_table_of_two_batches_is_a_broadcast_too(tmp_path: Path) -> None:
    d_step = PARTS["d_step"].replace(
        "criterion(D(sample()), ones) + criterion(D(fake.detach()), zeros)",
        "criterion(torch.cat([D(sample()), D(fake.detach())]), torch.cat([ones, zeros])[:, 0])",
    )
    with pytest.warns(UserWarning, match="target size"):
        report = examined(script(loss="criterion = nn.MSELoss()", d_step=d_step), tmp_path)
    assert slugs(report)[:1] == ["target-broadcast"]


def test_a_missing_sigmoid_is_known_from_the_error_that_torch_raises(tmp_path: Path) -> None:
    report = examined(script(loss="criterion = nn.BCELoss()"), tmp_path)
    assert slugs(report)[:1] == ["missing-sigmoid"] or "between 0 and 1" in report["reason"]


@pytest.mark.parametrize(
    ("slug", "parts"),
    [
        ("batchnorm-mixed-batch", {"d_step": MIXED, "discriminator": BATCH_NORM_D}),
        (
            "batchnorm-eps",
            {"discriminator": BATCH_NORM_D.replace("BatchNorm1d(32)", "BatchNorm1d(32, 0.8)")},
        ),
        (
            "batchnorm-in-critic",
            {
                "discriminator": BATCH_NORM_D,
                "d_step": PENALISED.format(dim=1),
                "g_step": CRITIC_G,
            },
        ),
        ("gradient-penalty-norm", {"d_step": PENALISED.format(dim=0), "g_step": CRITIC_G}),
        (
            "gradient-penalty-norm",
            {
                "d_step": PENALISED.format(dim=1).replace(
                    "(0.5 * real + 0.5 * fake)", "torch.lerp(real, fake, torch.rand(32, 2))"
                ),
                "g_step": CRITIC_G,
            },
        ),
        (
            "target-broadcast",
            {
                "loss": "criterion = nn.MSELoss()",
                "helpers": PARTS["helpers"].replace(
                    "torch.ones(32, 1), torch.zeros(32, 1)", "torch.ones(32), torch.zeros(32)"
                ),
            },
        ),
        (
            "no-lipschitz-control",
            {
                "d_step": CRITIC.replace(
                    "    opt_d.step()",
                    "    for p in D.parameters(): p.data.clamp_(-0.1, 0.1)\n    opt_d.step()",
                ),
                "g_step": CRITIC_G,
            },
        ),
        (
            "stale-gradients",
            {
                "d_step": PARTS["d_step"].replace("    opt_d.zero_grad()\n", "")
                + "    opt_d.zero_grad()\n"
            },
        ),
        ("learning-rate-too-high", {"optimizers": PARTS["optimizers"].replace("1e-3", "6e-3")}),
    ],
)
@pytest.mark.filterwarnings("ignore:Using a target size")
def test_what_may_be_harmless_is_a_note_while_no_harm_is_seen(
    slug: str, parts: dict[str, Any], tmp_path: Path
) -> None:
    report = examined(script(**parts), tmp_path)
    assert slug in slugs(report) + slugs(report, "notes")


def test_a_healthy_script_is_not_slandered(tmp_path: Path) -> None:
    report = examined(script(steps=260), tmp_path)
    assert report["verdict"] == "healthy" and report["steps"] == 260
    assert report["notes"] == []
    assert "260" in report["reason"]


@pytest.mark.parametrize(
    "parts",
    [
        {"d_step": MIXED},
        {"d_step": FLIPPED, "g_step": PARTS["g_step"].replace("ones)", "zeros)")},
        {"d_step": PARTS["d_step"].replace("fake.detach()", "fake")},
        {"d_step": PENALISED.format(dim=1), "g_step": CRITIC_G},
        {
            "optimizers": "both = [*G.parameters(), *D.parameters()]\n"
            "opt = torch.optim.Adam(both, lr=1e-3, betas=(0.5, 0.999))",
            "d_step": """
    fake = G(noise())
    d_loss = criterion(D(sample()), ones) + criterion(D(fake.detach()), zeros)
    D.requires_grad_(False)
    g_loss = criterion(D(fake), ones)
    D.requires_grad_(True)
    opt.zero_grad()
    (d_loss + g_loss).backward()
    opt.step()
""",
            "g_step": "",
        },
        {
            "d_step": CRITIC + "    for p in D.parameters(): p.data.clamp_(-0.9, 0.9)\n",
            "g_step": CRITIC_G,
        },
        {
            "d_step": CRITIC + "    for p in D.parameters(): p.data = p.data.clamp(-0.1, 0.1)\n",
            "g_step": CRITIC_G,
        },
        {"loss": "criterion = nn.MSELoss()"},
        {
            "loss": "criterion = None",
            "d_step": PARTS["d_step"].replace(
                "criterion(D(sample()), ones) + criterion(D(fake.detach()), zeros)",
                "F.softplus(-D(sample())).mean() + F.softplus(D(fake.detach())).mean()",
            ),
            "g_step": PARTS["g_step"].replace(
                "criterion(D(G(noise())), ones)", "F.softplus(-D(G(noise()))).mean()"
            ),
        },
        {
            "d_step": PARTS["d_step"].replace(
                "criterion(D(sample()), ones) + criterion(D(fake.detach()), zeros)",
                "F.relu(1 - D(sample())).mean() + F.relu(1 + D(fake.detach())).mean()",
            ),
            "g_step": CRITIC_G,
        },
    ],
    ids=[
        "one batch without batch norm",
        "labels flipped by both",
        "no detach, zeroed",
        "wgan-gp",
        "one optimiser, losses apart",
        "clipping",
        "clipped copies put in their place",
        "least squares",
        "softplus by hand",
        "hinge",
    ],
)
def test_what_only_looks_wrong_is_no_cause(parts: dict[str, Any], tmp_path: Path) -> None:
    report = examined(script(steps=60, **parts), tmp_path)
    assert slugs(report) == [] and report["steps"] == 60


IMAGES = {
    "generator": TANH_G,
    "helpers": PARTS["helpers"].replace(
        "return torch.stack(", "return 127.5 + 127.5 * torch.stack("
    ),
}


def test_a_range_is_judged_by_what_d_sees_of_it(tmp_path: Path) -> None:
    scaled = {
        name: PARTS[name].replace("G(noise())", "(127.5 + 140 * G(noise()))")
        for name in ("d_step", "g_step")
    }
    report = examined(script(steps=60, **IMAGES, **scaled), tmp_path)
    assert "range-mismatch" not in slugs(report)
    assert slugs(examined(script(steps=60, **IMAGES), tmp_path))[:1] == ["range-mismatch"]


def test_a_range_is_judged_through_an_augmentation_too(tmp_path: Path) -> None:
    moved = PARTS["helpers"] + "\ndef moved(x): return x.roll(1, 0) + 0.05 * torch.randn(32, 2)\n"
    steps: dict[str, Any] = {
        "d_step": PARTS["d_step"]
        .replace("D(sample())", "D(moved(sample()))")
        .replace("D(fake.detach())", "D(moved(fake.detach()))"),
        "g_step": PARTS["g_step"].replace("D(G(noise()))", "D(moved(G(noise())))"),
    }
    wide = moved.replace("torch.stack(", "100 * torch.stack(")
    report = examined(script(generator=TANH_G, helpers=wide, **steps), tmp_path)
    assert slugs(report)[:1] == ["range-mismatch"]
    fitting = examined(script(generator=TANH_G, helpers=moved, **steps), tmp_path)
    assert "range-mismatch" not in slugs(fitting)


def noisy(strength: str) -> dict[str, Any]:
    """A tanh G, and a D whose inputs get noise in its own step."""
    d_step = PARTS["d_step"]
    for x in ("sample()", "fake.detach()"):
        d_step = d_step.replace(f"D({x})", f"D({x} + {strength} * torch.randn(32, 2))")
    return {"generator": TANH_G, "d_step": d_step}


def test_noise_on_both_inputs_is_no_range_mismatch(tmp_path: Path) -> None:
    assert slugs(examined(script(60, **noisy("0.3")), tmp_path)) == []


def test_data_kept_while_noise_lay_on_them_are_no_range_mismatch_when_it_is_gone(
    tmp_path: Path,
) -> None:
    report = examined(script(400, **noisy("max(0.0, 0.3 - step / 200)")), tmp_path)
    assert "range-mismatch" not in slugs(report)


def test_forward_and_backward_inside_a_step_are_seen(tmp_path: Path) -> None:
    d_step = """
    def lesson():
        opt_d.zero_grad()
        d_loss = criterion(D(sample()), zeros) + criterion(D(G(noise()).detach()), ones)
        d_loss.backward()
        return d_loss
    opt_d.step(lesson)
"""
    assert slugs(examined(script(d_step=d_step), tmp_path))[:1] == ["swapped-labels"]


STORE = """
class Labelled(torch.utils.data.Dataset):
    def __init__(self):
        with torch.no_grad():
            made = G(torch.randn(640, 8))
        real = torch.cat([sample() for _ in range(20)])
        self.rows = torch.cat([real, made])
        self.labels = torch.cat([torch.ones(640), torch.zeros(640)])
    def __len__(self):
        return 1280
    def __getitem__(self, i):
        return self.rows[i], self.labels[i]
def forever(data):
    while True:
        yield from torch.utils.data.DataLoader(data, batch_size=64, shuffle=True)
store = forever(Labelled())
"""


def test_a_store_of_old_fakes_is_known_by_its_age(tmp_path: Path) -> None:
    d_step = """
    opt_d.zero_grad()
    x, y = next(store)
    d_loss = criterion(D(x), y[:, None])
    d_loss.backward()
    opt_d.step()
"""
    source = script(steps=300, helpers=PARTS["helpers"] + STORE, d_step=d_step)
    report = examined(source, tmp_path)
    assert slugs(report)[:1] == ["stale-fakes"]
    assert "optimiser steps before" in report["causes"][0]["evidence"][0]


def test_a_plain_tensor_in_no_optimiser_is_missed(tmp_path: Path) -> None:
    source = script(
        steps=60,
        generator="gw = [(0.3 * torch.randn(*s)).requires_grad_() for s in ((8, 32), (32, 2))]\n"
        "def G(z): return torch.relu(z @ gw[0]) @ gw[1]",
        build="D = Discriminator()",
        optimizers=PARTS["optimizers"].replace("G.parameters()", "gw[:1]"),
    )
    report = examined(source, tmp_path)
    assert slugs(report)[:1] == ["parameters-not-optimised"]
    assert "1 parameters (64 numbers)" in report["causes"][0]["evidence"][0]


def test_a_fault_is_seen_where_gradients_are_put_in_place_by_hand(tmp_path: Path) -> None:
    by_hand: dict[str, Any] = {
        name: PARTS[name].replace(
            f"    {name[0]}_loss.backward()\n",
            f"    own = list({name[0].upper()}.parameters())\n"
            f"    for p, g in zip(own, torch.autograd.grad({name[0]}_loss, own)): p.grad = g\n",
        )
        for name in ("g_step", "d_step")
    }
    report = examined(script(discriminator=SIGMOID_D, **by_hand), tmp_path)
    assert slugs(report)[:1] == ["double-sigmoid"]


CONDITIONAL = """
def one_hot(label):
    table = torch.zeros(len(label), 8)
    table.scatter{end}(1, label[:, None], 1.0)
    return table
class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 2))
    def forward(self, z, label):
        return self.net(torch.cat([z, one_hot(label)], 1))
"""


@pytest.mark.parametrize(("end", "named"), [("", ["constant-condition"]), ("_", [])])
def test_a_label_that_changes_nothing_is_found_on_a_copy(
    end: str, named: list[str], tmp_path: Path
) -> None:
    given = {
        name: PARTS[name].replace("G(noise())", "G(noise(), torch.randint(0, 8, (32,)))")
        for name in ("d_step", "g_step")
    }
    source = script(steps=60, generator=CONDITIONAL.format(end=end), **given)
    assert slugs(examined(source, tmp_path))[:1] == named


def test_a_layer_put_in_after_the_optimiser_was_made_is_the_cause(tmp_path: Path) -> None:
    late = PARTS["optimizers"] + "\nG.net[2] = nn.Linear(32, 2)\n"
    report = examined(script(steps=60, optimizers=late), tmp_path)
    assert slugs(report)[:1] == ["parameters-not-optimised"]
    assert "stale-gradients" not in slugs(report)
