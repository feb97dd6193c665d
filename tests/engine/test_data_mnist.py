"""MNIST's files: what is there is read, and every kind of damage is named."""

import gzip
import os
from pathlib import Path

import numpy as np
import pytest
import torch

from ganlab.config import RunConfig
from ganlab.engine.data import DataError, Dataset, load
from ganlab.engine.data.mnist import data_root
from tests.engine.mnist_files import CONTENT, IMAGES, LABELS, idx, lay_out

needs_mnist = pytest.mark.skipif(
    not (Path(os.environ.get("GANLAB_DATA", "")) / "MNIST" / "raw" / IMAGES).is_file(),
    reason="GANLAB_DATA is not set to a folder with MNIST/raw",
)


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own MNIST/raw with 40 images, and no network."""
    return lay_out(tmp_path / "data", monkeypatch)


def mnist(**settings: object) -> Dataset:
    return load(RunConfig.of({"data": "mnist", "batch_size": 4, **settings}))


def test_files_that_are_there_are_read_without_the_network(raw: Path) -> None:
    data = mnist(held_out=0.25)
    assert data.train.shape == (30, 1, 28, 28) and data.held_out.shape == (10, 1, 28, 28)
    assert data.train_labels is not None and data.train_labels.dtype == torch.int64
    assert data.classes == 10


def test_each_image_keeps_its_label(raw: Path) -> None:
    data = mnist()
    original = torch.from_numpy(np.frombuffer(CONTENT[IMAGES], np.uint8, offset=16).copy())
    for image, label in zip(data.train, data.train_labels, strict=True):  # type: ignore[arg-type]
        matches = (original.view(40, 28, 28) == image[0]).all(-1).all(-1).nonzero()
        assert label.item() in (matches % 10)


def test_packed_files_are_read_too(raw: Path) -> None:
    for name, content in CONTENT.items():
        (raw / name).unlink()
        (raw / f"{name}.gz").write_bytes(gzip.compress(content))
    assert len(mnist().train) == 38


def test_size_and_channels_are_the_configs(raw: Path) -> None:
    assert mnist(image_size=32, channels=3).sample_shape == (3, 32, 32)


HEADER = CONTENT[IMAGES][:16]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        (IMAGES, b"", "not an idx file"),
        (IMAGES, b"<html>404 not found</html>", "not an idx file.*begins with b'<htm'"),
        (IMAGES, HEADER[:9], "not an idx file"),
        (IMAGES, CONTENT[LABELS], r"not an idx file of bytes with 3 dimension"),
        (IMAGES, CONTENT[IMAGES][:-1], "header promises 31360 bytes of data and 31359 are there"),
        (IMAGES, HEADER, "and 0 are there"),
        (IMAGES, HEADER[:4] + b"\xff" * 12, "header promises"),
        (LABELS, CONTENT[LABELS] + b"\0", "header promises 40 bytes of data and more are there"),
        (LABELS, idx(np.full(40, 10, np.uint8)), "has a label 10; allowed: 0 to 9"),
        (LABELS, idx(np.zeros(39, np.uint8)), "has 40 images, and .* has 39 labels"),
    ],
)
def test_a_damaged_file_is_named_with_what_to_do(
    raw: Path, name: str, content: bytes, problem: str
) -> None:
    (raw / name).write_bytes(content)
    with pytest.raises(DataError, match=problem) as caught:
        mnist()
    assert str(raw / name) in str(caught.value) and "start again" in str(caught.value)


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(CONTENT[IMAGES])[:-20], gzip.compress(CONTENT[IMAGES])[:5], b"no gzip at all"],
    ids=["cut short", "header alone", "no gzip"],  # gzip writes the time: no name to agree on
)
def test_a_damaged_packed_file_is_named(raw: Path, packed: bytes) -> None:
    (raw / IMAGES).unlink()
    (raw / f"{IMAGES}.gz").write_bytes(packed)
    with pytest.raises(DataError, match=rf"{IMAGES}\.gz is truncated or damaged: .*Delete it and"):
        mnist()


def test_a_file_that_cannot_be_read_is_named(raw: Path) -> None:
    (raw / IMAGES).unlink()
    (raw / IMAGES).mkdir()
    with pytest.raises(DataError, match=rf"{IMAGES} cannot be read: Is a directory\. Make it"):
        mnist()


def test_a_data_folder_that_does_not_exist_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANLAB_DATA", "/nowhere/at/all")
    with pytest.raises(DataError, match=r"GANLAB_DATA is '/nowhere/at/all'.*Create it, set"):
        mnist()


@pytest.mark.parametrize("given", [None, ""])
def test_without_ganlab_data_the_home_folder_is_used(
    monkeypatch: pytest.MonkeyPatch, given: str | None
) -> None:
    monkeypatch.delenv("GANLAB_DATA", raising=False)
    if given is not None:
        monkeypatch.setenv("GANLAB_DATA", given)
    assert data_root() == Path.home() / ".ganlab" / "data"


@needs_mnist
def test_real_mnist_has_its_known_statistics() -> None:
    data = load(RunConfig(data="mnist"))
    assert (len(data.train), len(data.held_out)) == (57_000, 3_000)
    assert (data.mean, data.std) == pytest.approx((0.1307, 0.3081), abs=1e-3)


@needs_mnist
def test_real_mnist_can_be_brought_to_32_pixels() -> None:
    data = load(RunConfig(data="mnist", image_size=32))
    assert data.train.shape == (57_000, 1, 32, 32)
    assert data.mean == pytest.approx(0.1307, abs=1e-3)
