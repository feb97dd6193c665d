"""Drives the lab at random in a real browser, then asks of every patch who made it.

    python -m tests.browser.wander --minutes 30 --seed 1

Two tabs, both themes, every page and widget, back and forward. It complains of exceptions on a
page, errors in the console, tracebacks in the server's log, and patches that no act explains.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

from ganlab.runs import RunStore
from tests.browser.acts import Act, unexplained
from tests.browser.conftest import PATIENCE, Server, browser_path
from tests.browser.visitor import Visitor

_HARMLESS = ("Failed to load resource", "WebSocket connection")  # of a page that is being left


class Wander:
    """A walk through the lab, and what there is to complain of."""

    def __init__(self, browser: Browser, server: Server, seed: int) -> None:
        self.random = random.Random(seed)
        self.server = server
        self.acts: list[Act] = []
        self.done: Counter[str] = Counter()
        self.complaints: list[str] = []
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        self.visitors = [self._visitor(context.new_page()) for _ in range(2)]

    def walk(self, until: Callable[[int], bool]) -> None:
        """Acts in one of the tabs or the other until told to end."""
        count = 0
        while not until(count):
            count += 1
            visitor = self.random.choice(self.visitors)
            name = visitor.act()
            self.done[name] += 1
            self._look(visitor, name)

    def judge(self, runs: Path) -> list[str]:
        """All complaints, once the server has ended."""
        found = list(self.complaints)
        log = "".join(self.server.log)
        found += [f"server: {log[at : at + 6000]}" for at in _places(log, "Traceback")[:3]]
        store = RunStore(runs)
        for info in store.runs():
            if info.settings is None:
                continue
            mine = [act for act in self.acts if act.run == info.id]
            rows, _ = store.read(info.id, "patches")
            found += [
                f"nobody did {words} in run {info.id}"
                for words in unexplained(store.original(info.id), rows, mine)
            ]
            self.done["patches"] += len(rows)
            self.done["runs"] += 1
        return found

    def _visitor(self, page: Page) -> Visitor:
        page.set_default_timeout(10_000)
        page.on("console", lambda message: self._heard(message.type, message.text))
        page.on("pageerror", lambda error: self._heard("error", str(error)))
        page.goto(self.server.url, timeout=PATIENCE)
        page.get_by_role("button", name="Train a GAN").wait_for(timeout=PATIENCE)
        return Visitor(page, self.random, self.acts)

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and not text.startswith(_HARMLESS):
            self.complaints.append(f"console: {text[:300]}")

    def _look(self, visitor: Visitor, name: str) -> None:
        with contextlib.suppress(Error):
            for shown in visitor.page.get_by_test_id("stException").all():
                self.complaints.append(f"after {name}: {shown.inner_text()[:500]}")


def _places(text: str, word: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(word, at)]


@contextlib.contextmanager
def wandering(seed: int, runs: Path) -> Iterator[Wander]:
    """A walk on a server of its own."""
    server = Server(runs)
    try:
        with sync_playwright() as driver:
            flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            browser = driver.chromium.launch(executable_path=browser_path(), args=flags)
            yield Wander(browser, server, seed)
            browser.close()
        server.end(signal.SIGTERM)
    finally:
        if server.process.poll() is None:
            server.end(signal.SIGKILL)


def main() -> int:
    """Walks, prints what was done and what is to complain of; 1 when there is anything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        runs = Path(folder) / "runs"
        with wandering(options.seed, runs) as walk:
            end = time.monotonic() + 60 * options.minutes
            walk.walk(lambda count: time.monotonic() > end)
        complaints = walk.judge(runs)
    print(json.dumps(dict(sorted(walk.done.items())), indent=2))  # noqa: T201
    print("\n".join(complaints) or "Nothing to complain of.")  # noqa: T201
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
