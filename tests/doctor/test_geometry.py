"""How batches lie to each other, and in how many directions data varies."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from ganlab.doctor.copies.dimension import intrinsic_dimension
from ganlab.doctor.copies.kept import _fingerprints
from ganlab.doctor.read.geometry import unevenness
from tests.doctor.patients import examined


def test_a_mixture_by_one_share_a_sample_is_told_from_one_for_each_number() -> None:
    torch.manual_seed(0)
    real, fake = torch.randn(32, 3, 4, 4), torch.randn(32, 3, 4, 4)
    by_sample = torch.lerp(fake, real, torch.rand(32, 1, 1, 1))
    by_number = torch.lerp(fake, real, torch.rand(32, 3, 4, 4))
    even, uneven = unevenness(by_sample, real, fake), unevenness(by_number, real, fake)
    assert even is not None and even < 0.01
    assert uneven == pytest.approx(0.29, abs=0.05)


def test_what_does_not_lie_between_is_no_mixture() -> None:
    assert unevenness(torch.full((8, 2), 9.0), torch.randn(8, 2), torch.randn(8, 2)) is None


@pytest.mark.parametrize("directions", [1, 2, 6])
def test_directions_are_counted_in_the_data_not_in_its_numbers(directions: int) -> None:
    torch.manual_seed(1)
    data = torch.rand(800, directions) @ torch.randn(directions, 50)
    assert intrinsic_dimension(data) == pytest.approx(directions, rel=0.25)


def test_directions_of_a_handful_of_samples_are_not_counted() -> None:
    assert intrinsic_dimension(torch.randn(500, 1).repeat(1, 4).round()) is None


_DIVERGENCE = """
import torch
from torch import nn
torch.manual_seed(0)
G = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 2))
D = nn.Sequential(nn.Linear(2, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
opt_g = torch.optim.Adam(G.parameters(), 1e-4, (0.5, 0.9))
opt_d = torch.optim.Adam(D.parameters(), 1e-4, (0.5, 0.9))
for step in range(30):
    for turn in range(5):
        x = torch.randn(64, 2, requires_grad=True)
        fake = G(torch.randn(64, 4)).detach().requires_grad_()
        real_score, fake_score = D(x), D(fake)
        slopes = [
            torch.autograd.grad(score.sum(), at, create_graph=True)[0].pow(2).sum(1) ** 3
            for score, at in ((real_score, x), (fake_score, fake))
        ]
        loss = fake_score.mean() - real_score.mean() + sum(slopes).mean()
        opt_d.zero_grad()
        loss.backward()
        opt_d.step()
    opt_g.zero_grad()
    (-D(G(torch.randn(64, 4))).mean()).backward()
    opt_g.step()
"""


def test_a_penalty_on_the_scored_samples_themselves_turns_no_sign_round(tmp_path: Path) -> None:
    report = examined(_DIVERGENCE, tmp_path, steps=30)
    named = {row["slug"] for row in report["causes"] + report["notes"]}
    assert not named & {"critic-sign", "swapped-labels", "generator-sign"}


def test_pictures_with_a_black_border_are_told_apart() -> None:
    pictures = torch.full((8, 1, 64, 64), -1.0)
    pictures[:, :, 24:40, 24:40] = torch.rand(
        8, 1, 16, 16, generator=torch.Generator().manual_seed(0)
    )
    marks = _fingerprints(torch.cat([pictures, pictures]))
    assert len(set(marks)) == 8 and marks[:8] == marks[8:]
