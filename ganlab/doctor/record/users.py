"""Which code is the user's own."""

from __future__ import annotations

import os
from pathlib import Path

import torch

Roots = tuple[str, ...]  # folders of the user's own code
_SITE = (
    f"{Path(torch.__file__).parent.parent}{os.sep}",
    f"{Path(__file__).parents[2]}{os.sep}",
    "<frozen",
)


def is_users(file: str, roots: Roots) -> bool:
    """Whether a file is the user's own code: below a root, neither an installed one nor ours."""
    return file.startswith(roots) and not file.startswith(_SITE)
