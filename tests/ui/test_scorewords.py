"""Measurements in words and bars: the worst is named, and what is missing says so."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from ganlab.detectors.measured import DetectorScore, Measured, Rate, measured_of
from ganlab.ui import scorecharts, scorewords
from tests.detectors import measurements


def found(**changes: Any) -> Measured:
    return measured_of(measurements.row() | changes)


def traces(figure: go.Figure) -> list[Any]:
    return list(figure.data)


def test_families_stand_in_order_and_the_worst_is_red() -> None:
    bars, counts = traces(scorecharts.families(found()))
    assert list(bars.y) == ["SGD", "saturating loss", "range mismatch"]
    assert list(bars.x) == sorted(bars.x)
    assert len(set(bars.marker.color)) == 2 and bars.marker.color.count(bars.marker.color[0]) == 1
    assert counts.text[0] == "0.35 · found 6 of 24, right 6 of 10"


def test_the_lab_stands_on_top_of_the_simpler_rules() -> None:
    recall, precision = traces(scorecharts.rivals(found()))
    assert list(precision.y) == ["never", "loss rules", "ganlab"]
    assert list(precision.text) == ["no alarm", "30 of 55", "61 of 66"]
    assert list(recall.x) == [0.0, 30 / 64, 61 / 64]


def test_the_strongest_rules_are_drawn_and_all_are_listed() -> None:
    weak, strong = (measurements.row()["rivals"][name] for name in ("never", "loss rules"))
    many = found(rivals={f"rule {n}": weak for n in range(9)} | {"a strong one": strong})
    drawn = list(traces(scorecharts.rivals(many))[0].y)
    assert drawn[-2:] == ["a strong one", "ganlab"] and len(drawn) == scorecharts.STRONGEST + 1
    lines = scorewords.rivals_table(many).splitlines()
    assert len(lines) == 2 + 1 + 10
    assert lines[2].startswith("| **ganlab** | 61 of 66 (92 %) | 61 of 64 (95 %) | 0.94 |")
    assert lines[3].startswith("| a strong one | 30 of 55 (55 %)")


def test_without_families_or_delays_nothing_is_made_up() -> None:
    empty = found(families={}, macro_f1=None, hold=None)
    assert scorewords.worst_family(empty) == ""
    assert not any("stood for" in line for line in scorewords.fine_print(empty))
    assert len(traces(scorecharts.families(empty))[0].y) == 0
    never = found(detection=measurements.row()["rivals"]["never"])
    assert "**0 were noticed**.\n" in scorewords.headline(never)


def test_a_detector_without_failures_of_its_kind_has_no_recall() -> None:
    lines = scorewords.detector_lines(DetectorScore(Rate(1, 2), Rate(0, 0), None))
    assert lines[0].startswith("precision 1 of 2 (50 %)")
    assert lines[1:] == ["recall unknown: the test has no failed runs of the kinds it speaks of"]
