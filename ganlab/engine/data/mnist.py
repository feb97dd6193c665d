"""MNIST and Fashion-MNIST from idx files in torchvision's layout. Knows nothing of the network."""

from __future__ import annotations

import gzip
import math
import os
import struct
import zlib
from pathlib import Path
from typing import IO, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganlab.config import CLASSES, RunConfig
from ganlab.engine.data.dataset import DataError, Dataset, Listener, Pulse, idle, split
from ganlab.engine.data.download import download
from ganlab.engine.data.files import folder_problem, open_regular
from ganlab.engine.data.images import image_dataset
from ganlab.outputs import reason, shown
from ganlab.paths import data_folder

FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
_FOLDERS = {"mnist": "MNIST", "fashion_mnist": "FashionMNIST"}
MOST_BYTES = 1 << 28  # of one file, unpacked; MNIST has 47 MB
MOST_SIDE = 1024  # pixels
_REPLACE = (
    "Delete it and start again: it is then downloaded anew. Without a network, put a good copy "
    "there or use data=digits, which needs no file."
)


def load_mnist(config: RunConfig, listener: Listener) -> Dataset:
    """The training set, found under GANLAB_DATA or downloaded; its test set is not touched."""
    folder = data_root() / _FOLDERS[config.data] / "raw"
    if missing := [name for name in FILES if _found(folder, name) is None]:
        download(_FOLDERS[config.data], missing, folder, listener)
    images, labels = _read_pair(folder, CLASSES[config.data], listener.pulse)
    train, held_out = split(len(images), config.held_out)
    return image_dataset(
        (images[train], labels[train]), (images[held_out], labels[held_out]), config
    )


def data_root() -> Path:
    """$GANLAB_DATA, which has to exist, else ~/.ganlab/data."""
    given = os.environ.get("GANLAB_DATA")
    if given and (problem := folder_problem(given)):
        raise DataError(
            f"GANLAB_DATA is {shown(given)[:200]!r}, and {problem}. Create it, set GANLAB_DATA "
            "to the folder that holds MNIST/raw, or unset it: then ~/.ganlab/data is used."
        )
    return data_folder()


def _found(folder: Path, name: str) -> Path | None:
    paths = (folder / name, folder / f"{name}.gz")
    return next((path for path in paths if os.path.exists(path)), None)  # where it may not look: no


def _read_pair(folder: Path, classes: int, pulse: Pulse) -> tuple[Tensor, Tensor]:
    """Images (n, 1, h, w) and labels (n,) int64 that fit each other."""
    image_file, label_file = (_found(folder, name) or folder / name for name in FILES)
    images = torch.from_numpy(read_idx(image_file, 3, pulse))[:, None]
    labels = torch.from_numpy(read_idx(label_file, 1, pulse)).long()
    if len(images) != len(labels):
        raise DataError(
            f"{shown(image_file)} has {len(images)} images, and {shown(label_file)} has "
            f"{len(labels)} labels; "
            "they have to be equal. Delete both and start again: they are then downloaded anew."
        )
    if len(labels) and (largest := int(labels.max())) >= classes:
        raise DataError(
            f"{shown(label_file)} has a label {largest}; allowed: 0 to {classes - 1}. {_REPLACE}"
        )
    return images, labels


def read_idx(path: Path, dims: int, pulse: Pulse = idle) -> NDArray[np.uint8]:
    """The array of bytes in an idx file, plain or .gz. Raises DataError naming the file.

    No more is read than the header promises, and a header that promises too much is refused.
    """
    try:
        with open_regular(path, pulse, MOST_BYTES) as file:
            packed = path.suffix == ".gz"
            return _idx(cast(IO[bytes], gzip.open(file)) if packed else file, path, dims)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{shown(path)} is truncated or damaged: {error}. {_REPLACE}") from error
    except OSError as error:
        raise DataError(
            f"{shown(path)} cannot be read: {reason(error)}. Make it a readable file, or use "
            "data=digits."
        ) from error


def _idx(file: IO[bytes], path: Path, dims: int) -> NDArray[np.uint8]:
    start = 4 + 4 * dims
    header = file.read(start)
    if len(header) < start or header[:4] != bytes((0, 0, 8, dims)):
        raise DataError(
            f"{shown(path)} is not an idx file of bytes with {dims} dimension(s): it begins with "
            f"{header[:4]!r}, allowed: {bytes((0, 0, 8, dims))!r}. {_REPLACE}"
        )
    shape = struct.unpack(f">{dims}I", header[4:])
    promised = math.prod(shape)
    if not 1 <= promised <= MOST_BYTES or max(shape[1:], default=1) > MOST_SIDE:
        raise DataError(
            f"{shown(path)} is damaged: its header promises {' x '.join(map(str, shape))} bytes of "
            f"data; allowed: 1 to {MOST_BYTES:,}, and images of at most {MOST_SIDE} pixels a "
            f"side. {_REPLACE}"
        )
    content = file.read(promised + 1)  # one more: the end, where a packed file has its checksum
    if len(content) != promised:
        there = f"{len(content)} are" if len(content) < promised else "more are"
        raise DataError(
            f"{shown(path)} is truncated or damaged: its header promises {promised} bytes of data "
            f"and {there} there. {_REPLACE}"
        )
    array = np.frombuffer(content, np.uint8)
    return array.reshape(shape).copy()  # torch wants a writable buffer
