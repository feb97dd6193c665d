"""Each name in a run's folder as each kind of link: nothing outside the store is written."""

from __future__ import annotations

import random
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from ganlab.bench.faults import links

LINKS = (links.PLANTS[0], links.PLANTS[2])  # to a file, and to nothing that would be made


@pytest.mark.parametrize("name", links.FILES)
def test_nothing_is_written_through_a_link(name: str, tmp_path: Path) -> None:
    (fault,) = (one for one in links.FAULTS if one.name == f"no plain file: {name}")
    for number, plant in enumerate(LINKS):
        dice = SimpleNamespace(choice=lambda _, plant=plant: plant)
        fault.strike(tmp_path / str(number), cast(random.Random, dice))
