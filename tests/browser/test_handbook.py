"""A reader's way through the handbook in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ganlab.definitions import formula_of
from ganlab.detectors import TotalCollapse
from ganlab.detectors.measured import measured
from ganlab.remedies.catalogue import MINIBATCH_STD
from ganlab.ui.streams import fired
from tests.browser.conftest import Server

pytestmark = pytest.mark.browser

SICK = next(specimen for specimen in TotalCollapse.specimens() if specimen.expects)
FINDINGS = """chart => chart._fullData.filter(trace => trace.name === 'finding')
    .flatMap(trace => Array.from(trace.x)).filter(Number.isFinite)"""


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def fired_in(page: Page, place: int) -> list[float]:
    """The steps at which the chart of this stream marks a finding."""
    box = page.locator(f".st-key-stream-TotalCollapse-{place}")
    box.scroll_into_view_if_needed()  # drawn only once it is seen
    chart = box.locator(".js-plotly-plot")
    expect(chart.locator(".scatterlayer .trace").first).to_be_attached()
    return list(chart.evaluate(FINDINGS))


def test_a_reader_goes_from_a_detector_to_causes_and_remedies(
    serve: Callable[[], Server], page: Page, tmp_path: Path
) -> None:
    page.set_viewport_size({"width": 1440, "height": 1060})
    page.goto(f"{serve().url}/handbook")
    expect(page.get_by_role("heading", name="Handbook")).to_be_visible(timeout=60_000)
    if found := measured():
        see_how_good_it_is(page, len(found.families), tmp_path / "handbook.png")

    # A detector is chosen, and explained.
    open_tab(page, "Detectors")
    page.get_by_role("combobox", name="Detector").click()
    page.get_by_role("option", name=TotalCollapse.name, exact=True).click()
    expect(page.get_by_role("heading", name=TotalCollapse.name)).to_be_visible()
    formula = formula_of(TotalCollapse).splitlines()[0]
    expect(page.get_by_text(formula)).to_be_visible()
    expect(page.get_by_text("a late starter, alike until step 1400").first).to_be_visible()

    # Its streams are drawn, the sick one with the step at which it fires.
    finding = fired(TotalCollapse, SICK.title)
    assert finding is not None
    said = page.get_by_text(f"Total collapse at step {finding.step}")
    expect(said.first).to_be_visible()  # another stream may say the same, and when it is over
    place = TotalCollapse.specimens().index(SICK)
    assert fired_in(page, place) == [finding.step] * 2  # both ends of a vertical line
    assert fired_in(page, 0) == []

    # Causes and remedies.
    open_tab(page, "Causes")
    expect(page.get_by_text("real and generated samples live in different ranges")).to_be_visible()
    open_tab(page, "Remedies")
    expect(page.get_by_text(MINIBATCH_STD.name)).to_be_visible()
    expect(page.get_by_text(MINIBATCH_STD.rationale)).to_be_visible()


def see_how_good_it_is(page: Page, families: int, picture: Path) -> None:
    """The first tab: both charts drawn, and every mistake one click away."""
    for key in ("measured-families", "measured-rivals"):
        chart = page.locator(f".st-key-{key} .js-plotly-plot")
        expect(chart.locator(".barlayer .point").first).to_be_visible(timeout=60_000)
    bars = page.locator(".st-key-measured-families .barlayer .point")
    expect(bars).to_have_count(families)
    page.screenshot(path=picture)
    mistakes = page.get_by_text(re.compile(r"What it got wrong \(\d+\)"))
    mistakes.click()
    expect(page.get_by_test_id("stExpanderDetails").first).to_be_visible()
