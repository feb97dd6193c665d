"""Starts a user's script under observation, waits for it, and hands its report over.

The run in the store belongs to this process, so that it still ends when the script is killed.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import orjson

from ganlab.runs.record import Outcome, RunId, Source, Status, StoreError
from ganlab.runs.store import RunStore

Row = dict[str, Any]
_LOG = logging.getLogger("ganlab")
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


End = Literal["", "interrupted", "timeout"]  # why we ended the script; "": we did not


def examine(request: Request, store: RunStore | None = None) -> Row:
    """Runs the script to its verdict. Never raises for what the script does.

    With a store the run lands there while it goes on; one that cannot be written is done without.
    """
    if (problem := _unreadable(request.script)) is not None:
        return blank(problem)
    if store is None:
        return _examine(request)[0]
    script = str(request.script.resolve())
    try:
        run = store.create_watched(Source(script, request.arguments, request.steps))
    except StoreError as refusal:
        _LOG.warning("%s The script is examined without a run in the store.", refusal)
        return _examine(request)[0]
    status, report = Status.FAILED, blank("The doctor itself failed.")
    try:
        report, status = _examine(replace(request, run=run, root=str(store.root)))
    finally:
        _file(store, run, report, status)
    return report | {"run": run}


def _examine(request: Request) -> tuple[Row, Status]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        started = time.monotonic()
        process = subprocess.Popen(
            _command(request, file), stdin=subprocess.DEVNULL, env=_environment()
        )
        end = _wait(process, request)
        report = _read(file)
        if report is None:
            report = blank(_silent(process, request, time.monotonic() - started, end))
            report["script_exit"] = process.returncode
        elif not report.pop("final", True):
            report["script_exit"] = None if end else process.returncode
        report.pop("final", None)
        report["seconds"] = round(time.monotonic() - started, 2)
        return report, _status(report, end)


def _status(report: Row, end: End) -> Status:
    """How the run ended: by itself, by its user or the time, or by an error of the script."""
    if end == "interrupted" or (end == "timeout" and not report["steps"]):
        return Status.STOPPED
    return Status.FINISHED if end or report["script_exit"] in (0, None) else Status.FAILED


def _file(store: RunStore, run: RunId, report: Row, status: Status) -> None:
    """The last word of a run; a disk that refuses it changes nothing of the report."""
    error = report["reason"] if status is Status.FAILED else ""
    outcome = Outcome(status, report["steps"], report["seconds"], error)
    with contextlib.suppress(OSError, StoreError):
        store.write_report(run, report | {"final": True})
    with contextlib.suppress(OSError, StoreError):
        store.finish(run, outcome)


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


def _wait(process: subprocess.Popen[bytes], request: Request) -> End:
    """Until the script has ended, by itself or by us."""
    deadline = time.monotonic() + request.timeout
    end: End = ""
    while process.poll() is None:
        try:
            process.wait(timeout=max(0.05, min(1.0, deadline - time.monotonic())))
        except subprocess.TimeoutExpired:
            if time.monotonic() < deadline:
                continue
            end = end or "timeout"
            _end(process, signal.SIGUSR1)
        except KeyboardInterrupt:  # the script got it too: it is in our group
            end = "interrupted"
            _end(process, signal.SIGINT, told=True)
    return end


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


def _silent(process: subprocess.Popen[bytes], request: Request, seconds: float, end: End) -> str:
    """Why there is no report at all."""
    if end == "interrupted":
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
