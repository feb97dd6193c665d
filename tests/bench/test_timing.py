"""The arithmetic of the measurements, on given numbers."""

from functools import partial

import pytest

from ganlab.bench.timing import (
    Spread,
    interleaved,
    joined,
    median_bounds,
    milliseconds,
    overhead,
    ratio,
)


def test_every_variant_comes_first_in_turn() -> None:
    order: list[str] = []
    interleaved({name: partial(order.append, name) for name in "abc"}, 4)
    assert "".join(order) == "abcbcacababc"


def test_each_variant_is_charged_its_own_time() -> None:
    now = 0.0

    def spend(seconds: float) -> None:
        nonlocal now
        now += seconds

    times = interleaved({"a": lambda: spend(2.0), "b": lambda: spend(5.0)}, 3, clock=lambda: now)
    assert times == {"a": [2.0] * 3, "b": [5.0] * 3}


def test_a_ratio_is_taken_round_by_round() -> None:
    # The second round was slow for both: the ratio of medians would be 3.
    times = {"slow": [2.0, 20.0, 6.0], "fast": [1.0, 10.0, 2.0]}
    assert ratio(times, "slow", "fast") == Spread(2.0, 2.0, 3.0)


def test_an_overhead_is_a_share_of_the_bare_time() -> None:
    times = {"whole": [1.02] * 9, "bare": [1.0] * 9}
    assert overhead(times, "whole", "bare").median == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("count", "cut"), [(5, 0), (6, 0), (8, 0), (9, 1), (12, 2), (20, 5), (31, 9)]
)
def test_the_bounds_of_a_median_are_those_of_the_sign_test(count: int, cut: int) -> None:
    """Ranks from the tables of the sign test at 95 %."""
    values = [float(value) for value in range(count)]
    assert median_bounds(values) == (cut, count - 1 - cut)


def test_rounds_can_be_joined_to_longer_ones() -> None:
    assert joined({"a": [1.0, 2.0, 3.0, 4.0]}, 2) == {"a": [3.0, 7.0]}


def test_a_time_is_given_in_milliseconds_a_unit() -> None:
    assert milliseconds([0.1, 0.2, 9.0], 10) == 20.0
