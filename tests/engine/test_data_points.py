"""Mixtures: the published geometry, and the way there and back."""

import math

import pytest
import torch

from ganlab.config import RANGES, RunConfig
from ganlab.engine.data import load

MIXTURES = ("ring8", "grid25")  # in two dimensions
POINTS = (*MIXTURES, "mixture1d", "gaussian1d")


@pytest.mark.parametrize("name", MIXTURES)
def test_98_9_percent_of_the_points_lie_within_3_sigma_of_their_mode(name: str) -> None:
    data = load(RunConfig(data=name))
    assert data.modes is not None and data.train_labels is not None
    distance = (data.train - data.modes[data.train_labels]).norm(dim=1) / data.mode_std
    assert (distance < 3).float().mean().item() == pytest.approx(1 - math.exp(-4.5), abs=2e-3)


@pytest.mark.parametrize("name", MIXTURES)
def test_every_mode_has_its_share(name: str) -> None:
    data = load(RunConfig(data=name))
    assert data.train_labels is not None
    shares = data.train_labels.bincount(minlength=data.classes) / len(data.train)
    torch.testing.assert_close(
        shares, torch.full((data.classes,), 1 / data.classes), atol=4e-3, rtol=0
    )


def test_the_ring_has_8_different_modes_on_a_circle_of_radius_1() -> None:
    data = load(RunConfig(data="ring8"))
    assert data.modes is not None and data.mode_std == 0.01 and data.classes == 8
    torch.testing.assert_close(data.modes.norm(dim=1), torch.ones(8))
    assert torch.pdist(data.modes).min().item() == pytest.approx(2 * math.sin(math.pi / 8))


def test_the_grid_has_25_modes_2_apart() -> None:
    data = load(RunConfig(data="grid25"))
    assert data.modes is not None and data.mode_std == 0.05
    assert set(data.modes.flatten().tolist()) == {-4, -2, 0, 2, 4}
    assert torch.pdist(data.modes).min() == 2


def test_the_gaussian_is_unlabelled_and_away_from_zero() -> None:
    data = load(RunConfig(data="gaussian1d"))
    assert data.train_labels is None and data.held_out_labels is None
    assert data.modes is not None and data.modes.tolist() == [[4.0]] and data.mode_std == 0.5
    assert data.sample_shape == (1,) and data.classes == 0 and not data.is_image
    assert (data.mean, data.std) == pytest.approx((4.0, 0.5), abs=0.01)


def test_100_000_points_are_for_training() -> None:
    data = load(RunConfig(data="ring8", held_out=0.2))
    assert (len(data.train), len(data.held_out)) == (100_000, 25_000)


@pytest.mark.parametrize("name", POINTS)
@pytest.mark.parametrize(
    ("data_range", "low", "high"), [("[-1,1]", -1, 1), ("[0,1]", 0, 1), ("[0,255]", 0, 255)]
)
def test_a_range_holds_the_whole_mixture_and_little_else(
    name: str, data_range: str, low: float, high: float
) -> None:
    data = load(RunConfig(data=name))
    scaled = data.scaled(data.train, data_range)
    assert low <= scaled.min() and scaled.max() <= high
    assert (scaled.max() - scaled.min()) / (high - low) > 0.8


@pytest.mark.parametrize("name", POINTS)
def test_standardised_points_have_mean_0_and_deviation_1(name: str) -> None:
    data = load(RunConfig(data=name))
    scaled = data.scaled(data.train, "standardised")
    assert (scaled.mean().item(), scaled.std().item()) == pytest.approx((0, 1), abs=1e-4)


@pytest.mark.parametrize("name", POINTS)
@pytest.mark.parametrize("data_range", RANGES)
def test_raw_takes_points_back_to_their_published_place(name: str, data_range: str) -> None:
    data = load(RunConfig(data=name))
    back = data.raw(data.scaled(data.train, data_range), data_range)
    torch.testing.assert_close(back, data.train, atol=1e-5, rtol=0)


def test_scaling_keeps_the_ring_round() -> None:
    data = load(RunConfig(data="ring8"))
    assert data.modes is not None
    radii = data.scaled(data.modes, "[-1,1]").norm(dim=1)
    torch.testing.assert_close(radii, radii[:1].expand(8))
