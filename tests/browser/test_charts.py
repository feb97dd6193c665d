"""What charts do in the reader's hands: the script behind them on a page of their own."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from playwright.sync_api import Page, expect
from plotly.offline import get_plotlyjs

import ganlab.ui.plot
from ganlab.runs.history import Column
from ganlab.ui.charts import NOTHING, Panel, View, chart

pytestmark = pytest.mark.browser
SCRIPT = Path(ganlab.ui.plot.__file__).with_name("chart.js").read_text()
VIEW = View("run-1", smoothing=0)
LOAD = """async source => {
    const script = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    window.chart = (await import(script)).default;
}"""
DRAW = """([id, text]) => window.chart({
    parentElement: document.getElementById(id), data: new TextEncoder().encode(text) })"""


class Charts:
    """Charts below each other, as the lab's page has them."""

    def __init__(self, page: Page, *names: str) -> None:
        self.page = page
        boxes = "".join(
            f'<div id="{name}" style="height:205px"><div class="ganlab-chart"></div></div>'
            for name in names
        )
        page.set_content(f'<body style="margin:0;width:900px">{boxes}</body>')
        page.add_script_tag(content=get_plotlyjs())
        page.evaluate(LOAD, SCRIPT)

    def draw(self, name: str, figure: go.Figure) -> None:
        self.page.evaluate(DRAW, [name, figure.to_json()])
        data: Any = figure.data
        self.page.wait_for_function(
            f"{self._box(name)}._fullData?.length === {len(data)}"
            f" && {self._box(name)}.drawn?.startsWith({self._box(name)}.text)"
        )

    def range(self, name: str, axis: str) -> list[float]:
        found: list[float] = self.page.evaluate(f"{self._box(name)}._fullLayout.{axis}.range")
        return found

    def expect_range(self, name: str, axis: str, low: float, high: float) -> None:
        self.page.wait_for_function(
            f"""Math.abs({self._box(name)}._fullLayout.{axis}.range[0] - {low}) < 1e-6 &&
            Math.abs({self._box(name)}._fullLayout.{axis}.range[1] - {high}) < 1e-6"""
        )

    def drag(self, name: str, start: float, end: float, down: float = 0) -> None:
        """A zoom box over these shares of the plot's width; flat, it zooms along x alone."""
        left, top, width = self._plot(name)
        mouse = self.page.mouse
        mouse.move(left + start * width, top + 30)
        mouse.down()
        mouse.move(left + end * width, top + 30 + down, steps=5)
        mouse.up()
        self.page.wait_for_function(f"!{self._box(name)}._dragging")

    def double_click(self, name: str) -> None:
        left, top, width = self._plot(name)
        # Plotly counts clicks by the clock; this one is to be the first.
        self.page.evaluate(f"{self._box(name)}._mouseDownTime = 0")
        self.page.mouse.dblclick(left + 0.6 * width, top + 60)

    def hover(self, name: str, share: float) -> None:
        left, top, width = self._plot(name)
        self.page.mouse.move(left + share * width, top + 60, steps=3)

    def labels(self, name: str) -> Any:
        return self.page.locator(f"#{name} .hoverlayer .hovertext")

    def hovered_step(self, name: str) -> Any:
        return self.page.locator(f"#{name} .hoverlayer .axistext")

    def _box(self, name: str) -> str:
        return f"document.querySelector('#{name} .ganlab-chart')"

    def _plot(self, name: str) -> tuple[float, float, float]:
        box = self.page.locator(f"#{name} .nsewdrag").first.bounding_box()
        assert box is not None
        return box["x"], box["y"], box["width"]


def column(values: Sequence[float], every: int = 10) -> Column:
    steps = np.arange(len(values), dtype=float) * every
    return Column(steps, steps, np.array(values, dtype=float))


def losses(values: Sequence[float], view: View = VIEW) -> go.Figure:
    return chart("Losses", [Panel("", {"d_loss": column(values)})], view)


def gradients(values: Sequence[float]) -> go.Figure:
    return chart("Gradients", [Panel("", {"grad_norm_g": column(values)})], VIEW)


SPIKY = [1.0, 1.5] * 50
SPIKY[30] = 5000.0


def test_the_axis_that_a_cured_twin_changes_follows_its_values(page: Page) -> None:
    """The cure of mode-collapse has scores where the failing run has probabilities."""
    charts = Charts(page, "outputs")
    failing = {"d_real": NOTHING, "d_fake": NOTHING}
    scores = {"logit_real": column([50.0, -50.0]), "logit_fake": column([3.0, 40.0])}
    empty = {"logit_real": NOTHING, "logit_fake": NOTHING}
    for columns in (failing, empty, scores):
        figure: Any = chart("Outputs", [Panel("Failing", columns), Panel("Cured", columns)], VIEW)
        charts.draw("outputs", figure)
        for axis in ("yaxis", "yaxis3"):
            charts.expect_range("outputs", axis, *figure.layout.yaxis.range)
    assert charts.range("outputs", "yaxis")[1] > 50


