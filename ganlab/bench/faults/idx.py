"""A hostile idx file, plain or packed: refused in words, and read no further than it promises."""

from __future__ import annotations

import gzip
import os
import random
import struct
from functools import partial
from pathlib import Path

from ganlab.bench.faults.fault import Fault, promise
from ganlab.bench.faults.pictures import mangled


def header(*shape: int) -> bytes:
    """Of an idx file of bytes."""
    return bytes((0, 0, 8, len(shape))) + struct.pack(f">{len(shape)}I", *shape)


GOOD = header(40, 7, 7) + bytes(range(245)) * 8
DAMAGES: dict[str, bytes] = {
    "wraps to nothing": header(2**31, 2**31, 4),
    "wraps to what is there": header(2**32 - 1, 2**32 - 1, 1) + b"\0",
    "has no images": header(0, 28, 28),
    "has images without pixels": header(40, 0, 28),
    "has one image of many pixels": header(1, 1 << 14, 1 << 14),
    "promises all that a header can": header(*[2**32 - 1] * 3),
    "promises more than is there": GOOD[:-1],
    "promises less than is there": GOOD + bytes(1 << 22),
    "has other dimensions": header(40),
    "is a web page": b"<html>404 not found</html>",
    "is empty": b"",
}


def _refused(content: bytes, ending: str, folder: Path, dice: random.Random) -> None:
    path = folder / f"train-images-idx3-ubyte{ending}"
    path.write_bytes(gzip.compress(content, 1) if ending else content)
    _promise_refusal(path)


def _pipe(ending: str, folder: Path, dice: random.Random) -> None:
    path = folder / f"train-images-idx3-ubyte{ending}"
    os.mkfifo(path)
    _promise_refusal(path)


def _promise_refusal(path: Path) -> None:
    said = _said(path)
    promise(said, "a damaged file is refused")
    promise(str(path) in said, "the file is named", said)
    promise("data=digits" in said, "the next step is said", said)


def _damaged(ending: str, folder: Path, dice: random.Random) -> None:
    path = folder / f"train-images-idx3-ubyte{ending}"
    path.write_bytes(mangled(gzip.compress(GOOD, 1) if ending else GOOD, dice))
    _said(path)


def _said(path: Path) -> str:
    """The refusal; empty where the file could be read."""
    from ganlab.engine.data import DataError  # brings torch along
    from ganlab.engine.data.mnist import MOST_BYTES, read_idx

    try:
        array = read_idx(path, 3)
    except DataError as error:
        return str(error)
    promise(0 < array.size <= MOST_BYTES and array.ndim == 3, "within limits", array.shape)
    return ""


_ENDINGS = {"an idx file": "", "a packed idx file": ".gz"}
FAULTS = (
    *(Fault(f"{kind} that {name}", partial(_refused, content, ending), cost=0.02)
      for kind, ending in _ENDINGS.items() for name, content in DAMAGES.items()),
    *(Fault(f"{kind} that is a pipe", partial(_pipe, ending), cost=0.02)
      for kind, ending in _ENDINGS.items()),
    *(Fault(f"{kind} with damaged bytes", partial(_damaged, ending), cost=0.02)
      for kind, ending in _ENDINGS.items()),
)  # fmt: skip
