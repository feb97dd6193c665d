"""Curves are cheap, honest and steady."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from ganlab.ui.charts import EXTRA, Column, D, G, Mark, Panel, View, beside, curves, smooth


def traces(column: Column, view: View, marks: Sequence[Mark] = ()) -> list[Any]:
    return list(curves({"d_loss": column}, view, marks).data)


VIEW = View("run-1", smoothing=0.5)


def column(n: int) -> Column:
    steps = np.arange(n, dtype=float)
    return steps, steps / 100, np.sin(steps / 50)


def test_smoothing_a_constant_gives_the_constant_from_the_first_point_on() -> None:
    _, y = smooth(np.arange(50.0), np.full(50, 3.0), 0.9)
    assert y == pytest.approx(np.full(50, 3.0))


def test_smoothing_follows_the_debiased_average_of_its_definition() -> None:
    values = np.random.default_rng(0).normal(size=30)
    expected, total = [], 0.0
    for count, value in enumerate(values, start=1):
        total = 0.8 * total + 0.2 * value
        expected.append(total / (1 - 0.8**count))
    assert smooth(np.arange(30.0), values, 0.8)[1] == pytest.approx(expected)


def test_a_long_column_is_smoothed_to_a_bounded_number_of_points_and_keeps_its_last_step() -> None:
    x, y = smooth(np.arange(100_003.0), np.ones(100_003), 0.9)
    assert len(x) == len(y) <= 400
    assert x[-1] == 100_002


def test_metrics_of_one_chart_differ_in_colour() -> None:
    def colours(*names: str) -> list[str]:
        view = View("run-1", smoothing=0)
        lines: list[Any] = list(curves({name: column(9) for name in names}, view).data)
        return [line.line.color for line in lines[: len(names)]]

    assert len(set(colours("diversity", "top_bin"))) == 2
    assert len(set(colours("d_loss", "grad_norm_d"))) == 2
    assert colours("d_loss", "g_loss", "penalty") == [D, G, EXTRA]


def test_an_empty_column_draws_an_empty_chart() -> None:
    assert len(curves({"d_loss": column(0), "g_loss": column(0)}, VIEW).data) == 6


def test_a_chart_of_a_long_run_is_no_heavier_than_that_of_a_short_one() -> None:
    short = len(curves({"d_loss": column(2_000)}, VIEW).to_json())
    assert len(curves({"d_loss": column(200_000)}, VIEW).to_json()) < 1.5 * short


def test_the_chart_keeps_zoom_and_legend_of_its_run() -> None:
    assert curves({"d_loss": column(9)}, VIEW).layout.uirevision == "run-1"


def test_without_smoothing_the_measured_line_alone_is_drawn_in_full() -> None:
    view = View("run-1", smoothing=0)
    assert [trace.opacity for trace in traces(column(9), view) if trace.name == "D loss"] == [None]


def test_points_travel_as_short_floats() -> None:
    assert traces(column(9), VIEW)[0].y.dtype == np.float32


def test_a_mark_stands_at_its_step_or_at_the_second_of_that_step() -> None:
    marks = [Mark(500, "patch", "step 500: lr_d = 0.1")]
    by_step = traces(column(1000), VIEW, marks)
    by_time = traces(column(1000), View("run-1", seconds=True), marks)
    assert by_step[2].x[0] == 500
    assert by_time[2].x[0] == pytest.approx(5.0)


def test_marks_change_neither_number_nor_order_of_the_traces() -> None:
    marks = [Mark(step, "failure", "") for step in range(1000)]
    with_marks = traces(column(9), VIEW, marks)
    assert [trace.name for trace in with_marks] == [trace.name for trace in traces(column(9), VIEW)]


def test_losses_can_be_drawn_on_a_log_axis() -> None:
    figure = curves({"d_loss": column(9)}, View("run-1", log=True))
    assert figure.layout.yaxis.type == "log"


def test_two_runs_are_drawn_on_matching_axes_with_one_legend() -> None:
    marks = [Mark(5, "failure", "")]
    panels = [
        Panel("Failing", {"d_loss": column(9)}, marks),
        Panel("Cured", {"d_loss": column(90)}),
    ]
    figure = beside(panels, VIEW, range=[0, 1])
    layout = figure.layout
    assert (layout.xaxis2.matches, layout.yaxis3.matches) == ("x", "y")
    assert tuple(layout.yaxis.range) == tuple(layout.yaxis3.range) == (0, 1)
    assert [note.text for note in layout.annotations] == ["<b>Failing</b>", "<b>Cured</b>"]
    data: list[Any] = list(figure.data)
    left, right = data[:4], data[4:]
    assert {trace.xaxis for trace in left} == {None}
    assert {(trace.xaxis, trace.showlegend) for trace in right} == {("x2", False)}


def test_a_twin_that_does_not_run_yet_leaves_its_half_empty() -> None:
    panels = [Panel("Failing", {"d_loss": column(9)}), Panel("", {"d_loss": column(0)})]
    assert len(beside(panels, View("run-1", log=True)).data) == 8
