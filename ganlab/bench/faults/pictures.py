"""A hostile file among the pictures of a data folder: left out, counted and named."""

from __future__ import annotations

import io
import os
import random
import struct
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from unittest import mock

from PIL import Image

from ganlab.bench.faults.fault import Fault, Harm, promise
from ganlab.config import RunConfig

GOOD = 30  # pictures beside the hostile one
_NAME = "hostile.png"


def folder_of_pictures(folder: Path) -> None:
    """Good pictures, small ones."""
    for number in range(GOOD):
        Image.new("L", (8, 8), number).save(folder / f"{number:02}.png")


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def png(width: int, height: int, *chunks: bytes) -> bytes:
    """A PNG whose header promises that size."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


def saved(form: str) -> bytes:
    """A good picture in that form."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8), (1, 2, 3)).save(file, form)
    return file.getvalue()


EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n{} loop\nshowpage\n%%EOF\n"
DAMAGES: dict[str, bytes] = {
    "EPS with an endless loop": EPS,
    "nothing": b"",
    "text": b"not a picture",
    "a PNG's signature alone": b"\x89PNG\r\n\x1a\n",
    "no columns": png(0, 8),
    "no rows": png(8, 0),
    "more pixels than allowed": png(7100, 7100),
    "169 million pixels": png(13_000, 13_000),
    "as many pixels as a header can say": png(2**31 - 1, 2**31 - 1),
    "no data": png(8, 8),
    "data that is not packed": png(8, 8, chunk(b"IDAT", b"\xff" * 50)),
    "a bomb of text": png(8, 8, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1 << 24)))),
    "a chunk longer than the file": b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 2**31 - 1) + b"IHDR",
    "a BMP of negative size": b"BM" + bytes(8) + struct.pack("<IIiiHH", 54, 40, -8, -8, 1, 24),
    "a GIF without an image": b"GIF89a" + struct.pack("<HHBBB", 8, 8, 0, 0, 0) + b";",
    "a WebP cut short": b"RIFF\xff\xff\xff\x7fWEBPVP8 ",
    "a JPEG cut short": b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    **{
        f"{form} inside": saved(form) for form in ("TIFF", "PCX", "ICO", "PPM", "SGI", "DDS", "TGA")
    },
}


def _link_to_a_pipe(path: Path) -> None:
    os.mkfifo(path.with_name("pipe"))
    path.symlink_to("pipe")


NOT_FILES: dict[str, Callable[[Path], None]] = {
    "a pipe": os.mkfifo,
    "a link to a pipe": _link_to_a_pipe,
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to text": lambda path: path.symlink_to(__file__),
}


def _put(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def _left_out(put: Callable[[Path], None], folder: Path, dice: random.Random) -> None:
    folder_of_pictures(folder)
    put(folder / _NAME)
    count, words = _loaded(folder)
    promise(count == GOOD, "all good pictures and no other", count)
    promise(words.startswith(f"1 of {GOOD + 1} images cannot be read: "), "counted", words)
    promise(f"{_NAME} (" in words, "named, with a reason", words)


def _changed(form: str, folder: Path, dice: random.Random) -> None:
    """A good file with some bytes changed, cut, doubled or put in."""
    folder_of_pictures(folder)
    (folder / _NAME).write_bytes(mangled(saved(form), dice))
    count, words = _loaded(folder)
    promise(count in (GOOD, GOOD + 1), "all good pictures", count)
    promise((count == GOOD) == (f"{_NAME} (" in words), "left out is named", words)


def mangled(content: bytes, dice: random.Random) -> bytes:
    """The content after one to four damages."""
    data = bytearray(content)
    for _ in range(dice.randint(1, 4)):
        at, length = dice.randrange(len(data) + 1), dice.randint(1, 8)
        part = data[at : at + length]
        data[at : at + length] = dice.choice(
            [b"", dice.randbytes(length), part * 2, b"\xff" * length]
        )
    return bytes(data)


def _loaded(folder: Path) -> tuple[int, str]:
    """How many pictures, and what was left out."""
    from ganlab.engine.data import load  # brings torch along

    settings = {"batch_size": 4, "held_out": 0.0, "image_size": 8, "channels": 1}
    config = RunConfig.of({"data": "folder", "data_folder": str(folder), **settings})
    with mock.patch("subprocess.Popen", side_effect=Harm("promised: no program is run")):
        data = load(config)
    return len(data.train), data.left_out


FAULTS = (
    *(Fault(f"a picture that is {name}", partial(_left_out, partial(_put, content)))
      for name, content in DAMAGES.items()),
    *(Fault(f"a picture that is {name}", partial(_left_out, put))
      for name, put in NOT_FILES.items()),
    *(Fault(f"a {form} with damaged bytes", partial(_changed, form))
      for form in ("PNG", "JPEG", "BMP", "GIF", "WEBP")),
)  # fmt: skip
