"""A metric of any length takes bounded memory, and nothing that matters is lost."""

from __future__ import annotations

import numpy as np
import pytest

from ganlab.runs.series import Column, Floats, Series

SMALL = {"stretches": 16, "newest": 32}


def filled(values: Floats, at_once: int = 7, **sizes: int) -> Series:
    series = Series(**sizes)
    steps = np.arange(len(values), dtype=float)
    for start in range(0, len(values), at_once):
        part = slice(start, start + at_once)
        series.extend(steps[part], steps[part] / 10, values[part])
    return series


@pytest.mark.parametrize("size", [0, 1, 31, 63])
def test_a_short_series_is_kept_whole(size: int) -> None:
    values = np.random.default_rng(size).normal(size=size)
    column = filled(values, **SMALL).column()
    np.testing.assert_array_equal(column.values, values)
    np.testing.assert_array_equal(column.steps, np.arange(size))
    assert column.thinned is None


@pytest.mark.parametrize("size", [64, 65, 500, 5000, 40_000])
@pytest.mark.parametrize("at_once", [1, 7, 6000])
def test_a_long_series_is_bounded_and_keeps_its_newest_values(size: int, at_once: int) -> None:
    values = np.random.default_rng(size).normal(size=size)
    column = filled(values, at_once, **SMALL).column()
    assert len(column.values) <= 3 * 2 * 16 + 2 * max(32, size // 16)
    np.testing.assert_array_equal(column.values[-32:], values[-32:])
    np.testing.assert_array_equal(column.values, values[column.steps.astype(int)])
    assert (np.diff(column.steps) > 0).all()
    np.testing.assert_allclose(column.seconds, column.steps / 10)


@pytest.mark.parametrize("place", [0, 1, 777, 2500, 4990])
def test_a_spike_an_exact_zero_and_a_gap_survive(place: int) -> None:
    for value in (1e6, 0.0, np.nan, np.inf):
        values = np.random.default_rng(place).uniform(1, 2, size=5000)
        values[place] = value
        column = filled(values, **SMALL).column()
        at = np.flatnonzero(column.steps == place)
        np.testing.assert_array_equal(column.values[at], [value])


@pytest.mark.parametrize("size", [50, 500, 12_345])
def test_the_mean_of_all_values_is_that_of_the_means(size: int) -> None:
    values = np.random.default_rng(size).normal(size=size)
    values[3] = np.nan
    steps, seconds, means, counts = filled(values, **SMALL).column().means
    known = ~np.isnan(means)
    average = np.average(means[known], weights=None if counts is None else counts[known])
    assert average == pytest.approx(np.nanmean(values))
    assert (steps[-1], seconds[-1]) == (size - 1, (size - 1) / 10)
    assert (np.diff(steps) > 0).all()


def test_the_latest_value_is_known_at_any_length() -> None:
    series = filled(np.arange(1000.0), **SMALL)
    assert (len(series), series.latest) == (1000, 999)


def test_a_column_that_is_shared_cannot_be_written_to() -> None:
    column = filled(np.ones(10)).column()
    with pytest.raises(ValueError, match="read-only"):
        column.values[0] = 2.0


def test_a_column_stays_as_it_was_when_the_series_goes_on() -> None:
    series = filled(np.ones(10), **SMALL)
    before = series.column()
    series.extend(np.array([10.0]), np.array([1.0]), np.array([5.0]))
    assert len(before.values) == 10
    assert series.column().values[-1] == 5


def test_a_plain_column_is_its_own_mean() -> None:
    column = Column(np.array([1.0]), np.array([2.0]), np.array([3.0]))
    assert column.means == (*column[:3], None)
