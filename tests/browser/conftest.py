"""A real server and a real browser."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
PATIENCE = 180_000  # milliseconds; other programs may hold the cores
expect.set_options(timeout=PATIENCE)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MISSING = (
    f"no browser found; looked for {', '.join(NAMES)}. Install one, for instance with "
    "`apt-get install chromium`."
)


def browser_path() -> str | None:
    """The browser this machine has."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Server:
    """The lab as a user starts it, on a free port."""

    def __init__(self, runs: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._ready = threading.Event()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)],
            cwd=ROOT,
            env=os.environ | {"GANLAB_RUNS": str(runs), "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.log: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self._ready.wait(PATIENCE / 1000), "".join(self.log)

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.log.append(line)
            if "URL:" in line:
                self._ready.set()

    def end(self, how: signal.Signals) -> int:
        """Sends the signal and returns the exit status."""
        self.process.send_signal(how)
        status = self.process.wait(30)
        self._reader.join(10)
        if self.process.stdout:
            self.process.stdout.close()
        return status


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[], Server]]:
    """Starts a server on this test's runs; may be called again after its end."""
    servers: list[Server] = []

    def start() -> Server:
        servers.append(Server(tmp_path / "runs"))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.end(signal.SIGKILL)


@pytest.fixture
def page() -> Iterator[Page]:
    """An empty page of the browser this machine has."""
    found = browser_path()
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=found,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        yield page
        browser.close()
