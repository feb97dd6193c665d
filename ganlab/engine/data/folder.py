"""A user's own images from a folder. Knows nothing of labels."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from ganlab.config import RunConfig
from ganlab.engine.data.dataset import DataError, Dataset, Progress, split
from ganlab.engine.data.images import image_dataset

ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")
_TOLERATED = 0.05  # share of unreadable files that is skipped
_NAMED = 3  # unreadable files named in a message
_REPORT_EVERY = 1000  # images
_UNREADABLE = (
    OSError, ValueError, SyntaxError, EOFError, struct.error, Image.DecompressionBombError,
)  # fmt: skip


def load_folder(config: RunConfig, progress: Progress) -> Dataset:
    """All images below config.data_folder, cut to their central square and resized."""
    folder = Path(config.data_folder).expanduser()
    files = _image_files(folder)
    images, unreadable = _read_all(files, config.image_size, config.channels, progress)
    if unreadable:
        _judge(unreadable, len(files), progress)
    train, held_out = split(len(images), config.held_out)
    return image_dataset((images[train], None), (images[held_out], None), config)


def _image_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise DataError(
            f"data_folder is '{folder}', and there is no such folder; "
            "set data_folder to a folder with images."
        )
    files = sorted(
        path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file()
    )
    if not files:
        raise DataError(
            f"data_folder '{folder}' has no images; allowed: {', '.join(ENDINGS)}, also in "
            "folders below it. Put images there or set another data_folder."
        )
    return files


def _read_all(
    files: Sequence[Path], size: int, channels: int, progress: Progress
) -> tuple[Tensor, list[str]]:
    """Images (n, channels, size, size), and what could not be read with its reason."""
    images = torch.empty(len(files), channels, size, size, dtype=torch.uint8)
    unreadable: list[str] = []
    for number, path in enumerate(files):
        try:
            images[number - len(unreadable)] = _read(path, size, channels)
        except _UNREADABLE as error:
            unreadable.append(f"{path} ({error})")
        if (number + 1) % _REPORT_EVERY == 0:
            progress(f"Read {number + 1} of {len(files)} images")
    return images[: len(files) - len(unreadable)], unreadable


def _read(path: Path, size: int, channels: int) -> Tensor:
    mode = "L" if channels == 1 else "RGB"
    with Image.open(path) as image:
        # JPEG only: decodes large photographs at a fraction of their size.
        image.draft(mode, (2 * size, 2 * size))
        upright = ImageOps.exif_transpose(image)
    square = ImageOps.fit(_opaque(upright).convert(mode), (size, size), Image.Resampling.LANCZOS)
    return torch.from_numpy(np.array(square)).view(size, size, channels).permute(2, 0, 1)


def _opaque(image: Image.Image) -> Image.Image:
    """8 bits a channel, and white where the image is transparent."""
    if image.mode.startswith("I"):  # 16 bits, which convert() would clip at 255
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image
    layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)


def _judge(unreadable: Sequence[str], count: int, progress: Progress) -> None:
    named = "; ".join(unreadable[:_NAMED]) + ("; ..." if len(unreadable) > _NAMED else "")
    text = f"{len(unreadable)} of {count} images cannot be read: {named}."
    if len(unreadable) > _TOLERATED * count:
        raise DataError(
            f"{text} Allowed: at most {_TOLERATED:.0%}. Delete or repair them, "
            "or set another data_folder."
        )
    progress(f"{text} They are left out.")
