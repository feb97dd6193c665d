"""Samples of any shape as pictures, drawn by the range of the real ones."""

from __future__ import annotations

import pytest
import torch

from ganlab.doctor.run.picture import Look, image_shape


@pytest.mark.parametrize(
    ("shape", "found"),
    [
        ((4, 1, 28, 28), (1, 28, 28)),
        ((4, 3, 64, 64), (3, 64, 64)),
        ((4, 28, 28), (1, 28, 28)),
        ((4, 784), (1, 28, 28)),
        ((4, 3072), (3, 32, 32)),
        ((4, 2), None),
        ((4, 10), None),
        ((4, 63), None),
    ],
)
def test_images_are_known_by_their_shape(
    shape: tuple[int, ...], found: tuple[int, int, int] | None
) -> None:
    assert image_shape(torch.zeros(shape)) == found


def test_the_real_range_is_black_to_white_and_what_lies_outside_is_cut() -> None:
    real = torch.linspace(-1, 1, 2 * 64).view(2, 1, 8, 8)
    image = Look.at(real).draw(torch.full((8, 1, 8, 8), 5.0)).image
    assert image is not None
    assert image.shape == (8, 64)
    assert image.min() == 255


def test_large_images_are_thinned_out() -> None:
    real = torch.rand(2, 3, 512, 512)
    image = Look.at(real).draw(real).image
    assert image is not None
    assert image.shape == (128, 1024, 3)


def test_points_stay_points() -> None:
    real = torch.randn(100, 2)
    points = Look.at(real).draw(real).points
    assert points is not None
    assert torch.equal(torch.from_numpy(points), real)


def test_other_samples_have_a_histogram_only() -> None:
    real = torch.randn(100, 10)
    samples = Look.at(real).draw(real + 3)
    assert samples.image is None
    assert samples.points is None
    assert samples.histogram is not None


def test_samples_that_are_not_finite_are_still_drawn() -> None:
    real = torch.rand(4, 1, 8, 8)
    samples = Look.at(real).draw(torch.full((4, 1, 8, 8), torch.nan))
    assert samples.image is not None
    assert samples.histogram is None
