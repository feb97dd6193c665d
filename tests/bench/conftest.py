"""Data small enough for a benchmark's tests."""

import pytest
import torch

from ganlab.engine.data import Dataset, load
from ganlab.presets import preset


@pytest.fixture(scope="session")
def small_data() -> Dataset:
    """The embedded digits."""
    return load(preset("seed4-mlp"))


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """These networks are too small for two."""
    torch.set_num_threads(1)
