"""A lab with one browser that comes and goes while a run trains, phase by phase."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from ganlab.bench.server import CannotMeasureError, Server
from ganlab.bench.threads import busiest, process_cpu, thread_times

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

_STEPS = 1_000_000  # more than any benchmark lasts
_SETTLING = 3.0  # seconds until a page that came or went costs what it costs
_PATIENCE = 60.0  # seconds until a run has loaded torch and its data, or writes its next row


@dataclass(frozen=True)
class Phase:
    """Some seconds of training, watched or not."""

    seconds: float
    steps: int
    queued: float  # seconds the training thread waited for a core that others had
    others: float  # CPU seconds of the server's other threads
    ticks: tuple[tuple[float, float], ...]  # clock and CPU seconds of each refresh

    @property
    def rate(self) -> float:
        """Steps a second."""
        return self.steps / self.seconds

    @property
    def free_rate(self) -> float:
        """Steps a second if other programs had left the training thread a core."""
        return self.steps / (self.seconds - self.queued)


@contextlib.contextmanager
def browser_page() -> Iterator[Any]:
    """An empty page of this machine's browser. Raises CannotMeasureError where there is none."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise CannotMeasureError(
            "This bench drives a browser through playwright, which is not installed; "
            "run `pip install -r tests/requirements.txt`."
        ) from error
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        raise CannotMeasureError(
            f"This bench needs a browser; looked for {', '.join(BROWSERS)}. Install one, "
            "for instance with `apt-get install chromium`."
        )
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=flags)
        yield browser.new_page(viewport={"width": 1440, "height": 900})
        browser.close()


def start_training(page: Any, server: Server) -> str:
    """Clicks as a user does, for a run without an end in sight; returns the run's address."""
    page.goto(server.url)
    page.locator("summary").filter(has_text="Run").last.click()
    steps = page.locator("[class*='st-key-new-steps-'] input")
    steps.fill(str(_STEPS))
    steps.press("Enter")
    page.get_by_text(f"{_STEPS:,} steps".replace(",", "\u202f")).or_(
        page.get_by_text(f"{_STEPS:,} steps")
    ).first.wait_for()
    page.get_by_role("button", name="Train a GAN").click()
    page.wait_for_url("**run=*")
    until = time.monotonic() + _PATIENCE
    while not list(server.runs.glob("*/metrics.jsonl")) and time.monotonic() < until:
        page.wait_for_timeout(100)
    address: str = page.url
    return address


def measured(page: Any, server: Server, address: str, seconds: float) -> Phase:
    """Shows the page at `address` (about:blank: nobody watches) and measures after a while."""
    page.goto(address)
    page.wait_for_timeout(1000 * _SETTLING)
    log = _log(server)
    began, first = _at_next_row(log)
    threads, cpu = thread_times(server.pid), process_cpu(server.pid)
    ticks = len(server.ticks())
    page.wait_for_timeout(1000 * seconds)
    ended, last = _at_next_row(log)
    trainer = busiest(threads, thread_times(server.pid))
    return Phase(
        seconds=ended - began,
        steps=last - first,
        queued=trainer.queued,
        others=process_cpu(server.pid) - cpu - trainer.cpu,
        ticks=tuple(server.ticks()[ticks:]),
    )


def _log(server: Server) -> Path:
    logs = list(server.runs.glob("*/metrics.jsonl"))
    if not logs:
        raise CannotMeasureError("The run did not start; look at it in the lab.")
    return logs[0]


def _at_next_row(log: Path) -> tuple[float, int]:
    """The moment at which the run writes, and its step then: between two writes none is known."""
    size = log.stat().st_size
    until = time.monotonic() + _PATIENCE
    while log.stat().st_size == size:
        if time.monotonic() > until:
            raise CannotMeasureError("The run has stopped training; look at it in the lab.")
        time.sleep(0.002)
    now = time.monotonic()
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 65536))
        rows = file.read().split(b"\n")
    return now, int(orjson.loads(rows[-2])["step"])
