"""A small MNIST/raw for the tests: 40 images whose label is their index modulo 10."""

import struct
import urllib.error
import urllib.request
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from numpy.typing import NDArray

from ganlab.engine.data.mnist import FILES

IMAGES, LABELS = FILES


def idx(array: NDArray[np.uint8]) -> bytes:
    """The array as an idx file."""
    shape = struct.pack(f">{array.ndim}I", *array.shape)
    return bytes((0, 0, 8, array.ndim)) + shape + array.tobytes()


CONTENT = {
    IMAGES: idx(np.arange(40 * 28 * 28, dtype=np.uint32).astype(np.uint8).reshape(40, 28, 28)),
    LABELS: idx((np.arange(40) % 10).astype(np.uint8)),
}


def lay_out(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Writes MNIST/raw below root, points GANLAB_DATA there and cuts the network."""
    folder = root / "MNIST" / "raw"
    folder.mkdir(parents=True)
    for name, content in CONTENT.items():
        (folder / name).write_bytes(content)
    monkeypatch.setenv("GANLAB_DATA", str(root))
    monkeypatch.setattr(urllib.request, "urlopen", _no_network)
    return folder


def _no_network(*_: object, **__: object) -> NoReturn:
    raise urllib.error.URLError("Name or service not known")