def test_the_range_follows_the_curve_until_the_reader_zooms(page: Page) -> None:
    charts = Charts(page, "losses")
    charts.draw("losses", losses([1.0, 2.0, 3.0]))
    charts.draw("losses", losses([1.0, 2.0, 30.0]))
    assert charts.range("losses", "yaxis")[1] > 30
    charts.drag("losses", 0.2, 0.6, down=60)
    zoomed = [charts.range("losses", axis) for axis in ("xaxis", "yaxis")]
    assert zoomed[1][1] < 30
    charts.draw("losses", losses([1.0, 2.0, 30.0, 300.0]))
    assert [charts.range("losses", axis) for axis in ("xaxis", "yaxis")] == zoomed
    charts.draw("losses", losses([1.0, 2.0], View("run-2")))
    charts.expect_range("losses", "xaxis", 0, 10)


def test_a_double_click_shows_the_spike_and_another_one_hides_it(page: Page) -> None:
    charts = Charts(page, "losses")
    figure: Any = losses(SPIKY)
    charts.draw("losses", figure)
    first = charts.range("losses", "yaxis")
    assert first[1] < 3
    marks = page.locator("#losses .scatterlayer .points path")
    expect(marks).to_have_count(1)
    charts.double_click("losses")
    charts.expect_range("losses", "yaxis", *figure.layout.meta["full"]["yaxis"])
    expect(marks).to_have_count(0)
    charts.double_click("losses")
    charts.expect_range("losses", "yaxis", *first)


def test_a_zoom_in_one_chart_is_a_zoom_in_all_and_one_double_click_undoes_it(page: Page) -> None:
    charts = Charts(page, "losses", "gradients", "other")
    charts.draw("losses", losses([1.0, 2.0] * 20))
    charts.draw("gradients", gradients([5.0, 6.0] * 20))
    charts.draw("other", losses([1.0, 2.0] * 20, View("run-2")))
    tall = charts.range("gradients", "yaxis")
    charts.drag("losses", 0.3, 0.5)
    low, high = charts.range("losses", "xaxis")
    assert 100 < low < high < 210
    charts.expect_range("gradients", "xaxis", low, high)
    assert charts.range("gradients", "yaxis") == tall
    assert charts.range("other", "xaxis") == [0, 390]
    charts.draw("gradients", gradients([5.0, 6.0] * 30))
    assert charts.range("gradients", "xaxis") == [low, high]
    charts.double_click("gradients")
    charts.expect_range("losses", "xaxis", 0, 390)
    charts.expect_range("gradients", "xaxis", 0, 590)


def test_a_chart_that_comes_later_joins_the_zoom(page: Page) -> None:
    charts = Charts(page, "losses", "gradients")
    charts.draw("losses", losses([1.0, 2.0] * 20))
    charts.drag("losses", 0.3, 0.5)
    charts.draw("gradients", gradients([5.0, 6.0] * 20))
    assert charts.range("gradients", "xaxis") == charts.range("losses", "xaxis")


def test_hovering_one_chart_reads_all_charts_and_both_twins_at_that_step(page: Page) -> None:
    charts = Charts(page, "losses", "gradients")
    twins = [Panel(title, {"d_loss": column([1.0, 2.0] * 20)}) for title in ("Failing", "Cured")]
    charts.draw("losses", chart("Losses", twins, VIEW))
    charts.draw("gradients", gradients([5.0, 6.0] * 20))
    charts.hover("gradients", 0.5)
    expect(charts.labels("gradients")).to_have_count(1)
    step = charts.hovered_step("gradients").text_content()
    expect(charts.labels("losses")).to_have_count(2)
    expect(charts.hovered_step("losses")).to_have_text(step)
    charts.hover("losses", 0.25)
    expect(charts.labels("losses")).to_have_count(2)
    expect(charts.hovered_step("gradients")).not_to_have_text(step)
    page.mouse.move(890, 700)
    expect(charts.labels("losses")).to_have_count(0)
    expect(charts.labels("gradients")).to_have_count(0)


def test_a_chart_says_in_words_what_it_shows(page: Page) -> None:
    charts = Charts(page, "losses")
    charts.draw("losses", losses([2.0, 1.1]))
    charts.draw("losses", losses([2.0, 1.1, 0.95]))
    box = page.locator("#losses .ganlab-chart")
    expect(box).to_have_attribute("aria-label", "Losses: D loss 0.95 at step 20")


def test_no_tick_is_covered_or_cut(page: Page) -> None:
    charts = Charts(page, "gradients")
    log = View("run-1", smoothing=0, log=True)
    panel = Panel("", {"grad_norm_g": column([0.0, *10.0 ** np.linspace(-17, 6, 40)])})
    charts.draw("gradients", chart("Gradients", [panel], log))
    texts = page.locator("#gradients .yaxislayer-above text")
    boxes = [box for box in (text.bounding_box() for text in texts.all()) if box]
    assert 3 <= len(boxes) <= 8
    assert all(box["x"] >= 0 for box in boxes)
    tops = sorted(box["y"] for box in boxes)
    assert all(below - above >= 10 for above, below in itertools.pairwise(tops))
