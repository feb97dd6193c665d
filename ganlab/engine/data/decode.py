"""One picture file as a tensor, within limits. Knows no folder and no data set."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor

from ganlab.engine.data.dataset import Pulse
from ganlab.engine.data.files import open_regular

# Pillow would try all it knows whatever a file is called, and runs programs for some of them.
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP")
MOST_PIXELS = 50_000_000  # in one picture; takes less than 1 GB while it is read
MOST_BYTES = 1 << 28  # of one file
_ALLOWED = f"allowed: 1 to {MOST_PIXELS / 1e6:.0f} million"


def read_picture(path: Path, size: int, channels: int, pulse: Pulse) -> Tensor:
    """The central square, (channels, size, size) uint8.

    Raises whatever a decoder raises for a damaged file, and ValueError beyond the limits.
    """
    mode = "L" if channels == 1 else "RGB"
    with open_regular(path, pulse, MOST_BYTES) as file, _opened(file) as image:
        # JPEG only: decodes large photographs at a fraction of their size.
        image.draft(mode, (2 * size, 2 * size))
        ImageOps.exif_transpose(image, in_place=True)
        flat = _opaque(image).convert(mode)
    square = ImageOps.fit(flat, (size, size), Image.Resampling.LANCZOS)
    return torch.from_numpy(np.array(square)).view(size, size, channels).permute(2, 0, 1)


def _opened(file: BinaryIO) -> Image.Image:
    """The picture's header; nothing is decoded yet."""
    try:
        with warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning):
            image = Image.open(file, formats=FORMATS)
    except UnidentifiedImageError:
        raise ValueError(f"it is none of {', '.join(FORMATS)} inside") from None
    except Image.DecompressionBombError:
        raise ValueError(f"it has far too many pixels; {_ALLOWED}") from None
    width, height = image.size
    if not 1 <= width * height <= MOST_PIXELS:
        raise ValueError(f"it has {width} x {height} pixels; {_ALLOWED}")
    return image


def _opaque(image: Image.Image) -> Image.Image:
    """8 bits a channel, and white where the image is transparent."""
    if image.mode.startswith("I"):  # 16 bits, which convert() would clip at 255
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image
    layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
