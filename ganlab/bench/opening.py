"""What it costs to open a long stored run, and what each further browser on it costs the server."""

from __future__ import annotations

import dataclasses
import itertools
import math
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganlab.bench.server import Server
from ganlab.bench.table import table, verdict
from ganlab.bench.threads import process_cpu
from ganlab.observation import Observation
from ganlab.presets import preset
from ganlab.runs.record import Outcome, RunId, Status
from ganlab.runs.recorder import Recorder
from ganlab.runs.store import RunStore

ROWS = 100_000
SHORT = 100  # rows of the run to compare with
SESSIONS = 4  # further browsers
OPEN_TARGET = 2.0  # seconds more than the short run takes
MEMORY_TARGET = 5.0  # MB of the server for each browser
_SAMPLE = 200  # steps that are trained for rows to repeat
_PATIENCE = 120_000  # milliseconds until a page is drawn
# The first chart has the run's last step, of the smoothed line.
_DRAWN = """step => document.querySelector('.st-key-losses .js-plotly-plot')
    ?._fullData?.[1]?.x?.at(-1) === step"""


@dataclass(frozen=True)
class Opening:
    """One run's page, opened by a browser that has the lab's scripts already."""

    rows: int
    seconds: float  # on the clock, until its curves are there
    cpu: float  # seconds of the server
    session: float  # MB that each further browser adds to the server; NaN where not measured


class Silent:
    """A panel without detectors: they are no part of what is measured."""

    def update(self, observation: Observation) -> Sequence[Any]:
        """Nothing."""
        return ()


def store_run(root: Path, observations: Sequence[Observation], rows: int) -> RunId:
    """A finished run of that many rows, written as a live one is; the observations repeat."""
    store = RunStore(root)
    every = preset("small-mlp").observe_every
    run = store.create(preset("small-mlp", steps=rows * every), f"{rows} rows")
    recorder = Recorder(store, run, Silent())
    for number, seen in zip(range(rows), _repeated(observations), strict=False):
        step = number * every
        recorder.record(dataclasses.replace(seen, step=step, seconds=step / 100, samples=None))
    store.finish(run, Outcome(Status.FINISHED, recorder.step, recorder.seconds))
    store.close(run)
    return run


def _repeated(observations: Sequence[Observation]) -> Iterator[Observation]:
    first, *others = observations
    plain = [dataclasses.replace(seen, facts=None) for seen in others]
    return itertools.chain([first], itertools.cycle(plain))


def sample() -> list[Observation]:
    """What a short real training says: rows of the usual size."""
    from ganlab.engine.trainer import Trainer

    return list(Trainer(preset("small-mlp", data="digits", steps=_SAMPLE)))


def measure(page: Any, server: Server, *, rows: int = ROWS) -> tuple[Opening, Opening]:
    """Opens a short run, then a long one, and further browsers on the long one."""
    observations = sample()
    runs = [(count, store_run(server.runs, observations, count)) for count in (SHORT, rows)]
    _open(page, server, *runs[0])  # has the browser load the lab's scripts
    short, long = (_open(page, server, count, run) for count, run in runs)
    before = _memory(server.pid)
    for _ in range(SESSIONS):
        other = page.context.browser.new_page()
        _open(other, server, *runs[1])
    added = (_memory(server.pid) - before) / SESSIONS
    return short, dataclasses.replace(long, session=added)


def report(short: Opening, long: Opening) -> str:
    """The table, with what the length of the run adds."""
    seconds, cpu = long.seconds - short.seconds, long.cpu - short.cpu
    rows = [
        (f"open {_count(short.rows)} rows, s", f"{short.seconds:.1f}", "", ""),
        (f"open {_count(long.rows)} rows, s", f"{long.seconds:.1f}", "", ""),
        ("... more than the short run, s", f"{seconds:.1f}", f"< {OPEN_TARGET:.0f} s",
         verdict(seconds < OPEN_TARGET)),
        ("... more than the short run, server CPU s", f"{cpu:.2f}", "", ""),
        ("each further browser, MB of the server", f"{long.session:.1f}",
         f"< {MEMORY_TARGET:.0f} MB", verdict(long.session < MEMORY_TARGET)),
    ]  # fmt: skip
    return table(("A long stored run", "", "target", ""), rows)


def _count(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def _open(page: Any, server: Server, rows: int, run: RunId) -> Opening:
    page.goto("about:blank")
    cpu, began = process_cpu(server.pid), time.monotonic()
    page.goto(f"{server.url}/?run={run}")
    last = (rows - 1) * preset("small-mlp").observe_every
    page.wait_for_function(_DRAWN, arg=last, timeout=_PATIENCE)
    return Opening(rows, time.monotonic() - began, process_cpu(server.pid) - cpu, math.nan)


def _memory(pid: int) -> float:
    """MB of the process that are in memory; the median of some looks."""
    looks = []
    for _ in range(5):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        looks += [int(line.split()[1]) / 1e3 for line in lines if line.startswith("VmRSS")]
        time.sleep(0.1)
    return statistics.median(looks)
