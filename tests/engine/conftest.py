"""Small data and configs: enough to be real, small enough to be quick."""

from __future__ import annotations

import pytest
import torch

from ganlab.engine.data import Dataset, load
from ganlab.presets import preset


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """Networks this small gain nothing from more."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def digits() -> Dataset:
    """The embedded data."""
    return load(preset("seed4-mlp"))
