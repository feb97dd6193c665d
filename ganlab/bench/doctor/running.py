"""Runs scripts under the doctor and the baselines, each in a process and folder of its own."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import runpy
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from ganlab.bench.doctor import baselines
from ganlab.bench.doctor.answers import ANSWERS, write
from ganlab.bench.doctor.baselines import TOOLS
from ganlab.bench.doctor.phrases import Said
from ganlab.bench.doctor.scoring import Report, parsed
from ganlab.doctor.run import child
from ganlab.doctor.run.command import Request
from ganlab.paths import has_mnist

TIMEOUT = 600  # seconds, the doctor's own default
_PATIENCE = 4  # seconds for a program that keeps its limit by itself, at its next step
_GRACE = 15  # and for one that has to be told


def scripts(*, quick: bool) -> tuple[list[str], list[str]]:
    """Those to run and those left out for want of MNIST; quick takes a fixed third."""
    names = sorted(ANSWERS)
    names = names[::3] if quick else names
    left_out = [] if has_mnist() else [name for name in names if ANSWERS[name].data == "mnist"]
    return [name for name in names if name not in left_out], left_out


def warm() -> None:
    """Imports once what every script would import again after its fork."""
    for name in ("torch._dynamo", "torchvision.datasets", "sklearn.cluster", *TOOLS.values()):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def doctor_says(name: str, timeout: float = TIMEOUT) -> Report:
    """Runs one script under the doctor with its default options."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        script = str(_written(name, folder))
        spec = {
            "report": str(out),
            "script": script,
            "steps": Request.steps,
            "keep_running": False,
            "deadline": time.time() + timeout,
        }
        ended = run_apart(lambda: _watched(spec), [script], Path(folder), timeout)
        try:
            return parsed(json.loads(out.read_text()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as failure:
            return Report("not-assessed", reason=f"no usable report ({failure!r}): {ended}")


def _written(name: str, folder: str) -> Path:
    """The script, in a folder of its own."""
    code = Path(folder) / "code"
    code.mkdir()
    return write(name, code)


def _watched(spec: dict[str, Any]) -> None:
    """Runs the script in this process, which has torch already, as Python would run it."""
    watch = child.Watch(spec)
    ending: dict[str, Any] = {"error": "", "kind": "", "forks": 0, "late": False}
    sys.path[0] = os.path.dirname(spec["script"])
    try:
        runpy.run_path(spec["script"], run_name="__main__")
    except SystemExit:
        pass
    except KeyboardInterrupt:
        ending["late"] = True
    except BaseException as error:
        ending |= {"error": f"{type(error).__name__}: {error}", "kind": type(error).__name__}
    watch.finish(ending)


def baseline_says(tool: str, name: str, steps: int, timeout: float = TIMEOUT) -> Said:
    """Runs one script under a baseline."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "said.json"
        script = str(_written(name, folder))
        arguments = [tool, str(steps), str(out), script]
        ended = run_apart(lambda: baselines.program(arguments), [script], Path(folder), timeout)
        try:
            said = json.loads(out.read_text())
        except (OSError, ValueError):
            return Said(0, (), ended)
        return Said(said["networks"], tuple(said["findings"]), said["error"])


def run_apart(
    program: Callable[[], object], arguments: list[str], folder: Path, timeout: float
) -> str:
    """Calls the program in a forked process, as a command of its own; says how it ended.

    Forked, so that torch is imported once and not for every script.
    """
    work = folder / "work"
    work.mkdir()
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if not process:
        os._exit(_in_the_fork(program, arguments, work))
    return _wait(process, timeout)


def _in_the_fork(program: Callable[[], object], arguments: list[str], work: Path) -> int:
    """One thread, no input, and nothing left behind in the user's run store."""
    try:
        os.chdir(work)
        os.environ |= {"OMP_NUM_THREADS": "1", "GANLAB_RUNS": str(work.parent / "runs")}
        os.environ.setdefault("MPLBACKEND", "Agg")
        log = os.open(work.parent / "log", os.O_WRONLY | os.O_CREAT)
        for number, file in ((0, os.open(os.devnull, os.O_RDONLY)), (1, log), (2, log)):
            os.dup2(file, number)
        torch.set_num_threads(1)
        sys.argv = arguments
        code = program()
    except BaseException:
        traceback.print_exc()
        return 99
    return code if isinstance(code, int) else 0


def _wait(process: int, timeout: float) -> str:
    """Tells a process that the time is up, as the doctor's command does, and then kills it."""
    told = timeout + _PATIENCE
    orders = iter(((told, signal.SIGINT), (told + _GRACE, signal.SIGKILL)))
    started, order = time.monotonic(), next(orders, None)
    while True:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return f"ended with {os.waitstatus_to_exitcode(status)}"
        if order is not None and time.monotonic() - started > order[0]:
            os.kill(process, order[1])
            order = next(orders, None)
        time.sleep(0.02)
