"""The embedded data, loaded once."""

from __future__ import annotations

import pytest

from ganlab.engine.data import Dataset, load
from ganlab.presets import preset


@pytest.fixture(scope="session")
def digits() -> Dataset:
    """The embedded data."""
    return load(preset("seed4-mlp"))
