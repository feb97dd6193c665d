"""The committed measurement, read back; the project works without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from ganlab.bench.corpus.results import Results
from ganlab.bench.corpus.scores import Detection, DetectorScore, FamilyScore, StateScore
from ganlab.bench.corpus.scores import Rate as Counted
from ganlab.detectors import DETECTORS, measured
from ganlab.detectors.measured import Rate
from tests.detectors import measurements


def test_without_a_file_nothing_was_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measured, "FILE", tmp_path / "measured.json")
    assert measured.measured() is None


def test_what_is_committed_speaks_of_detectors_that_exist() -> None:
    if found := measured.measured():
        assert found.detectors.keys() <= {kind.name for kind in DETECTORS}
        assert found.runs["healthy"] == found.detection.false_alarms.all


def test_a_measurement_is_read_from_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measured, "FILE", measurements.write(tmp_path))
    found = measured.measured()
    assert found is not None
    assert found.families["SGD"].recall == Rate(6, 24)
    assert found.rivals["never"].median_delay is None
    assert found.detectors[measurements.SILENT].precision.all == 0


def test_the_benchmark_writes_what_is_read_here() -> None:
    rate = Counted(3, 4)
    seen = Detection(rate, rate, rate, (100, 300))
    family = FamilyScore("SGD", rate, rate, rate, rate, rate)
    results = Results(
        hold=10.0, calibrating=99, runs={"failed": 4, "healthy": 4, "neither": 0}, detection=seen,
        rivals={"rule": seen}, families=[family], of_configs=[family], of_held_out=[],
        detectors=[DetectorScore("Oscillation", rate, rate, ())],
        states=[StateScore("died", rate, rate)], top1=rate, top3=rate,
        mild_alarms=rate, misses=["a line"],
    )  # fmt: skip
    found = measured.measured_of(results.as_row())
    assert found.detection.median_delay == 200
    assert found.families["SGD"].f1 == pytest.approx(0.75)
    assert found.detectors["Oscillation"].median_delay is None
    assert found.states["died"].recall == Rate(3, 4)


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [
        (0, 10, 0.0, 0.3085),
        (10, 10, 0.6915, 1.0),
        (5, 150, 0.0109, 0.0761),
        (7, 150, 0.0190, 0.0938),
    ],
)
def test_the_interval_is_the_exact_one(hits: int, count: int, low: float, high: float) -> None:
    assert Rate(hits, count).interval == pytest.approx((low, high), abs=1e-4)
