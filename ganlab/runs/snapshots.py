"""A run's sample grids and checkpoints on disk, bounded in number. Knows no log and no lock."""

from __future__ import annotations

import contextlib
import re
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganlab.observation import Samples
from ganlab.runs import files, rows, shapes
from ganlab.runs.logs import to_json
from ganlab.runs.reading import damaged, open_stored, read_whole
from ganlab.runs.record import Damaged, StoredSample

SAMPLES_KEPT = 200
CHECKPOINTS_KEPT = 2
REAL_STEP = -1
_DECIMALS = 6
_MOST = 64 << 20  # bytes of a picture, or of what is drawn beside it
_SIDE = 16_384  # pixels of a picture
_NUMBERED = re.compile(r"[0-9]{8,15}")


def write_samples(folder: Path, step: int, samples: Samples) -> None:
    """Writes one snapshot and thins the older ones."""
    files.make_folder(folder)
    stem = _stem(step)
    if samples.image is not None:
        files.replace_file(folder / f"{stem}.png", _png(samples.image))
    details = {
        "points": samples.points,
        "surface": samples.surface,
        "histogram": samples.histogram,
    }
    plain = {name: _plain(value) for name, value in details.items() if value is not None}
    # The JSON comes last and always: where it lies, the snapshot is complete.
    files.replace_file(folder / f"{stem}.json", to_json(plain))
    _thin(folder)


def read_samples(folder: Path, step: int) -> StoredSample | None:
    """The snapshot of exactly that step; None when there is none (any more), or a damaged one."""
    try:
        beside = read_whole(folder / f"{_stem(step)}.json", _MOST)
        details = rows.plain(rows.decoded(beside, shapes.Details))
        return StoredSample(step, _read_picture(folder / f"{_stem(step)}.png"), details)
    except (FileNotFoundError, ValueError, Damaged):
        return None


def _read_picture(path: Path) -> bytes | None:
    """A PNG whose header says its size. Raises Damaged for anything else; None for nothing."""
    try:
        png = read_whole(path, _MOST)
    except FileNotFoundError:
        return None
    if png[:16] != b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" or len(png) < 33:
        raise damaged(path, "is no PNG")
    if not all(0 < side <= _SIDE for side in struct.unpack(">II", png[16:24])):
        raise damaged(path, "has an impossible size")
    return png


def numbered(folder: Path, suffix: str) -> list[int]:
    """The steps of the files 00000050<suffix> in a folder, ascending."""
    if folder.is_symlink() or not folder.is_dir():
        return []
    stems = (path.stem for path in folder.iterdir() if path.suffix == suffix)
    return sorted(int(stem) for stem in stems if _NUMBERED.fullmatch(stem))


def sample_steps(folder: Path) -> list[int]:
    """The steps of the snapshots in a folder, ascending."""
    return numbered(folder, ".json")


def remove_samples(folder: Path, steps: list[int]) -> None:
    """Removes snapshots; the JSON first, so that no reader takes the rest for a whole one."""
    for step in steps:
        files.remove(folder / f"{_stem(step)}.json")
        files.remove(folder / f"{_stem(step)}.png")


def write_checkpoint(folder: Path, step: int, data: bytes) -> None:
    """Writes one checkpoint and removes all but the latest two."""
    files.make_folder(folder)
    files.replace_file(folder / f"{_stem(step)}.ckpt", data, durable=True)
    remove_checkpoints(folder, checkpoint_steps(folder)[:-CHECKPOINTS_KEPT])


def checkpoint_steps(folder: Path) -> list[int]:
    """The steps of the checkpoints in a folder, ascending."""
    return numbered(folder, ".ckpt")


def remove_checkpoints(folder: Path, steps: list[int]) -> None:
    """Removes the checkpoints of these steps."""
    for step in steps:
        files.remove(folder / f"{_stem(step)}.ckpt")


def read_checkpoint(folder: Path, step: int) -> bytes:
    """The content of one checkpoint. Raises Damaged where it cannot be read."""
    path = folder / f"{_stem(step)}.ckpt"
    try:
        with open_stored(path) as file:
            return file.read()
    except OSError as error:
        raise damaged(path, f"cannot be read ({error.strerror or error})") from error


def latest_checkpoint(folder: Path) -> tuple[int, bytes] | None:
    """Step and content of the latest checkpoint that is a file; None where there is none."""
    for step in reversed(checkpoint_steps(folder)):
        with contextlib.suppress(Damaged):
            return step, read_checkpoint(folder, step)
    return None


def _thin(folder: Path) -> None:
    """Beyond the bound every other snapshot goes; the first and the newest stay."""
    steps = sample_steps(folder)
    if len(steps) > SAMPLES_KEPT:
        remove_samples(folder, steps[1:-1:2])


def _stem(step: int) -> str:
    return "real" if step == REAL_STEP else f"{step:08d}"


def _png(image: NDArray[np.uint8]) -> bytes:
    """(h, w) or (h, w, 3) as a PNG of unfiltered rows: a fifth of Pillow's time, no larger."""
    height, width = image.shape[:2]
    rows = np.zeros((height, 1 + image[0].size), np.uint8)  # each row after its filter type, 0
    rows[:, 1:] = image.reshape(height, -1)
    packer = zlib.compressobj(1, strategy=zlib.Z_RLE)
    color = 0 if image.ndim == 2 else 2
    header = struct.pack(">IIBBBBB", width, height, 8, color, 0, 0, 0)
    data = packer.compress(rows.tobytes()) + packer.flush()
    parts = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(*part) for part in parts)


def _part(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def _plain(value: Any) -> Any:
    """Arrays as rounded lists, at any depth."""
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, np.ndarray):
        return np.round(value.astype(float), _DECIMALS).tolist()
    return value
