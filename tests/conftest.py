"""One thread for torch in every test: networks this small gain nothing from more."""

import os
import sys
from collections.abc import Iterator

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")

_SLOW = ("tests/test_thresholds.py", "tests/browser/", "tests/doctor/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow files first, so that no process is left alone with one of them at the end.

    One that computes, then those that wait for a browser: side by side they share the cores best.
    """
    items.sort(key=lambda item: [not item.nodeid.startswith(slow) for slow in _SLOW])


@pytest.fixture(autouse=True)
def _main_module_stays() -> Iterator[None]:
    """AppTest leaves its script as the main module, which every spawned process would run."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main
