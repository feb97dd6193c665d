"""Two people who press at random what the lab's pages offer, so that something always trains."""

from __future__ import annotations

import contextlib
import random
import re
from collections import Counter
from typing import Any

from ganlab.bench.server import Server

_PAGES = ("Lab", "Casebook", "Doctor", "Handbook", "Runs")
_SOON = 8_000  # milliseconds until what was seen can be pressed
_PAUSE = 2_000  # milliseconds that a run is paused for
_REST = (500, 4_000)  # milliseconds between two acts
_MOST = 6  # ended runs that are kept


class Wanderers:
    """Both browsers; `done` counts their acts, what was gone when it was pressed as "missed"."""

    def __init__(self, browser: Any, server: Server, seed: int) -> None:
        self.done: Counter[str] = Counter()
        self.errors: list[str] = []  # what the pages showed of the lab's own errors
        self._server = server
        self._chance = random.Random(seed)
        self._pages = [_opened(browser, server.url) for _ in range(2)]

    def act(self) -> None:
        """One of them does one thing, and rests."""
        from playwright.sync_api import Error

        page = self._chance.choice(self._pages)
        name = self._due()
        try:
            getattr(self, f"_{name}")(page)
        except Error:
            name = f"{name}, missed"
        self.done[name] += 1
        with contextlib.suppress(Error):
            shown = page.get_by_test_id("stException").all()
            self.errors += [f"after {name}: {each.inner_text()[:300]}" for each in shown]
        page.wait_for_timeout(self._chance.uniform(*_REST))

    def _due(self) -> str:
        """What has to be done, else what chance says."""
        runs = [folder for folder in self._server.runs.glob("*") if folder.is_dir()]
        ended = [folder for folder in runs if (folder / "outcome.json").exists()]
        if len(runs) == len(ended):
            return "train"
        if len(ended) > _MOST:
            return "delete"
        weights = {
            "slide": 8,
            "visit": 4,
            "open": 4,
            "pause": 3,
            "reload": 1,
            "stop": 1,
            "train": 1,
        }
        (name,) = self._chance.choices([*weights], [*weights.values()])
        return name

    def _train(self, page: Any) -> None:
        _menu(page, "Lab")
        new = page.get_by_role("button", name="New run", exact=True, disabled=False)
        train = page.get_by_role("button", name="Train a GAN")
        new.or_(train).first.wait_for(timeout=_SOON)
        if new.count():
            new.click(timeout=_SOON)
        train.click(timeout=_SOON)
        page.wait_for_url("**run=*", timeout=_SOON)

    def _open(self, page: Any) -> None:
        _menu(page, "Runs")
        links = page.get_by_role("link", name="Open")
        links.first.wait_for(timeout=_SOON)
        links.nth(self._chance.randrange(links.count())).click(timeout=_SOON)

    def _slide(self, page: Any) -> None:
        thumbs = page.locator(".st-key-controls").get_by_role("slider")
        if not thumbs.count():
            self._open(page)
            thumbs.first.wait_for(timeout=_SOON)
        thumb = thumbs.nth(self._chance.randrange(thumbs.count()))
        for _ in range(self._chance.randint(1, 4)):
            thumb.press(self._chance.choice(("ArrowLeft", "ArrowRight")), timeout=_SOON)

    def _pause(self, page: Any) -> None:
        _header(page, "Pause").click(timeout=_SOON)
        page.wait_for_timeout(_PAUSE)
        _header(page, "Resume").click(timeout=_SOON)

    def _stop(self, page: Any) -> None:
        _header(page, "Stop").click(timeout=_SOON)

    def _visit(self, page: Any) -> None:
        _menu(page, self._chance.choice(_PAGES))

    def _reload(self, page: Any) -> None:
        page.reload()

    def _delete(self, page: Any) -> None:
        _menu(page, "Runs")
        ended = page.locator("[class*='st-key-row-']").filter(
            has_text=re.compile("stopped|finished|failed|interrupted")
        )
        ended.last.get_by_role("button", name="More").click(timeout=_SOON)
        page.get_by_text("Delete all of this run's files").click(timeout=_SOON)
        page.get_by_role("button", name="Delete", exact=True, disabled=False).click(timeout=_SOON)
        page.keyboard.press("Escape")


def _opened(browser: Any, url: str) -> Any:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(url)
    page.get_by_role("button", name="Train a GAN").wait_for(timeout=60_000)
    return page


def _menu(page: Any, name: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_text(name, exact=True).click(timeout=_SOON)


def _header(page: Any, name: str) -> Any:
    return page.locator(".st-key-header").get_by_role("button", name=name, exact=False)
