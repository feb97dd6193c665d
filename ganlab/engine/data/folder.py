"""A user's own images from a folder. Knows nothing of labels, and no format."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor

from ganlab.config import RunConfig
from ganlab.engine.data.dataset import DataError, Dataset, Listener, split
from ganlab.engine.data.decode import read_picture
from ganlab.engine.data.files import folder_problem
from ganlab.engine.data.images import image_dataset
from ganlab.outputs import reason, shown

ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")
_TOLERATED = 0.05  # share of unreadable files that is skipped
_NAMED = 3  # unreadable files named in a message
_REPORT_EVERY = 1000  # images


def load_folder(config: RunConfig, listener: Listener) -> Dataset:
    """All images below config.data_folder, cut to their central square and resized.

    A few that cannot be read are left out, and named in the data and in the progress.
    """
    folder = _folder(config.data_folder)
    found = list(_image_files(folder, listener))
    files = sorted(path for path, problem in found if not problem)
    closed = [f"{shown(path)} ({problem})" for path, problem in found if problem]
    if not found:
        raise DataError(
            f"data_folder '{shown(folder)}' has no images; allowed: {', '.join(ENDINGS)}, also in "
            "folders below it. Put images there or set another data_folder."
        )
    images, unreadable = _read_all(files, config.image_size, config.channels, listener)
    left_out = _judged([*closed, *unreadable], len(found))
    if left_out:
        listener.say(left_out)
    train, held_out = split(len(images), config.held_out)
    data = image_dataset((images[train], None), (images[held_out], None), config)
    return dataclasses.replace(data, left_out=left_out)


def _folder(given: str) -> Path:
    if problem := folder_problem(given):
        raise DataError(
            f"data_folder is '{shown(given)[:200]}', and {problem}; "
            "set data_folder to a folder with images."
        )
    return Path(given).expanduser()


def _image_files(folder: Path, listener: Listener) -> Iterator[tuple[Path, str]]:
    """All that is called an image, at any depth, and the folders that may not be opened.

    Links to folders are not followed: they can lead in a circle.
    """
    closed: list[OSError] = []
    for place, _, names in os.walk(folder, onerror=closed.append):
        listener.pulse()
        for name in names:
            path = Path(place, name)
            if path.suffix.lower() in ENDINGS:
                yield path, ""
    yield from ((Path(error.filename), reason(error)) for error in closed)


def _read_all(
    files: Sequence[Path], size: int, channels: int, listener: Listener
) -> tuple[Tensor, list[str]]:
    """Images (n, channels, size, size), and what could not be read with its reason."""
    images = torch.empty(len(files), channels, size, size, dtype=torch.uint8)
    unreadable: list[str] = []
    for number, path in enumerate(files):
        try:
            images[number - len(unreadable)] = read_picture(path, size, channels, listener.pulse)
        except Exception as error:  # a hostile file finds any error in a decoder
            listener.pulse()  # being told to stop is not the file's fault
            unreadable.append(f"{shown(path)} ({reason(error)})")
        if (number + 1) % _REPORT_EVERY == 0:
            listener.say(f"Read {number + 1} of {len(files)} images")
    return images[: len(files) - len(unreadable)], unreadable


def _judged(unreadable: Sequence[str], count: int) -> str:
    """What is left out, in words. Raises DataError when that is too much."""
    if not unreadable:
        return ""
    named = "; ".join(unreadable[:_NAMED]) + ("; ..." if len(unreadable) > _NAMED else "")
    text = f"{len(unreadable)} of {count} images cannot be read: {named}."
    if len(unreadable) > _TOLERATED * count:
        raise DataError(
            f"{text} Allowed: at most {_TOLERATED:.0%}. Delete or repair them, "
            "or set another data_folder."
        )
    return f"{text} They are left out."
