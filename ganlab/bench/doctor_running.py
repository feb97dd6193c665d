"""Runs scripts under the doctor and the baselines, each in a process and folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ganlab.bench.doctor_answers import ANSWERS
from ganlab.bench.doctor_baselines import Said
from ganlab.bench.doctor_scoring import Report, parsed
from ganlab.paths import has_mnist

SCRIPTS = Path(__file__).parent / "doctor_scripts"
TIMEOUT = 600  # seconds, the doctor's own default
_GRACE = 60  # seconds for a doctor that does not keep its own limit
_ROOT = Path(__file__).parents[2]  # where `python -m ganlab` finds this ganlab


def scripts(*, quick: bool) -> tuple[list[str], list[str]]:
    """Those to run and those left out for want of MNIST; quick takes a fixed third."""
    names = sorted(ANSWERS)
    names = names[::3] if quick else names
    left_out = [] if has_mnist() else [name for name in names if ANSWERS[name].data == "mnist"]
    return [name for name in names if name not in left_out], left_out


def doctor_says(name: str, timeout: float = TIMEOUT) -> Report:
    """Runs one script under the doctor with its default options."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        ended = _run(
            ["-m", "ganlab", "doctor", str(SCRIPTS / f"{name}.py"),
             "--json", str(out), "--timeout", f"{timeout:.0f}"],
            Path(folder), timeout + _GRACE,
        )  # fmt: skip
        try:
            return parsed(json.loads(out.read_text()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as failure:
            return Report("not-assessed", reason=f"no usable report ({failure!r}): {ended}")


def baseline_says(tool: str, name: str, steps: int, timeout: float = TIMEOUT) -> Said:
    """Runs one script under a baseline."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "said.json"
        ended = _run(
            ["-m", "ganlab.bench.doctor_baselines", tool, str(steps), str(out),
             str(SCRIPTS / f"{name}.py")],
            Path(folder), timeout,
        )  # fmt: skip
        try:
            said = json.loads(out.read_text())
        except (OSError, ValueError):
            return Said(0, (), ended)
        return Said(said["networks"], tuple(said["findings"]), said["error"])


def _run(arguments: Sequence[str], folder: Path, timeout: float) -> str:
    """How it ended, in one line."""
    work = folder / "work"
    work.mkdir()
    try:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=work,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"killed after {timeout:.0f} s"
    last = done.stderr.strip().splitlines()[-1:] or [""]
    return f"exit code {done.returncode}. {last[0]}".strip()


def _environment(folder: Path) -> dict[str, str]:
    """One thread, this ganlab, and nothing left behind in the user's run store."""
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")]))
    return os.environ | {
        "PYTHONPATH": path,
        "OMP_NUM_THREADS": "1",
        "GANLAB_RUNS": str(folder / "runs"),
    }
