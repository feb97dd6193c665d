"""What happens when MNIST's files are missing. No test touches the network."""

import gzip
import hashlib
import urllib.request
from pathlib import Path
from typing import NoReturn

import pytest
from torchvision import datasets

from ganlab.config import RunConfig
from ganlab.engine.data import DataError, Dataset, load
from tests.engine.mnist_files import CONTENT, IMAGES, LABELS, lay_out


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own MNIST/raw with 40 images, and no network."""
    return lay_out(tmp_path / "data", monkeypatch)


def mnist(**settings: object) -> Dataset:
    return load(RunConfig.of({"data": "mnist", "batch_size": 4, **settings}))


def test_missing_files_without_a_network_say_where_to_put_them(raw: Path) -> None:
    (raw / IMAGES).unlink()
    with pytest.raises(DataError) as caught:
        mnist()
    text = str(caught.value)
    assert IMAGES in text and str(raw) in text and "Name or service not known" in text
    assert "set GANLAB_DATA" in text and "data=digits" in text


def test_a_connection_that_breaks_off_is_a_data_error(
    raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object, timeout: float) -> NoReturn:
        raise TimeoutError(f"timed out after {timeout:g}")

    (raw / LABELS).unlink()
    monkeypatch.setattr(urllib.request, "urlopen", slow)
    with pytest.raises(DataError, match="timed out after"):
        mnist()


def test_fashion_mnist_has_a_folder_of_its_own(raw: Path) -> None:
    with pytest.raises(DataError, match=r"FashionMNIST needs .*FashionMNIST/raw"):
        mnist(data="fashion_mnist")


@pytest.fixture
def mirror(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for torchvision's mirror, after one that is down; MNIST/raw is empty."""
    monkeypatch.undo()
    monkeypatch.setenv("GANLAB_DATA", str(tmp_path / "data"))
    folder = tmp_path / "mirror"
    folder.mkdir()
    checksums = []
    for name, content in CONTENT.items():
        packed = gzip.compress(content)
        (folder / f"{name}.gz").write_bytes(packed)
        checksums.append((f"{name}.gz", hashlib.md5(packed).hexdigest()))
        (raw / name).unlink()
    monkeypatch.setattr(
        datasets.MNIST, "mirrors", [f"file://{tmp_path}/down/", f"file://{folder}/"]
    )
    monkeypatch.setattr(datasets.MNIST, "resources", checksums)
    return folder


def test_missing_files_are_downloaded_with_progress_and_kept(mirror: Path, raw: Path) -> None:
    said: list[str] = []
    data = load(RunConfig(data="mnist", batch_size=4), said.append)
    assert len(data.train) == 38
    assert any(f"{IMAGES}.gz: 0.0 of 0.0 MB" in line for line in said)
    assert {path.name: path.read_bytes() for path in raw.iterdir()} == CONTENT


def test_a_damaged_download_is_refused_and_leaves_no_file(mirror: Path, raw: Path) -> None:
    (mirror / f"{IMAGES}.gz").write_bytes(gzip.compress(b"something else"))
    with pytest.raises(DataError, match="checksum differs"):
        mnist()
    assert not list(raw.iterdir())


def test_a_place_that_cannot_be_written_is_a_data_error(mirror: Path, raw: Path) -> None:
    raw.rmdir()
    raw.write_text("a file where the folder should be")
    with pytest.raises(DataError, match="MNIST/raw"):
        mnist()
