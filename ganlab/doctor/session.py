"""Starts a user's script under observation, waits for it, and hands its report over."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

Row = dict[str, Any]
_GRACE = 8.0  # seconds for a script to end after it was told to


@dataclass(frozen=True)
class Request:
    """A script and how to look at it."""

    script: Path
    arguments: tuple[str, ...] = ()
    steps: int = 2000  # generator updates
    timeout: float = 600.0  # seconds
    keep_running: bool = False
    generator: str = ""
    discriminator: str = ""
    run: str = ""  # of the store at `root`, so that the lab shows it live
    root: str = ""


def examine(request: Request) -> Row:
    """Runs the script to its verdict. Never raises for what the script does."""
    if (problem := _unreadable(request.script)) is not None:
        return blank(problem)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        started = time.monotonic()
        process = subprocess.Popen(
            _command(request, file), stdin=subprocess.DEVNULL, env=_environment()
        )
        interrupted = _wait(process, request, file)
        report = _read(file)
        if report is None:
            report = blank(_silent(process, request, time.monotonic() - started, interrupted))
            report["script_exit"] = process.returncode
        elif not report.pop("final", True):
            report["script_exit"] = None
        report.pop("final", None)
        report["seconds"] = round(time.monotonic() - started, 2)
        return report


def blank(reason: str) -> Row:
    """A report that could not be made."""
    return {
        "verdict": "not-assessed",
        "reason": reason,
        "causes": [],
        "notes": [],
        "symptoms": [],
        "discovered": {"generator": None, "discriminator": None},
        "steps": 0,
        "seconds": 0.0,
        "overhead": 0.0,
        "script_exit": None,
    }


def _unreadable(script: Path) -> str | None:
    if not script.exists():
        near = (
            sorted(path.name for path in script.parent.glob("*.py"))
            if script.parent.exists()
            else []
        )
        hint = f" Python files there: {', '.join(near[:6])}." if near else ""
        return f"There is no script {script}.{hint}"
    if script.is_dir():
        return f"{script} is a folder; name the script that trains, e.g. {script / 'train.py'}."
    try:
        compile(script.read_bytes(), str(script), "exec")
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        return f"The script has a syntax error in line {line}: {getattr(error, 'msg', error)}."
    return None


def _command(request: Request, file: Path) -> list[str]:
    spec = {
        "report": str(file),
        "steps": request.steps,
        "keep_running": request.keep_running,
        "generator": request.generator,
        "discriminator": request.discriminator,
        "run": request.run,
        "root": request.root,
    }
    module = [sys.executable, "-m", "ganlab.doctor.child", orjson.dumps(spec).decode()]
    return [*module, str(request.script.resolve()), *request.arguments]


def _environment() -> dict[str, str]:
    """The user's own, with ganlab importable and no window that somebody would have to close."""
    environment = dict(os.environ)
    here = str(Path(__file__).parents[2])
    known = environment.get("PYTHONPATH", "")
    environment["PYTHONPATH"] = f"{here}{os.pathsep}{known}" if known else here
    environment.setdefault("MPLBACKEND", "Agg")
    return environment


def _wait(process: subprocess.Popen[bytes], request: Request, file: Path) -> bool:
    """Until the script has ended, by itself or by us; whether Ctrl-C was pressed."""
    deadline = time.monotonic() + request.timeout
    interrupted = False
    while process.poll() is None:
        try:
            process.wait(timeout=max(0.05, min(1.0, deadline - time.monotonic())))
        except subprocess.TimeoutExpired:
            if time.monotonic() < deadline:
                continue
            _end(process, signal.SIGUSR1)
        except KeyboardInterrupt:  # the script got it too: it is in our group
            interrupted = True
            _end(process, signal.SIGINT, told=True)
    return interrupted


def _end(process: subprocess.Popen[bytes], how: signal.Signals, *, told: bool = False) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        if not told:
            process.send_signal(how)
        try:
            process.wait(timeout=_GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _read(file: Path) -> Row | None:
    try:
        row: Row = orjson.loads(file.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return row


def _silent(
    process: subprocess.Popen[bytes], request: Request, seconds: float, interrupted: bool
) -> str:
    """Why there is no report at all."""
    if interrupted:
        return "Interrupted before anything could be seen."
    if seconds >= request.timeout - 1:
        return (
            f"Nothing was trained within {request.timeout:g} s; raise --timeout if the script "
            "prepares its data for that long."
        )
    code = process.returncode
    if code is not None and code < 0:
        return f"The script's process was killed by {signal.Signals(-code).name}."
    return f"The script's process ended with exit code {code} and left no report."
