"""Starts a user's script under observation, waits for it, and hands its report over.

The run in the store belongs to this process, so that it still ends when the script is killed.
"""

from __future__ import annotations

import contextlib
import logging
import signal
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import orjson

from ganlab.doctor.run.command import Request, command, environment, unreadable
from ganlab.doctor.run.ending import Ending, with_code, without_torch
from ganlab.doctor.run.launch import Script, launch
from ganlab.runs.record import Outcome, RunId, Source, Status, StoreError
from ganlab.runs.store import RunStore

Row = dict[str, Any]
_LOG = logging.getLogger("ganlab")
_PATIENCE = 4.0  # seconds after the time is up for a script's next step, which ends it gently
_GRACE = 8.0  # seconds for a script to end after it was told to


End = Literal["", "interrupted", "timeout"]  # why we ended the script; "": we did not


def examine(request: Request, store: RunStore | None = None) -> Row:
    """Runs the script to its verdict. Never raises for what the script does.

    With a store the run lands there while it goes on; one that cannot be written is done without.
    """
    if (problem := unreadable(request.script)) is not None:
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
        report, status = _examine(replace(request, run=run, root=str(store.root.absolute())))
    finally:
        _file(store, run, report, status)
    return report | {"run": run}


def _examine(request: Request) -> tuple[Row, Status]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        started = time.monotonic()
        with launch(command(request), environment(request, file)) as process:
            end = _wait(process, request, file)
        report = _read(file)
        if report is None:
            report = blank(_silent(process, request, time.monotonic() - started, end))
            report["script_exit"] = process.returncode
        else:
            _settle(report, process.returncode, end)
        report["seconds"] = round(time.monotonic() - started, 2)
        return report, _status(report, end)


def _settle(report: Row, code: int, end: End) -> None:
    """Puts in what only this process knows: how the script's own process ended."""
    final = report.pop("final", True)
    if (plain := report.pop("ending", None)) is not None:
        late = plain.pop("late")
        problem = plain.pop("failed")
        ending = Ending(**plain, ours=late or end == "timeout")
        report |= blank(
            f"The doctor itself failed. {problem}" if problem else without_torch(ending, code)
        )
        report["script_exit"] = None if ending.ours else code
    elif report["script_exit"] is not None or not final:
        report["script_exit"] = None if end == "timeout" else code
        report["reason"] = report["reason"].replace(with_code(0), with_code(code))


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


def _wait(process: Script, request: Request, file: Path) -> End:
    """Until the script has ended, by itself or by us. Its user's Ctrl-C is its own to answer."""
    deadline = time.monotonic() + request.timeout
    end: End = ""
    while process.poll() is None:
        try:
            process.wait(max(0.05, min(0.25, deadline - time.monotonic())))
        except subprocess.TimeoutExpired:
            patience = _PATIENCE if file.exists() else 0.5  # it may end at its next step
            if end or time.monotonic() < deadline + patience:
                continue
            end = "timeout"
            process.stop(_GRACE)
        except KeyboardInterrupt:
            end = "interrupted"
            process.interrupt()
    return end or ("interrupted" if process.returncode == -signal.SIGINT else "")


def _read(file: Path) -> Row | None:
    try:
        row: Row = orjson.loads(file.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return row


def _silent(process: Script, request: Request, seconds: float, end: End) -> str:
    """Why there is no report at all."""
    if end == "interrupted":
        return "Interrupted before anything could be seen."
    if seconds >= request.timeout - 1:
        return (
            f"Nothing was trained within {request.timeout:g} s; raise --timeout if the script "
            "prepares its data for that long."
        )
    code = process.returncode
    if code < 0:
        return f"The script's process was killed by {_name(-code)}."
    return f"The script's process ended with exit code {code} and left no report."


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # those in between SIGRTMIN and SIGRTMAX have none
        return f"signal {number}"
