"""The main job in a real browser, with real training: train, watch, break, be told, cure."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, Server

pytestmark = pytest.mark.browser

CHART = ".st-key-losses .js-plotly-plot"
LAST_STEP = f"document.querySelector('{CHART}')?._fullData?.[1]?.x?.at(-1) ?? 0"
HEADER = "document.querySelector('.st-key-header').innerText"
SHOWN = f"Number({HEADER}.match(/step ([^o]+) of/)[1].replace(/[^0-9]/g, ''))"
# The steps in flight when a run is paused still arrive; three refreshes without one are rest.
AT_REST = f"""() => {{
    if (window.seen !== {SHOWN}) {{ window.seen = {SHOWN}; window.since = Date.now(); }}
    return Date.now() - window.since > 1500;
}}"""
RANGE = f"document.querySelector('{CHART}')._fullLayout.xaxis.range.join()"


class Lab:
    """The page as its user sees it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.foreign: list[str] = []
        page.on("request", lambda request: self._note(request.url, url))
        page.goto(url)
        self.diagnosis = page.locator(".st-key-diagnosis")
        self.story = page.locator(".st-key-story")
        self.rate_of_d = page.get_by_role("slider", name="learning rate of D")
        self.sidebar = page.get_by_test_id("stSidebar")

    def _note(self, address: str, home: str) -> None:
        if not address.startswith((home, home.replace("http", "ws"), "data:", "blob:")):
            self.foreign.append(address)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def key(self, name: str, successor: str) -> None:
        """Presses it by keyboard; the focus must go to the one that takes its place."""
        button = self.page.get_by_role("button", name=name).first
        button.press("Enter")
        expect(button).to_have_count(0)
        expect(self.page.get_by_role("button", name=successor)).to_be_focused()

    def train(self) -> None:
        self.press("Train a GAN")
        expect(self.page).to_have_url(re.compile(r"\?run=\d{8}-\d{6}-"))
        self.wait_for_step(0)

    def wait_for_step(self, step: float) -> None:
        """Until the loss curve has grown beyond the step."""
        self.page.wait_for_function(f"{LAST_STEP} > {step}", timeout=PATIENCE)

    def wait_for_growth(self) -> None:
        self.wait_for_step(self.page.evaluate(LAST_STEP))

    def expect_status(self, status: str) -> None:
        expect(self.page.locator(".st-key-header")).to_contain_text(status)

    def single_step(self) -> int:
        """Presses Step; returns the step that is shown then."""
        self.page.wait_for_function(AT_REST)
        before = self.page.evaluate(SHOWN)
        self.press("Step")
        self.page.wait_for_function(f"{SHOWN} != {before}")
        return int(self.page.evaluate(SHOWN))

    def zoom(self) -> str:
        """Drags a zoom box over the loss curves; returns the x range it leaves."""
        box = self.page.locator(CHART).bounding_box()
        assert box is not None
        mouse, middle = self.page.mouse, box["y"] + box["height"] / 2
        before = self.page.evaluate(RANGE)
        mouse.move(box["x"] + box["width"] * 0.4, middle)
        mouse.down()
        mouse.move(box["x"] + box["width"] * 0.7, middle, steps=5)
        mouse.up()
        self.page.wait_for_function(f"{RANGE} != '{before}'")
        return str(self.page.evaluate(RANGE))


def test_a_newcomer_trains_watches_breaks_and_cures_a_gan(
    serve: Callable[[], Server], page: Page
) -> None:
    server = serve()
    lab = Lab(page, server.url)
    lab.train()

    # The curve grows in the same chart, which keeps its zoom; the grid changes.
    page.evaluate(f"document.querySelector('{CHART}').marked = true")
    grid = page.locator(".st-key-grid-fake img")
    first = grid.get_attribute("src")
    lab.wait_for_step(100)
    zoomed = lab.zoom()
    lab.wait_for_growth()
    lab.wait_for_growth()
    assert page.evaluate(RANGE) == zoomed
    assert page.evaluate(f"document.querySelector('{CHART}').marked") is True
    assert page.locator(CHART).count() == 1
    expect(grid).not_to_have_attribute("src", first)

    # A slider patches the run while it trains.
    lab.rate_of_d.press("ArrowRight")
    expect(lab.story.get_by_text("lr_d = 0.0003")).to_be_visible()
    expect(lab.rate_of_d).to_be_focused()

    # A wrong output activation is found, with its evidence, and cured by one click.
    expect(lab.diagnosis).to_contain_text("nothing wrong seen yet")
    page.get_by_role("combobox", name="output").click()
    page.get_by_role("option", name="sigmoid", exact=True).click()
    expect(lab.diagnosis).to_contain_text("something is wrong")
    expect(lab.diagnosis).to_contain_text("output was set from tanh to sigmoid at step")
    expect(lab.diagnosis).to_contain_text(re.compile(r"= [\d.]+ > [\d.]+"))
    lab.press("Undo: output activation back to tanh")
    expect(lab.story).to_contain_text("output = tanh")
    expect(lab.story).to_contain_text("Scaling mismatch closed")

    # Pause, one step, stop: by keyboard too.
    lab.key("Pause", "Resume")
    lab.expect_status("paused")
    paused = lab.single_step()  # also shows the steps since the last row
    assert lab.single_step() == paused + 1
    lab.key("Stop", "Continue from checkpoint")
    lab.expect_status("stopped")

    # A refreshed page finds the run by its address.
    page.reload()
    lab.expect_status("stopped")
    expect(lab.story).to_contain_text("Scaling mismatch closed")
    lab.wait_for_step(100)
    assert lab.foreign == []

    # The server stops in order while a run trains.
    lab.press("Reset")
    lab.expect_status("running")
    assert server.end(signal.SIGTERM) == 0


def test_a_run_whose_server_was_killed_is_found_interrupted(
    serve: Callable[[], Server], page: Page
) -> None:
    server = serve()
    lab = Lab(page, server.url)
    lab.train()
    lab.wait_for_step(50)
    query = page.url.split("?")[1]
    server.end(signal.SIGKILL)

    again = Lab(page, f"{serve().url}/?{query}")
    again.expect_status("interrupted")
    again.wait_for_step(50)
    again.press("Start over")  # it had no checkpoint yet
    again.expect_status("running")
