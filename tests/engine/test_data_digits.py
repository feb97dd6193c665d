"""The embedded digits: honest split, MNIST's look."""

import pytest
import torch
from sklearn.datasets import load_digits

from ganlab.config import RunConfig
from ganlab.engine.data import Dataset, load
from ganlab.engine.data.digits import TRAIN_IMAGES, variants


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return load(RunConfig())


@pytest.mark.parametrize("share", [0.05, 0.5])
def test_no_original_image_is_on_both_sides(share: float) -> None:
    train, held_out = variants(share)
    on_train, on_held_out = set(train.sources.tolist()), set(held_out.sources.tolist())
    assert not on_train & on_held_out
    assert len(on_train) + len(on_held_out) == 1797


def test_each_class_gives_its_share_to_the_held_out_side() -> None:
    train, held_out = variants(0.05)
    ratio = torch.bincount(held_out.labels) / torch.bincount(train.labels)
    torch.testing.assert_close(ratio, torch.full((10,), 0.05 / 0.95), atol=0.005, rtol=0)


def test_a_variant_has_its_originals_label() -> None:
    targets = torch.as_tensor(load_digits().target)
    for side in variants(0.05):
        assert torch.equal(side.labels, targets[side.sources])


def test_each_original_is_drawn_equally_often() -> None:
    sources = variants(0.05)[0].sources
    counts = torch.bincount(sources)[sources]
    assert counts.max() - counts.min() <= 1


def test_variants_of_one_original_differ() -> None:
    train = variants(0.05)[0]
    same = train.images[train.sources == train.sources[0]]
    assert len({image.numpy().tobytes() for image in same}) == len(same) > 5


def test_there_are_20_000_images_and_held_out_ones_in_proportion(digits: Dataset) -> None:
    assert digits.train.shape == (TRAIN_IMAGES, 1, 28, 28) and digits.train.dtype == torch.uint8
    assert len(digits.held_out) / (len(digits.held_out) + TRAIN_IMAGES) == pytest.approx(
        0.05, abs=2e-3
    )
    assert digits.classes == 10 and digits.is_image and digits.sample_shape == (1, 28, 28)


def test_they_have_mnists_statistics(digits: Dataset) -> None:
    # MNIST: mean .1307, std .3081, exactly black .809, at least 250 .074.
    assert digits.mean == pytest.approx(0.1307, abs=0.01)
    assert digits.std == pytest.approx(0.3081, abs=0.01)
    assert (digits.train == 0).float().mean().item() == pytest.approx(0.809, abs=0.02)
    assert (digits.train >= 250).float().mean().item() == pytest.approx(0.074, abs=0.01)
    assert digits.train.amax((1, 2, 3)).min() == 255, "each image has white ink"


def test_no_ink_is_cut_off_at_the_edge(digits: Dataset) -> None:
    edges = torch.stack([digits.train[..., 0, :], digits.train[..., :, -1]])
    assert (edges > 127).any(-1).float().mean() < 0.001


def test_each_class_looks_different_from_the_others(digits: Dataset) -> None:
    # A nearest class mean is a poor classifier, 68 % here and 81 % on MNIST; guessing has 10 %.
    assert digits.train_labels is not None and digits.held_out_labels is not None
    flat = digits.train.flatten(1).float()
    means = torch.stack([flat[digits.train_labels == label].mean(0) for label in range(10)])
    nearest = torch.cdist(digits.held_out.flatten(1).float(), means).argmin(1)
    assert (nearest == digits.held_out_labels).float().mean() > 0.6


def test_other_sizes_and_colour_keep_the_picture(digits: Dataset) -> None:
    colour = load(RunConfig(image_size=14, channels=3))
    assert colour.train.shape == (TRAIN_IMAGES, 3, 14, 14)
    assert torch.equal(colour.train[:, 0], colour.train[:, 2])
    assert colour.mean == pytest.approx(digits.mean, abs=1e-3)
    pooled = torch.nn.functional.avg_pool2d(digits.train[:100].float(), 2)
    assert (pooled - colour.train[:100, :1].float()).abs().mean() < 8
