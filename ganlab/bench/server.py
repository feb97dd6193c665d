"""The lab's server as a user starts it, on a free port, with runs of its own. Knows no browser."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ganlab
from ganlab.config import ConfigError

_ROOT = Path(ganlab.__file__).parents[1]
_PATIENCE = 60.0  # seconds until the server answers
_FAREWELL = 20.0  # seconds until it has stopped its runs


class CannotMeasureError(ConfigError):
    """Something the benchmark needs is not here; the text says what to do."""


@dataclass(frozen=True)
class Server:
    """A lab that answers."""

    url: str
    pid: int
    runs: Path
    timings: Path  # one line a refresh: seconds on the clock, seconds of CPU

    def ticks(self) -> list[tuple[float, float]]:
        """Clock and CPU seconds of every refresh so far."""
        if not self.timings.exists():
            return []
        lines = self.timings.read_text().splitlines()
        return [(float(wall), float(cpu)) for wall, cpu in (line.split() for line in lines)]


@contextlib.contextmanager
def lab_server() -> Iterator[Server]:
    """Starts the lab and stops it in order. Raises CannotMeasureError where it does not start."""
    if not (_ROOT / "app.py").exists():
        raise CannotMeasureError(
            f"The page's entry app.py is not in {_ROOT}; run this from a clone of the repository."
        )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        port = _free_port()
        environment = {
            "GANLAB_RUNS": str(folder / "runs"),
            "GANLAB_UI_TIMINGS": str(folder / "timings.txt"),
        }
        command = ["-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        with (folder / "log.txt").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=_ROOT,
                env=os.environ | environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url, process, folder / "log.txt")
            yield Server(url, process.pid, folder / "runs", folder / "timings.txt")
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_FAREWELL)
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/_stcore/health"):
            return
        time.sleep(0.1)
    raise CannotMeasureError(
        f"The lab's server gave no answer within {_PATIENCE:.0f} s; run `streamlit run app.py` "
        f"and mend what it says. Its last words:\n{log.read_text()[-1000:]}"
    )
