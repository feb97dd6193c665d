"""Where things stand on the lab's page, on the screens that people have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from ganlab.casebook import CASES
from ganlab.runs import RunStore
from ganlab.runs.record import Outcome, Status
from ganlab.ui import twins
from ganlab.ui.breaks import BREAKS
from tests.browser.conftest import Server
from tests.browser.stored import broken, ended

pytestmark = pytest.mark.browser

SCREENS = [(1440, 900), (1280, 720)]


def box(found: Locator) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the one element, in pixels of the window."""
    expect(found).to_be_visible()
    place = found.bounding_box()
    assert place is not None
    x, y, width, height = place["x"], place["y"], place["width"], place["height"]
    return x, y, x + width, y + height


def fields(page: Page) -> list[Locator]:
    """The widgets of the settings that the lab is for."""
    bar = page.locator(".st-key-controls")
    sliders = [bar.get_by_role("slider", name=f"learning rate of {who}") for who in "DG"]
    names = ("optimiser of D", "optimiser of G", "output activation")
    return [*sliders, *(bar.get_by_role("combobox", name=name) for name in names)]


def stands_still(page: Page) -> None:
    """Waits until the script has run and the page no longer grows."""
    expect(page.get_by_test_id("stStatusWidget")).to_be_hidden()


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_the_chief_settings_and_what_breaks_a_run_are_in_sight_on_the_form(
    serve: Callable[[], Server], page: Page, screen: tuple[int, int]
) -> None:
    width, height = screen
    page.set_viewport_size({"width": width, "height": height})
    page.goto(serve().url)
    expect(page.get_by_role("button", name="Train a GAN")).to_be_visible()
    buttons = [page.get_by_role("button", name=item.title, exact=True) for item in BREAKS]
    undo = page.get_by_role("button", name="Undo last")
    for found in (*fields(page), *buttons, undo):
        assert box(found)[3] <= height


def test_on_a_run_s_page_the_banner_stands_above_the_samples_and_the_events_under_the_curves(
    serve: Callable[[], Server], page: Page, tmp_path: Path
) -> None:
    run = broken(tmp_path / "runs")
    page.goto(f"{serve().url}/?run={run}")
    banner = page.locator(".st-key-diagnosis")
    cure = banner.get_by_role("button", name="Undo")
    stands_still(page)
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        for found in (*fields(page), cure):
            assert box(found)[3] <= height
        grid = box(page.locator(".st-key-grid-fake img"))
        assert box(banner)[3] <= grid[1]
        charts = page.locator(".js-plotly-plot")
        expect(charts.nth(2)).to_be_visible()
        gap = box(page.locator(".st-key-story"))[1] - box(page.locator(".st-key-gradients"))[3]
        assert 0 <= gap < 100
    expect(banner).to_contain_text("something is wrong")
    expect(banner).to_contain_text("Live change")
    expect(page.locator(".st-key-story")).to_contain_text("output = sigmoid")


def test_on_a_telephone_nothing_covers_the_curves(
    serve: Callable[[], Server], page: Page, tmp_path: Path
) -> None:
    run = broken(tmp_path / "runs")
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(f"{serve().url}/?run={run}")
    stands_still(page)
    curves = box(page.locator(".st-key-losses"))
    for other in (page.locator(".st-key-controls"), page.locator(".st-key-header"),
                  page.locator(".st-key-diagnosis")):  # fmt: skip
        assert box(other)[3] <= curves[1]
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
    assert curves[0] >= 0
    assert curves[2] <= 400
    # A legend of two lines would lie on the title; the marks' names are in it where there is room.
    page.locator(".st-key-losses").scroll_into_view_if_needed()
    names = page.locator(".st-key-losses .legendtext")
    expect(names).to_have_text(["D loss", "G loss"])
    page.set_viewport_size({"width": 1280, "height": 720})
    expect(names).to_have_text(["D loss", "G loss", "live patch", "finding"])


def test_on_a_telephone_each_part_of_two_runs_says_whose_it_is(
    serve: Callable[[], Server], page: Page, tmp_path: Path
) -> None:
    case = CASES["sigmoid-on-signed-data"]
    assert case.cure is not None
    store = RunStore(tmp_path / "runs")
    run = store.create(case.config("digits"), twins.name_of(case))
    twin = store.create(case.config("digits", 0, case.cure), twins.name_of(case, case.cure), run)
    for each in (run, twin):
        store.finish(each, Outcome(Status.STOPPED, 0, 0.1))
    page.goto(f"{serve().url}/casebook?case={case.slug}")
    stands_still(page)
    parts = [(part, each) for each in (run, twin) for part in ("verdict", "samples")]
    names = [page.locator(f".st-key-side-{part}-{each}") for part, each in parts]
    for name in names:
        expect(name).to_be_hidden()
    page.set_viewport_size({"width": 400, "height": 800})
    for name, word in zip(names, ["Failing", "Failing", "Cured", "Cured"], strict=True):
        expect(name).to_be_visible()
        expect(name).to_have_text(word)


def test_on_a_telephone_what_is_said_of_a_case_is_closer_to_it_than_to_the_next(
    serve: Callable[[], Server], page: Page
) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(f"{serve().url}/casebook")
    rows = page.locator("[class*='st-key-cases-']").first.get_by_test_id("stHorizontalBlock")
    expect(rows.nth(1)).to_be_visible()
    stands_still(page)
    title, badges, found = rows.first.get_by_test_id("stColumn").all()
    inside = max(box(badges)[1] - box(title)[3], box(found)[1] - box(badges)[3])
    assert box(rows.nth(1))[1] - box(found)[3] > inside + 8


def test_a_failed_run_shows_its_error_and_nothing_that_is_empty(
    serve: Callable[[], Server], page: Page, tmp_path: Path
) -> None:
    outcome = Outcome(Status.FAILED, 0, 0.1, "RuntimeError: broken", "Traceback: all of it")
    run = ended(tmp_path / "runs", outcome)
    page.goto(f"{serve().url}/?run={run}")
    expect(page.locator(".st-key-diagnosis")).to_contain_text("RuntimeError: broken")
    stands_still(page)
    expect(page.locator(".js-plotly-plot")).to_have_count(0)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    assert "check_circle" not in page.get_by_test_id("stMain").inner_text()


def test_a_number_that_is_out_of_range_stays_says_so_and_keeps_train_disabled(
    serve: Callable[[], Server], page: Page
) -> None:
    page.goto(serve().url)
    train = page.get_by_role("button", name="Train a GAN")
    expect(train).to_be_enabled()
    page.get_by_test_id("stMain").locator("summary").filter(has_text="Run").click()
    steps = page.locator("[class*='st-key-new-steps-'] input")
    steps.fill("1e9")
    steps.press("Enter")
    expect(train).to_be_disabled()
    expect(page.get_by_text("steps is 1000000000; allowed").last).to_be_visible()
    expect(steps).to_have_value("1000000000")
    steps.fill("300")
    steps.press("Enter")
    expect(train).to_be_enabled()
    expect(page.get_by_text("300 steps")).to_be_visible()
