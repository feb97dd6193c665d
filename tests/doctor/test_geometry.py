"""How batches lie to each other, and in how many directions data varies."""

from __future__ import annotations

import pytest
import torch

from ganlab.doctor.geometry import unevenness
from ganlab.doctor.lens import intrinsic_dimension


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
