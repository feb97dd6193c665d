"""MNIST and Fashion-MNIST from idx files in torchvision's layout. Knows nothing of the network."""

from __future__ import annotations

import gzip
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganlab.config import CLASSES, RunConfig
from ganlab.engine.data.dataset import DataError, Dataset, Progress, split
from ganlab.engine.data.download import download
from ganlab.engine.data.images import image_dataset
from ganlab.paths import data_folder

FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
_FOLDERS = {"mnist": "MNIST", "fashion_mnist": "FashionMNIST"}
_REPLACE = (
    "Delete it and start again: it is then downloaded anew. Without a network, put a good copy "
    "there or use data=digits, which needs no file."
)


def load_mnist(config: RunConfig, progress: Progress) -> Dataset:
    """The training set, found under GANLAB_DATA or downloaded; its test set is not touched."""
    folder = data_root() / _FOLDERS[config.data] / "raw"
    if missing := [name for name in FILES if _found(folder, name) is None]:
        download(_FOLDERS[config.data], missing, folder, progress)
    images, labels = _read_pair(folder, CLASSES[config.data])
    train, held_out = split(len(images), config.held_out)
    return image_dataset(
        (images[train], labels[train]), (images[held_out], labels[held_out]), config
    )


def data_root() -> Path:
    """$GANLAB_DATA, which has to exist, else ~/.ganlab/data."""
    given, root = os.environ.get("GANLAB_DATA"), data_folder()
    if given and not root.is_dir():
        raise DataError(
            f"GANLAB_DATA is {given!r}, and there is no such folder. Create it, set GANLAB_DATA "
            "to the folder that holds MNIST/raw, or unset it: then ~/.ganlab/data is used."
        )
    return root


def _found(folder: Path, name: str) -> Path | None:
    return next((path for path in (folder / name, folder / f"{name}.gz") if path.exists()), None)


def _read_pair(folder: Path, classes: int) -> tuple[Tensor, Tensor]:
    """Images (n, 1, h, w) and labels (n,) int64 that fit each other."""
    image_file, label_file = (_found(folder, name) or folder / name for name in FILES)
    images = torch.from_numpy(read_idx(image_file, dims=3))[:, None]
    labels = torch.from_numpy(read_idx(label_file, dims=1)).long()
    if len(images) != len(labels):
        raise DataError(
            f"{image_file} has {len(images)} images, and {label_file} has {len(labels)} labels; "
            "they have to be equal. Delete both and start again: they are then downloaded anew."
        )
    if len(labels) and (largest := int(labels.max())) >= classes:
        raise DataError(
            f"{label_file} has a label {largest}; allowed: 0 to {classes - 1}. {_REPLACE}"
        )
    return images, labels


def read_idx(path: Path, dims: int) -> NDArray[np.uint8]:
    """The array of bytes in an idx file, plain or .gz. Raises DataError naming the file."""
    content = _content(path)
    start = 4 + 4 * dims
    if len(content) < start or content[:4] != bytes((0, 0, 8, dims)):
        raise DataError(
            f"{path} is not an idx file of bytes with {dims} dimension(s): it begins with "
            f"{content[:4]!r}, allowed: {bytes((0, 0, 8, dims))!r}. {_REPLACE}"
        )
    shape = struct.unpack(f">{dims}I", content[4:start])
    array = np.frombuffer(content, np.uint8, offset=start)
    if array.size != (promised := int(np.prod(shape, dtype=np.int64))):
        raise DataError(
            f"{path} is truncated or damaged: its header promises {promised} bytes of data "
            f"and {array.size} are there. {_REPLACE}"
        )
    return array.reshape(shape).copy()  # torch wants a writable buffer


def _content(path: Path) -> bytes:
    try:
        packed = path.read_bytes()
    except OSError as error:
        raise DataError(
            f"{path} cannot be read: {error.strerror}. Make it a readable file, or use data=digits."
        ) from error
    if path.suffix != ".gz":
        return packed
    try:
        return gzip.decompress(packed)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} is truncated or damaged: {error}. {_REPLACE}") from error
