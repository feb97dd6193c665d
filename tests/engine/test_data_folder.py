"""A user's own images: every common form is read, and what cannot be read is named."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ganlab.config import RunConfig
from ganlab.engine.data import DataError, Dataset, load


def picture(path: Path, colour: object = (200, 100, 50), mode: str = "RGB") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, (40, 30), colour).save(path)  # type: ignore[arg-type]


def loaded(folder: Path, **settings: object) -> Dataset:
    few = {"batch_size": 1, "norm_g": "none", "held_out": 0.0, "image_size": 16, "channels": 3}
    config = {"data": "folder", "data_folder": str(folder), **few, **settings}
    return load(RunConfig.of(config))


@pytest.mark.parametrize("ending", ["png", "jpg", "JPEG", "bmp", "gif", "webp"])
def test_each_format_is_read_in_colour(tmp_path: Path, ending: str) -> None:
    picture(tmp_path / f"one.{ending}")
    data = loaded(tmp_path)
    assert data.train.shape == (1, 3, 16, 16)
    colour = data.train[0].float().mean((1, 2)).tolist()
    assert colour == pytest.approx([200, 100, 50], abs=8)


def test_gray_is_one_channel(tmp_path: Path) -> None:
    picture(tmp_path / "one.png", (90, 90, 90))
    data = loaded(tmp_path, channels=1)
    assert data.train.shape == (1, 1, 16, 16) and set(data.train.flatten().tolist()) == {90}
    assert data.classes == 0 and data.train_labels is None


def test_folders_below_are_searched_and_other_files_ignored(tmp_path: Path) -> None:
    picture(tmp_path / "a" / "b" / "one.png")
    picture(tmp_path / "two.png")
    (tmp_path / "notes.txt").write_text("no image")
    assert len(loaded(tmp_path).train) == 2


def test_the_central_square_is_kept(tmp_path: Path) -> None:
    pixels = np.zeros((20, 60), np.uint8)
    pixels[:, 20:40] = 255
    Image.fromarray(pixels).save(tmp_path / "stripe.png")
    assert loaded(tmp_path, channels=1, image_size=8).train.min() > 200


def test_what_is_transparent_becomes_white(tmp_path: Path) -> None:
    picture(tmp_path / "one.png", (0, 0, 0, 0), "RGBA")
    assert loaded(tmp_path).train.min() == 255


def test_16_bits_are_scaled_and_not_clipped(tmp_path: Path) -> None:
    Image.fromarray(np.full((20, 20), 128 * 256, np.uint16)).save(tmp_path / "deep.png")
    assert set(loaded(tmp_path, channels=1).train.flatten().tolist()) == {128}


def test_a_large_photograph_is_resized(tmp_path: Path) -> None:
    Image.new("RGB", (1600, 1200), (10, 200, 30)).save(tmp_path / "large.jpg")
    colour = loaded(tmp_path).train[0].float().mean((1, 2)).tolist()
    assert colour == pytest.approx([10, 200, 30], abs=8)


def test_a_slice_is_held_out_and_the_order_is_mixed(tmp_path: Path) -> None:
    for number in range(40):
        picture(tmp_path / f"{number:02}.png", (number, number, number))
    data = loaded(tmp_path, held_out=0.25)
    train, held_out = (side[:, 0, 0, 0].tolist() for side in (data.train, data.held_out))
    assert (len(train), len(held_out)) == (30, 10)
    assert sorted(train + held_out) == list(range(40)) and train != sorted(train)


def test_images_of_one_colour_can_be_standardised(tmp_path: Path) -> None:
    picture(tmp_path / "one.png")
    assert torch.isfinite(loaded(tmp_path, channels=1).affine("standardised")[0] * torch.ones(1))


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"data_folder is '.*/gone'.*no such folder; set data_fol"):
        loaded(tmp_path / "gone")


def test_a_folder_without_images_lists_the_allowed_endings(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"has no images; allowed: \.png, .*Put images there"):
        loaded(tmp_path)


def test_fewer_images_than_a_batch_is_an_error(tmp_path: Path) -> None:
    picture(tmp_path / "one.png")
    with pytest.raises(DataError, match=r"batch_size is 64.* has 1 training"):
        loaded(tmp_path, batch_size=64)


def test_many_unreadable_images_are_an_error_that_names_the_first(tmp_path: Path) -> None:
    picture(tmp_path / "good.png")
    for name in "abcd":
        (tmp_path / f"{name}.png").write_bytes(b"not an image")
    with pytest.raises(DataError, match=r"4 of 5 images cannot be read: \S+/a\.png .*; \.\.\.\. A"):
        loaded(tmp_path)


def test_a_truncated_image_is_unreadable(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "cut.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "cut.png").read_bytes()[:2000])
    with pytest.raises(DataError, match=r"1 of 1 images cannot be read: \S+/cut\.png"):
        loaded(tmp_path)


def test_a_few_unreadable_images_are_left_out_and_announced(tmp_path: Path) -> None:
    for number in range(20):
        picture(tmp_path / f"{number:02}.png")
    (tmp_path / "00.png").write_bytes(b"")
    said: list[str] = []
    config = RunConfig(data="folder", data_folder=str(tmp_path), batch_size=2, held_out=0.0)
    data = load(config, said.append)
    assert len(data.train) == 19
    assert "1 of 20 images cannot be read" in said[-1] and "00.png" in said[-1]
