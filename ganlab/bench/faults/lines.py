"""Hostile settings and command lines: refused in words, before any work."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import orjson

from ganlab.bench.faults.fault import Fault, promise
from ganlab.config import KNOBS, ConfigError, RunConfig

_LONG = "a" * 5000
VALUES = ("", " ", "nan", "inf", "-inf", "-1", "0", "1" + "0" * 400, "1e999", _LONG, "caf\udce9",
          "../..", "~no-such/x", "$(touch x)", "\x1b[31m", "-", "=", "None", "true")  # fmt: skip
_FILES = ("", _LONG, "/", "/no/such/folder/x", "/dev/full", "/dev/null/x")
# Each refuses every one of these.
LINES: dict[tuple[str, ...], tuple[str, ...]] = {
    ("run", "--json"): _FILES,
    ("run", "--runs"): ("", _LONG, "/dev/null", "/dev/null/x"),
    ("run", "--resume"): VALUES,
    ("run", "--preset"): VALUES,
    ("run", "--steps"): VALUES,
    ("run", "--set"): VALUES,
    ("casebook", "x255-output", "--seeds"): VALUES,
    ("casebook", "x255-output", "--json"): _FILES,
    ("diagnose", "nothing", "--set"): VALUES,
    ("diagnose", "nothing", "--runs"): ("", _LONG, "/dev/null", "/dev/null/x"),
    ("doctor", __file__, "--timeout"): VALUES,
    ("doctor", __file__, "--html"): _FILES,
    ("bench", "engine", "--json"): _FILES,
    ("bench", "engine", "--record"): _FILES,
}


def _line(folder: Path, dice: random.Random) -> None:
    words, values = dice.choice(list(LINES.items()))
    given = [*words[:-1], f"{words[-1]}={dice.choice(values)}"]
    ended = subprocess.run(
        [sys.executable, "-m", "ganlab", *given],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
        env={**os.environ, "GANLAB_RUNS": str(folder / "runs")},
    )
    promise(ended.returncode == 2, "exit code 2", (given, ended.returncode, ended.stderr[-500:]))
    promise("Traceback" not in ended.stderr, "no traceback", (given, ended.stderr[-500:]))
    promise(len(ended.stderr) > 40, "an answer in words", (given, ended.stderr))
    promise(not (folder / "runs").exists(), "no run is begun", given)


def _setting(folder: Path, dice: random.Random) -> None:
    """Refused, or a value that can be stored and read again."""
    name = dice.choice(list(KNOBS))
    value: object = dice.choice(
        [*VALUES, "1,2,", 10**400, float("nan"), -(2**70), None, [], b"", True, "\ud800"]
    )
    try:
        config = RunConfig.of({name: value})
    except ConfigError as error:
        promise("allowed" in str(error) or "set " in str(error), "a way out", str(error))
        return
    again = RunConfig.of(orjson.loads(orjson.dumps(dict(config))))
    promise(again == config, "what is taken can be stored", (name, value))


FAULTS = (
    Fault("a hostile command line", _line, cost=2.0),
    Fault("a hostile setting", _setting, cost=0.001),
)
