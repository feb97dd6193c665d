"""Back and forward of the browser, over cases, runs and the form, with real training."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, Server
from tests.browser.test_layout import stands_still

expect.set_options(timeout=PATIENCE)
pytestmark = pytest.mark.browser

SLUG, CLAIM = "x255-output", "G paints in 0..255"


def list_is_shown(page: Page) -> None:
    expect(page).to_have_url(re.compile(r"/casebook$"))
    expect(page.get_by_role("heading", name="Casebook")).to_be_visible()
    expect(page.get_by_role("button", name=CLAIM)).to_be_visible()


def case_is_shown(page: Page) -> None:
    expect(page).to_have_url(re.compile(rf"/casebook\?case={SLUG}$"))
    expect(page.get_by_role("button", name="All cases")).to_be_visible()
    expect(page.get_by_role("heading", name=CLAIM)).to_be_visible()


def run_is_shown(page: Page) -> None:
    expect(page).to_have_url(re.compile(r"/\?run=\d{8}-\d{6}-"))
    expect(page.locator(".st-key-header")).to_contain_text(SLUG)


def form_is_shown(page: Page) -> None:
    expect(page).to_have_url(re.compile(r":\d+/$"))
    expect(page.get_by_role("button", name="Train a GAN")).to_be_visible()


WAY = (list_is_shown, case_is_shown, run_is_shown, form_is_shown)


def test_back_and_forward_go_the_readers_way(
    serve: Callable[[], Server], page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANLAB_DATA", str(tmp_path))
    page.goto(f"{serve().url}/casebook")
    page.get_by_role("button", name=CLAIM).click()
    case_is_shown(page)
    page.get_by_role("button", name="Reproduce", exact=True).click()
    page.get_by_test_id("stMain").get_by_role("link", name="Lab").click()
    run_is_shown(page)
    page.get_by_role("button", name="New run", exact=True).click()
    form_is_shown(page)
    for shown in reversed(WAY[:-1]):
        stands_still(page)  # a reader has read a page before leaving it
        page.go_back()
        shown(page)
    for shown in WAY[1:]:
        stands_still(page)
        page.go_forward()
        shown(page)
    # Going about changes no setting of the run.
    assert [path.stat().st_size for path in tmp_path.glob("runs/*/patches.jsonl")] in ([], [0])


def test_what_is_started_comes_into_view(
    serve: Callable[[], Server], page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANLAB_DATA", str(tmp_path))
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{serve().url}/casebook?case={SLUG}")
    page.get_by_role("button", name="Start both", exact=True).click()
    heads = page.locator("[class*='st-key-header-']")
    expect(heads).to_have_count(2)
    expect(page.locator("[class*='st-key-verdict-']").first).to_be_in_viewport(ratio=1)
    top = heads.first.bounding_box()
    assert top is not None
    assert 0 <= top["y"] < 200


def test_a_run_started_from_a_scrolled_form_shows_its_head(
    serve: Callable[[], Server], page: Page
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(serve().url)
    train = page.get_by_role("button", name="Train a GAN")
    expect(train).to_be_visible()
    stands_still(page)
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 120)")
    train.click()
    expect(page.locator(".st-key-losses .js-plotly-plot")).to_be_visible()
    expect(page.locator(".st-key-header")).to_be_in_viewport(ratio=1)
