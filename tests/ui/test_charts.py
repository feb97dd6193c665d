"""Curves are cheap, honest and steady."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from ganlab.ui.charts import EXTRA, NOTHING, Column, D, G, Mark, Panel, View, chart
from ganlab.ui.lines import OUTSIDE, smooth

VIEW = View("run-1", smoothing=0.5)


def column(n: int) -> Column:
    steps = np.arange(n, dtype=float)
    return Column(steps, steps / 100, np.sin(steps / 50))


def of(values: Sequence[float]) -> Column:
    steps = np.arange(len(values), dtype=float)
    return Column(steps, steps, np.array(values, dtype=float))


def figure(columns: dict[str, Column], view: View = VIEW, marks: Sequence[Mark] = ()) -> Any:
    return chart("Losses", [Panel("", columns, marks)], view)


def traces(found: Any, name: str) -> list[Any]:
    every: list[Any] = list(found.data)
    return [trace for trace in every if trace.name == name]


def outliers(found: Any) -> list[Any]:
    every: list[Any] = list(found.data)
    return [trace for trace in every if trace.meta == OUTSIDE and len(trace.x)]


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


def test_a_mean_of_many_values_weighs_as_much_as_they_would_in_the_average() -> None:
    x = np.arange(6.0)
    whole = smooth(x, np.array([2.0, 2.0, 2.0, 2.0, 5.0, 7.0]), 0.8)[1]
    thinned = smooth(x[3:], np.array([2.0, 5.0, 7.0]), 0.8, counts=np.array([4.0, 1.0, 1.0]))[1]
    assert thinned == pytest.approx(whole[3:])


def test_a_long_column_is_smoothed_to_a_bounded_number_of_points_and_keeps_its_last_step() -> None:
    x, y = smooth(np.arange(100_003.0), np.ones(100_003), 0.9)
    assert len(x) == len(y) <= 400
    assert x[-1] == 100_002


def test_metrics_of_one_chart_differ_in_colour() -> None:
    def colours(*names: str) -> list[str]:
        found = figure({name: column(9) for name in names}, View("run-1", smoothing=0))
        lines: list[Any] = list(found.data)
        return [line.line.color for line in lines[: len(names)]]

    assert len(set(colours("diversity", "top_bin"))) == 2
    assert len(set(colours("d_loss", "grad_norm_d"))) == 2
    assert colours("d_loss", "g_loss", "penalty") == [D, G, EXTRA]


def test_a_chart_of_a_long_run_is_no_heavier_than_that_of_a_short_one() -> None:
    short = len(figure({"d_loss": column(2_000)}).to_json())
    assert len(figure({"d_loss": column(200_000)}).to_json()) < 1.5 * short


def test_the_chart_keeps_zoom_and_legend_of_its_run() -> None:
    layout = figure({"d_loss": column(9)}).layout
    assert layout.uirevision == "run-1"
    assert layout.meta["link"] == "run-1 steps"
    assert (
        figure({"d_loss": column(9)}, View("run-1", seconds=True)).layout.meta["link"]
        != (layout.meta["link"])
    )


def test_without_smoothing_the_measured_line_alone_is_drawn_in_full() -> None:
    found = figure({"d_loss": column(9)}, View("run-1", smoothing=0))
    assert [(trace.mode, trace.opacity) for trace in traces(found, "D loss")] == [
        ("lines", None),
        ("markers", None),
    ]


def test_points_travel_as_short_floats_where_these_can_hold_them() -> None:
    assert figure({"d_loss": column(9)}).data[0].y.dtype == np.float32
    tiny = figure({"grad_norm_g": of([1.0, 1e-60, 1e-60])}, View("run-1", log=True))
    assert tiny.data[0].y.min() == pytest.approx(1e-60)


def test_a_mark_stands_at_its_step_or_at_the_second_of_that_step() -> None:
    marks = [Mark(500, "patch", "step 500: lr_d = 0.1")]
    by_step = figure({"d_loss": column(1000)}, VIEW, marks)
    by_time = figure({"d_loss": column(1000)}, View("run-1", seconds=True), marks)
    assert traces(by_step, "live patch")[0].x[0] == 500
    assert traces(by_time, "live patch")[0].x[0] == pytest.approx(5.0)


def test_neither_marks_nor_outliers_change_number_or_order_of_the_traces() -> None:
    marks = [Mark(step, "failure", "") for step in range(1000)]
    names = [trace.name for trace in figure({"d_loss": column(9), "g_loss": NOTHING}).data]
    spiky = {"d_loss": of([1.0] * 30 + [900.0]), "g_loss": column(9)}
    assert [trace.name for trace in figure(spiky, VIEW, marks).data] == names


def test_a_spike_is_marked_at_the_edge_and_said_with_its_value_and_step() -> None:
    values = np.sin(np.arange(200.0))
    values[120] = 4.1e5
    found = figure({"d_loss": of(values.tolist())})
    low, high = found.layout.yaxis.range
    assert -1.5 < low < -0.9 and 0.9 < high < 1.5
    (mark,) = outliers(found)
    assert (mark.x.tolist(), mark.y[0]) == ([120], pytest.approx(high))
    assert mark.marker.symbol == ("triangle-up",)
    assert "D loss 4.1e5 at step 120" in mark.text[0]
    assert found.layout.meta["full"]["yaxis"][1] > 4.1e5


def test_a_spike_does_not_carry_the_smoothed_line_away() -> None:
    values = [1.0, 1.2] * 100
    values[120] = 4.1e5
    found = figure({"d_loss": of(values)}, View("run-1", smoothing=0.9))
    assert traces(found, "D loss")[1].y.max() < 2


def test_many_outliers_make_few_marks_and_the_largest_is_one_of_them() -> None:
    values = np.ones(20_000)
    values[::150] = 100.0 + np.arange(len(values[::150]))
    (mark,) = outliers(figure({"d_loss": of(values.tolist())}))
    assert len(mark.x) <= 40
    assert any(f"D loss {values.max():g} at" in text for text in mark.text)


def test_an_infinite_loss_is_marked() -> None:
    (mark,) = outliers(figure({"d_loss": of([1.0, 1.1] * 10 + [float("inf")])}))
    assert "D loss inf at step 20" in mark.text[0]


def test_exact_zeros_are_drawn_on_a_log_axis_and_read_as_zero() -> None:
    gradient = of([1.0, 1e-3, 1e-6, 0.0, 0.0, 1e-2])
    found = figure({"grad_norm_g": gradient}, View("run-1", log=True, smoothing=0))
    line = traces(found, "G gradient")[0]
    axis = found.layout.yaxis
    floor = axis.tickvals[axis.ticktext.index("0")]
    assert line.y[[3, 4]] == pytest.approx([floor, floor])
    assert floor < 1e-6
    assert 10 ** axis.range[0] < floor
    assert line.customdata.tolist() == pytest.approx(gradient.values.tolist())
    assert line.hovertemplate == "%{customdata:.4g}"


def test_the_smoothed_line_of_a_gradient_that_stays_zero_is_zero() -> None:
    gradient = of([1.0] * 50 + [0.0] * 400)
    line = traces(figure({"grad_norm_g": gradient}, View("run-1", log=True)), "G gradient")[1]
    assert line.customdata[-1] == 0
    assert line.y[-1] > 0


def test_losses_can_be_drawn_on_a_log_axis() -> None:
    assert figure({"d_loss": of([1, 2, 3])}, View("run-1", log=True)).layout.yaxis.type == "log"


def test_negative_losses_are_drawn_on_a_linear_axis_that_says_why() -> None:
    found = figure({"d_loss": of([3.0, -2.0, 1.0])}, View("run-1", log=True))
    assert found.layout.yaxis.type == "linear"
    assert "linear axis: some values are negative" in found.layout.annotations[0].text


def twins(**right: Column) -> Any:
    left = {name: of([1.0, 2.0, 3.0]) for name in right}
    panels = [Panel("Failing", left, [Mark(2, "failure", "")]), Panel("Cured", right)]
    return chart("Losses", panels, VIEW)


def test_two_runs_are_drawn_on_matching_axes_with_one_legend() -> None:
    found = twins(d_loss=of([5.0] * 90))
    layout = found.layout
    assert (layout.xaxis2.matches, layout.yaxis3.matches) == ("x", "y")
    assert layout.xaxis.range == layout.xaxis2.range == (0, 89)
    assert layout.yaxis.range == layout.yaxis3.range
    assert layout.yaxis.range[0] < 1 and layout.yaxis.range[1] > 5
    assert [note.text for note in layout.annotations] == [
        "<b>Losses</b> (nats) · Failing",
        "<b>Cured</b>",
    ]
    data: list[Any] = list(found.data)
    left, right = data[: len(data) // 2], data[len(data) // 2 :]
    assert {trace.xaxis for trace in left} == {None}
    assert {(trace.xaxis, trace.showlegend) for trace in right} == {("x2", False)}


@pytest.mark.parametrize("log", [False, True])
def test_every_axis_has_a_range_from_the_first_row_on(log: bool) -> None:
    """Plotly keeps [-1, 4] for an axis that loses its range while another matches it."""
    for right in (NOTHING, of([1.0]), column(9)):
        panels = [Panel("Failing", {"d_loss": right}), Panel("", {"d_loss": NOTHING})]
        layout: Any = chart("Losses", panels, View("run-1", log=log)).layout
        axes = [layout[name] for name in ("xaxis", "xaxis2", "yaxis", "yaxis3", "yaxis2")]
        assert all(low < high for low, high in (axis.range for axis in axes))


def test_a_chart_has_a_line_for_those_who_do_not_see_it() -> None:
    columns = {"d_loss": of([2.0, 1.1]), "g_loss": of([1.0, 0.95])}
    said = figure(columns).layout.meta["summary"]
    assert said == "Losses: D loss 1.1, G loss 0.95 at step 1"
    assert figure({"d_loss": column(2_501)}).layout.meta["summary"].endswith("at step 2\u202f500")
    said = twins(d_loss=NOTHING).layout.meta["summary"]
    assert said == "Losses: Failing: D loss 3 at step 2; Cured: nothing measured yet"


def test_no_title_stands_beside_the_ticks() -> None:
    layout = figure({"grad_norm_g": of([1e-12, 1e3])}, View("run-1", log=True)).layout
    assert layout.yaxis.title.text is None
    assert layout.annotations[0].text == "<b>Losses</b> (norm)"
    assert max(map(len, layout.yaxis.ticktext)) * 7 < layout.margin.l
