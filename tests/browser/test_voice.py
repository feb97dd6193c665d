"""What a screen reader hears and what a keyboard shows, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ganlab.runs.record import Outcome, Status
from tests.browser.conftest import PATIENCE, Server
from tests.browser.stored import ended

expect.set_options(timeout=PATIENCE)
pytestmark = pytest.mark.browser

OUTLINE = "getComputedStyle(document.activeElement).outlineStyle"


def test_names_have_no_icons_and_verdicts_are_announced(
    serve: Callable[[], Server], page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANLAB_DATA", str(tmp_path))
    ended(tmp_path / "runs", Outcome(Status.FINISHED, 1, 0.1))
    url = serve().url
    page.goto(f"{url}/casebook")
    expect(page.get_by_role("button", name="G paints in 0..255")).to_be_visible()
    # In an accessible name, an icon would be its file's name.
    expect(page.locator('[aria-label$=" icon"]:not([aria-hidden])')).to_have_count(0)
    assert " icon" not in page.locator("main, [data-testid=stMain]").first.aria_snapshot()
    assert page.locator('[aria-label$=" icon"]').count() > 50

    page.keyboard.press("Tab")
    assert page.evaluate(OUTLINE) == "solid"

    page.goto(f"{url}/casebook?case=x255-output")
    page.get_by_role("button", name="Reproduce", exact=True).click()
    voice = page.locator(".ganlab-voice")
    expect(voice).to_have_attribute("aria-live", "polite")
    expect(voice).to_contain_text("This run showed what the case expects")

    # Full screen enlarges the samples.
    image = page.locator("[class*='st-key-grid'] img").first
    expect(image).to_be_visible()
    small = image.bounding_box()
    image.hover()
    page.get_by_role("button", name=re.compile("fullscreen", re.I)).first.click()
    expect(image).to_have_attribute("style", re.compile("object-fit"))
    large = image.bounding_box()
    assert small is not None and large is not None
    assert large["height"] > 2 * small["height"]

    # A popover takes the keyboard's focus and gives it back; a row that is gone, to the page.
    page.goto(f"{url}/runs")
    more = page.get_by_role("button", name="More").last
    more.press("Enter")
    expect(page.get_by_role("textbox", name="Name")).to_be_focused()
    page.keyboard.press("Escape")
    expect(more).to_be_focused()
    more.press("Enter")
    expect(page.get_by_role("textbox", name="Name")).to_be_focused()
    page.get_by_role("checkbox", name="Delete all").press("Space")
    delete = page.get_by_role("button", name="Delete")
    expect(delete).to_be_enabled()
    delete.press("Enter")
    expect(page.get_by_test_id("stMain")).to_be_focused()
