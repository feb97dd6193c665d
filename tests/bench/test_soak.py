"""The soak's figures on given samples; the browsers themselves are the business of the command."""

from __future__ import annotations

import math
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ganlab.bench import soak
from ganlab.bench.server import CannotMeasureError, Server
from ganlab.bench.soak import Sample


def samples(slope: float, *, handles: int = 0) -> list[Sample]:
    """Two hours, every half minute, with noise; handles that grow by so many."""
    noise = np.random.default_rng(0).normal(0, 3, 240)
    return [
        Sample(30 * n, 500 + slope * n / 120 + noise[n], 40 + handles * n // 240, 30, 0.03, True)
        for n in range(240)
    ]


@pytest.mark.parametrize("slope", [0.0, 25.0])
def test_the_slope_is_found_within_its_bounds(slope: float) -> None:
    found = soak.outcome(samples(slope)).slope
    assert found.low < slope < found.high
    assert found.high - found.low < 4


def test_samples_that_are_alike_count_as_fewer() -> None:
    noise = np.random.default_rng(3).normal(size=240)
    walk = np.convolve(noise, np.ones(20) / np.sqrt(20), "same")
    hours = (np.arange(240) / 120).tolist()
    alone, alike = (soak.slope(hours, list(values)) for values in (noise, walk))
    assert alike.high - alike.low > 3 * (alone.high - alone.low)


def test_a_leak_misses_its_target_and_is_told() -> None:
    calm = soak.report(soak.outcome(samples(0.0)), {"train": 3}, [], 600)
    assert "MISSED" not in calm
    leak = soak.report(soak.outcome(samples(25.0, handles=20)), {"train": 3}, ["after x: y"], 600)
    assert leak.count("MISSED") == 2
    assert "after x: y" in leak


def test_a_server_that_nobody_used_does_not_pass() -> None:
    idle = [replace(each, trains=False) for each in samples(0.0)]
    told = soak.report(soak.outcome(idle), {"train": 1, "train, missed": 9}, [], 600)
    assert told.count("MISSED") == 2


@pytest.mark.parametrize("hours", [0.01, -1.0, math.nan, math.inf])
def test_too_short_a_time_is_refused_before_anything_starts(hours: float) -> None:
    with pytest.raises(CannotMeasureError, match="allowed: 0"):
        soak.main(hours=hours)


def test_this_process_is_measured(tmp_path: Path) -> None:
    timings = tmp_path / "timings.txt"
    timings.write_text("9 9\n0.2 0.1\n0.4 0.1\n")
    found = soak.sample(Server("", os.getpid(), tmp_path, timings), 1.0, told=1)
    assert found.refresh == pytest.approx(0.3)
    assert found.rss > 10
    assert found.handles >= 3
    assert not found.trains
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "metrics.jsonl").touch()
    assert soak.sample(Server("", os.getpid(), tmp_path, timings), 1.0, told=1).trains
    with pytest.raises(CannotMeasureError, match="/proc"):
        soak.sample(Server("", 2**30, tmp_path, timings), 1.0, 0)
