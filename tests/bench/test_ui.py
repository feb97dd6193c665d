"""The page's benchmark on given phases; the browser itself is the business of tests/browser."""

import builtins
import os
import shutil
import sys
from typing import Any

import pytest

from ganlab.bench import ui
from ganlab.bench.server import CannotMeasureError
from ganlab.bench.threads import ThreadTime, busiest, process_cpu, thread_times
from ganlab.bench.watching import Phase, browser_page

_TICKS = ((0.03, 0.02), (0.05, 0.02), (0.2, 0.03))


def _phase(steps: int, *, queued: float = 0.0, others: float = 0.0, ticks: Any = ()) -> Phase:
    return Phase(seconds=10.0, steps=steps, queued=queued, others=others, ticks=ticks)


def test_the_share_kept_is_taken_pair_by_pair() -> None:
    pairs = [
        (_phase(95, ticks=_TICKS), _phase(100)),
        (_phase(45, ticks=_TICKS), _phase(50)),  # both slow: something else ran
        (_phase(93, ticks=_TICKS), _phase(100)),
    ]
    assert ui.outcome(pairs).kept.median == pytest.approx(0.93)


def test_time_in_the_queue_for_a_core_is_no_fault_of_the_page() -> None:
    result = ui.outcome([(_phase(50, queued=5.0, ticks=_TICKS), _phase(100))])
    assert result.kept.median == pytest.approx(0.5)
    assert result.kept_free.median == pytest.approx(1.0)


def test_a_refresh_costs_its_median_and_what_the_server_adds() -> None:
    result = ui.outcome([(_phase(90, others=0.5, ticks=_TICKS), _phase(100, others=0.2))])
    assert result.tick.median == 0.05
    assert result.server_cpu == pytest.approx(0.1)
    assert result.refreshes == pytest.approx(0.3)


def test_a_page_that_is_never_refreshed_is_an_error_and_no_figure() -> None:
    with pytest.raises(CannotMeasureError, match="not refreshed"):
        ui.outcome([(_phase(90), _phase(100))])


def test_a_machine_without_a_browser_is_told_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(CannotMeasureError, match="apt-get install chromium"), browser_page():
        pass


def test_a_machine_without_playwright_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "playwright.sync_api", raising=False)
    real = builtins.__import__

    def fail(name: str, *args: Any, **details: Any) -> Any:
        if name.startswith("playwright"):
            raise ImportError(name)
        return real(name, *args, **details)

    monkeypatch.setattr(builtins, "__import__", fail)
    with pytest.raises(CannotMeasureError, match="tests/requirements"), browser_page():
        pass


def test_the_training_thread_is_the_one_that_used_most_since_the_last_look() -> None:
    before = {1: ThreadTime(9.0, 0.0), 2: ThreadTime(1.0, 1.0)}
    after = {1: ThreadTime(9.5, 0.0), 2: ThreadTime(4.0, 3.0), 3: ThreadTime(0.1, 0.0)}
    assert busiest(before, after) == ThreadTime(3.0, 2.0)


@pytest.mark.skipif(not os.path.exists("/proc/self/schedstat"), reason="Linux counts this")
def test_the_threads_of_a_process_are_read() -> None:
    assert any(time.cpu > 0 for time in thread_times(os.getpid()).values())
    assert process_cpu(os.getpid()) > 0
