"""The synthetic shapes: three classes, any size, gray or RGB, always the same."""

import torch

from ganlab.config import RunConfig
from ganlab.engine.data import load
from ganlab.engine.data.shapes import drawn


def test_every_class_has_its_third_of_the_images() -> None:
    data = load(RunConfig(data="shapes", channels=3, image_size=64))
    assert data.train.shape == (5700, 3, 64, 64) and data.classes == 3
    assert data.train_labels is not None and data.held_out_labels is not None
    labels = torch.cat([data.train_labels, data.held_out_labels])
    assert labels.bincount().tolist() == [2000, 2000, 2000]


def test_a_gray_image_is_the_luminance_of_the_colours() -> None:
    gray, colour = (load(RunConfig(data="shapes", channels=c)) for c in (1, 3))
    weights = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
    expected = (colour.train * weights).sum(dim=1, keepdim=True)
    assert (gray.train - expected).abs().max() <= 0.51


def test_the_shape_is_brighter_than_its_ground_and_inside_the_image() -> None:
    images, labels = drawn(32)
    brightness = images.float().mean(dim=1)
    border = torch.cat([brightness[:, 0], brightness[:, -1]], dim=1)
    assert (brightness.amax(dim=(1, 2)) > border.amax(dim=1)).all()
    assert set(labels.tolist()) == {0, 1, 2}
