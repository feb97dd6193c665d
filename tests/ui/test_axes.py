"""Ranges that a spike cannot take over, and ticks that can be read."""

from __future__ import annotations

import numpy as np
import pytest

from ganlab.ui.axes import NEGATIVE, Floats, linear_ticks, log_ticks, scale_of

CALM = 1.0 + 0.1 * np.sin(np.arange(300.0))


def spiked(value: float, at: int = 150, base: Floats = CALM) -> Floats:
    values = base.copy()
    values[at] = value
    return values


@pytest.mark.parametrize("spike", [50.0, -50.0, 1e9, -1e9])
@pytest.mark.parametrize("at", [0, 150, 299])
def test_one_outlier_does_not_flatten_a_curve(spike: float, at: int) -> None:
    low, high = scale_of([spiked(spike, at)]).shown
    assert 0.8 < low < 0.91 and 1.09 < high < 1.2


def test_all_of_it_can_still_be_shown() -> None:
    scale = scale_of([spiked(50.0)])
    assert scale.full[0] < 0.9 and scale.full[1] > 50
    assert scale.outside(np.array([0.95, 50.0])).tolist() == [False, True]


def test_what_lies_a_little_off_is_shown() -> None:
    assert scale_of([spiked(1.2)]).shown[1] > 1.2


def test_a_curve_that_has_left_for_good_is_followed() -> None:
    assert scale_of([np.concatenate([np.tile(CALM, 20), np.full(20, 400.0)])]).shown[1] > 400


def test_the_axis_begins_at_zero_where_values_come_near_it() -> None:
    assert -0.1 < scale_of([np.linspace(0.3, 1.0, 50)]).shown[0] <= 0
    assert scale_of([np.linspace(0.7, 1.0, 50)]).shown[0] > 0.6


def test_a_constant_is_drawn_as_one() -> None:
    assert scale_of([np.full(50, 0.2)]).shown == pytest.approx((0.18, 0.22))


def test_the_few_values_of_a_young_run_are_all_shown() -> None:
    low, high = scale_of([np.array([20.0, 1.0, 0.9])]).shown
    assert low < 0.9 and high > 20


def test_two_metrics_of_different_size_are_both_in_range() -> None:
    low, high = scale_of([CALM / 100, spiked(9000.0, base=8 * CALM)]).shown
    assert low < 0.009 and 8.8 < high < 15


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize(
    "values",
    [
        [],
        [np.nan],
        [3.0],
        [0.0],
        [0.0, 0.0],
        [1.386] * 50,
        [np.inf, 1.0],
        [1e-320, 2.0],
        [1e308, -1e308],
    ],
)
def test_every_column_has_a_range_and_ticks_within_it(values: list[float], log: bool) -> None:
    scale = scale_of([np.array(values, dtype=float)], log=log)
    axis = scale.axis()
    low, high = scale.shown
    assert np.isfinite(axis["range"]).all() and axis["range"][0] < axis["range"][1]
    assert 1 <= len(axis["tickvals"]) <= 8
    assert all(low <= tick <= high for tick in axis["tickvals"])
    finite = np.array([value for value in values if np.isfinite(value)])
    assert not scale.outside(np.clip(finite, -1e290, 1e290)).any()


def test_decades_are_readable_from_1e_17_to_1e6() -> None:
    scale = scale_of([10.0 ** np.linspace(-17, 6, 500)], log=True)
    texts = scale.axis()["ticktext"]
    assert texts == ["1e-16", "1e-12", "1e-8", "1e-4", "1", "1e4"]


@pytest.mark.parametrize("span", [1, 2, 3, 5, 9, 16, 23, 40, 80, 300])
def test_a_log_axis_has_three_to_eight_ticks(span: int) -> None:
    assert 3 <= len(log_ticks(-span / 2, span / 2)) <= 8


def test_a_zero_lies_below_every_value_and_apart_from_the_next_tick() -> None:
    scale = scale_of([np.array([0.0, *10.0 ** np.linspace(-9, 2, 200)])], log=True)
    assert scale.zero is not None and 1e-12 < scale.zero < 1e-9
    axis = scale.axis()
    assert axis["ticktext"][0] == "0"
    assert axis["tickvals"][1] > 2 * scale.zero
    assert scale.place(np.array([0.0, 1e-9])).tolist() == [scale.zero, 1e-9]


def test_one_tiny_value_does_not_flatten_a_log_axis_without_zeros() -> None:
    assert scale_of([spiked(1e-30)], log=True).shown[0] > 1e-3


def test_negative_values_make_the_axis_linear_and_are_said() -> None:
    scale = scale_of([np.array([-3.0, 1.0]), np.array([2.0, 5.0])], log=True)
    assert (scale.log, scale.words) == (False, NEGATIVE)
    assert scale.shown[0] < -3


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (-0.05, 1.05, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (1.37, 1.39, ["1.370", "1.375", "1.380", "1.385", "1.390"]),
        (-600, 2100, ["-500", "0", "500", "1000", "1500", "2000"]),
        (0, 9e-5, ["0", "2e-5", "4e-5", "6e-5", "8e-5"]),
    ],
)
def test_round_numbers_stand_at_a_linear_axis(low: float, high: float, texts: list[str]) -> None:
    assert [text for _, text in linear_ticks(low, high)] == texts
