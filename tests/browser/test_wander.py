"""A short walk of the random visitor; `python -m tests.browser.wander` is the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import MISSING, browser_path
from tests.browser.wander import wandering

pytestmark = pytest.mark.browser


@pytest.mark.skipif(browser_path() is None, reason=MISSING)
def test_a_random_walk_leaves_nothing_to_complain_of(tmp_path: Path) -> None:
    with wandering(seed=7, runs=tmp_path) as walk:
        walk.walk(lambda count: count == 40)
    assert walk.judge(tmp_path) == []
    assert sum(walk.done.values()) >= 40
