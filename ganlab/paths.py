"""Where data lies, for those who may not open it."""

from __future__ import annotations

import os
from pathlib import Path


def data_folder() -> Path:
    """$GANLAB_DATA, else ~/.ganlab/data, whether it exists or not."""
    given = os.environ.get("GANLAB_DATA")
    return Path(given).expanduser() if given else Path.home() / ".ganlab" / "data"


def has_mnist() -> bool:
    """Whether MNIST needs no download."""
    return any((data_folder() / "MNIST" / "raw").glob("train-images*"))
