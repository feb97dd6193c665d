"""A documented failure and its cure in a real browser, side by side, with real training."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server

pytestmark = pytest.mark.browser

CHART = "document.querySelector('.st-key-losses .js-plotly-plot')"
RANGES = f"[{CHART}._fullLayout.xaxis.range.join(), {CHART}._fullLayout.xaxis2.range.join()]"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def zoom_the_left_curves(page: Page) -> None:
    """Drags a zoom box over the failing run's losses."""
    box = page.locator(".st-key-losses .js-plotly-plot").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.15, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.3, middle, steps=5)
    page.mouse.up()


def test_a_case_and_its_cure_train_side_by_side(
    serve: Callable[[], Server], page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANLAB_DATA", str(tmp_path))  # no MNIST: the case offers digits
    page.set_viewport_size({"width": 1440, "height": 1500})
    # The address alone leads to the case, also on a server that has shown no other page.
    page.goto(f"{serve().url}/casebook?case=x255-output")
    expect(page.get_by_text("G paints in 0..255")).to_be_visible()
    expect(page.get_by_test_id("stSidebarNav")).to_contain_text("Casebook")

    press(page, "Reproduce")
    expect(page.get_by_text("The cured twin appears here")).to_be_visible()
    press(page, "Cure")
    verdicts = page.locator("[class*='st-key-verdict-']")
    expect(verdicts).to_have_count(2)
    expect(verdicts.nth(0)).to_contain_text("This run showed what the case expects, by step")
    expect(verdicts.nth(1)).to_contain_text(re.compile(r"Silent so far.* up to step [1-9]"))
    expect(page.locator("[class*='st-key-grid-'] img")).to_have_count(2)

    # One zoom moves both; a refresh keeps it.
    zoom_the_left_curves(page)
    left, right = page.evaluate(RANGES)
    assert left == right
    expect(verdicts.nth(1)).to_contain_text("Silent to its end", timeout=300_000)
    assert page.evaluate(RANGES) == [left, right]
    page.screenshot(path=tmp_path / "casebook.png")

    # A reload finds the twins again.
    page.reload()
    expect(verdicts.nth(1)).to_contain_text("Silent to its end")

    page.get_by_test_id("stMain").get_by_role("link", name="Lab").first.click()
    expect(page).to_have_url(re.compile(r"/\?run=\d{8}-\d{6}-"))
    expect(page.locator(".st-key-header")).to_contain_text("x255-output")
