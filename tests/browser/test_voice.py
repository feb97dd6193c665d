"""What a screen reader hears and what a keyboard shows, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from ganlab.runs.record import Outcome, Status
from ganlab.runs.store import RunStore
from tests.browser.conftest import PATIENCE, Server
from tests.browser.stored import broken, ended
from tests.browser.test_layout import stands_still
from tests.ui.test_doctor_page import examined

expect.set_options(timeout=PATIENCE)
pytestmark = pytest.mark.browser

OUTLINE = "getComputedStyle(document.activeElement).outlineStyle"
# An icon is drawn as its file's name in a font of its own: what is not hidden would be read.
ICONS = '[data-testid="stIconMaterial"], [role="img"][aria-label$=" icon"]'
HEARD = f"""[...document.querySelectorAll('{ICONS}')]
    .filter(icon => !icon.closest('[aria-hidden="true"]')).map(icon => icon.outerHTML)"""


def icons(page: Page) -> list[str]:
    """Names, as a screen reader has them, in which an icon is spelt."""
    stands_still(page)
    said = page.locator("body").aria_snapshot().splitlines()
    spelt = re.compile(r":material|\w icon\b")
    found: list[str] = page.evaluate(HEARD)
    return [line.strip() for line in said if spelt.search(line)] + found


def unfold(part: Page | Locator) -> None:
    """Opens all that is folded, so that it is on the page."""
    for fold in part.locator("summary").all():
        fold.click()


def test_no_name_on_any_page_spells_an_icon(
    serve: Callable[[], Server], page: Page, tmp_path: Path
) -> None:
    runs = tmp_path / "runs"
    broken(runs)
    examined(RunStore(runs))
    url = serve().url
    pages = ("casebook", "casebook?case=x255-output", "doctor", "handbook", "runs")
    for address in ("", *pages):
        page.goto(f"{url}/{address}")
        expect(page.get_by_role("heading").first).to_be_visible()
        stands_still(page)
        unfold(page)
        assert page.locator(ICONS).count() > 5
        assert icons(page) == []
    page.get_by_role("button", name="More").last.click()
    expect(page.get_by_role("textbox", name="Name")).to_be_visible()
    assert icons(page) == []

    # The labels of a live run's settings bear an icon, those of an ended run's do not.
    page.goto(url)
    page.get_by_role("button", name="Train a GAN").click()
    expect(page.locator(".st-key-header")).to_be_visible()
    unfold(page.get_by_test_id("stSidebar"))
    expect(page.get_by_role("combobox", name="optimiser of D", exact=True)).to_be_enabled()
    expect(page.get_by_role("spinbutton", name="beta1 of D", exact=True)).to_be_enabled()
    assert icons(page) == []


def test_the_focus_stays_in_its_part_when_a_button_cannot_be_pressed_again(
    serve: Callable[[], Server], page: Page, tmp_path: Path
) -> None:
    run = ended(tmp_path / "runs", Outcome(Status.FINISHED, 1, 0.1))
    page.goto(f"{serve().url}/?run={run}")
    new = page.get_by_role("button", name="New run", exact=True)
    new.press("Enter")
    expect(new).to_be_disabled()
    expect(page.get_by_test_id("stMain")).to_be_focused()

    undo = page.get_by_role("button", name="Undo last")
    page.get_by_role("button", name="D 100× faster").press("Enter")
    expect(undo).to_be_enabled()
    undo.press("Enter")
    expect(undo).to_be_disabled()
    expect(page.locator(".st-key-controls")).to_be_focused()


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
    expect(more).to_be_visible()
    page.wait_for_timeout(2000)  # until the page's scripts have come, too
    more.press("Enter")
    expect(page.get_by_role("textbox", name="Name")).to_be_focused()
    page.wait_for_timeout(1000)  # a person looks before the next key; a loaded server redraws
    page.keyboard.press("Escape")
    expect(more).to_be_focused()
    more.press("Enter")
    expect(page.get_by_role("textbox", name="Name")).to_be_focused()
    page.get_by_role("checkbox", name="Delete all").press("Space")
    delete = page.get_by_role("button", name="Delete")
    expect(delete).to_be_enabled()
    delete.press("Enter")
    expect(page.get_by_test_id("stMain")).to_be_focused()
