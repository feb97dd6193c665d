"""A script under the doctor is the bare script: output, errors, ending and files are equal.

Differences that cannot be helped, each with its reason:

- A script with a syntax error is not started: the doctor names the line instead of Python.
- `from .other import` in a script that lies in a package works; bare Python refuses it.
- Once torch is imported, `sys.modules` and the filters of warnings hold what the packages that the
  doctor uses bring along, and memory, time and the doctor's process as the parent are there to see.
- A script whose group is its shell's is told Ctrl-C by the terminal, as ever; a doctor that is the
  leader of a session itself cannot make the script one.
- `-I`, `-E` and `-S` of Python are not passed on: they would shut the doctor out.
- A traceback that the script itself catches and prints shows our frames between torch's, and a
  module's forward runs on copies: what it does other than to print and to draw numbers (files,
  counters of its own) is done there too.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.faults import harm_scripts as scripts

ROOT = Path(__file__).parents[2]
_ADDRESS = re.compile(rb"0x[0-9a-f]+")
DOCTOR = f"""
import json, pathlib, sys
sys.path.insert(0, {str(ROOT)!r})
from ganlab.doctor import Request, examine
said, script, *arguments = sys.argv[1:]
options = json.loads({{options!r}})
report = examine(Request(pathlib.Path(script), tuple(arguments), given=script, **options))
pathlib.Path(said).write_text(json.dumps(report))
"""


@dataclass(frozen=True)
class Case:
    """A script, and how it is called."""

    source: str
    stdin: bytes = b""
    arguments: tuple[str, ...] = ()
    name: str = "train.py"
    python: tuple[str, ...] = ()  # options of the interpreter
    environment: dict[str, str] = field(default_factory=dict)


CASES = {
    "surroundings": Case(scripts.SURROUNDINGS, arguments=("--lr", "0.1", "", "ä")),
    "surroundings by another path": Case(
        scripts.SURROUNDINGS,
        name="./sub/../sub/train.py",
        python=("-O", "-Wdefault", "-X", "utf8"),
        environment={"PYTHONPATH": f"lib{os.pathsep}", "MPLBACKEND": "svg", "PYTHONHASHSEED": "3"},
    ),
    "a link": Case(scripts.SURROUNDINGS, name="link/train.py"),
    "input": Case(scripts.ASKS, stdin=b"one\ntwo\nthree\nfour\n"),
    "an own hook, threads and atexit": Case(scripts.OWN_HOOK),
    "a hook that fails": Case(scripts.BROKEN_HOOK),
    "processes": Case(scripts.PROCESSES),
    "a daemon": Case(scripts.DAEMON),
    **{f"end: {name}": Case(source) for name, source in scripts.ENDS.items()},
}


def bare_and_watched(
    case: Case, folder: Path, **options: Any
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """What the script does alone and under the doctor, and the report."""
    said = folder / "said.json"
    doctor = [sys.executable, *case.python, "-c", DOCTOR.format(options=json.dumps(options)), said]
    bare = _run([sys.executable, *case.python], case, folder)
    watched = _run(doctor, case, folder)
    report: dict[str, Any] = json.loads(said.read_text())
    watched["code"] = report["script_exit"]
    return bare, watched, report


def _run(command: list[Any], case: Case, folder: Path) -> dict[str, Any]:
    """Runs it at the same place as the other one, in a group of its own as from a shell."""
    work = folder / "work"
    (work / "sub").mkdir(parents=True)
    (work / "link").symlink_to("sub")
    script = work / case.name
    script.write_text(case.source)
    for place in (work, work / "sub"):
        (place / "beside.py").write_text("here = __file__")
    done = subprocess.run(
        [*command, case.name, *case.arguments],
        input=case.stdin,
        capture_output=True,
        cwd=work,
        env=os.environ | case.environment,
        start_new_session=True,
        timeout=200,
    )
    files = {
        str(path.relative_to(work)): path.read_bytes() if path.is_file() else b""
        for path in work.rglob("*")
        if "__pycache__" not in path.parts
    }
    work.rename(folder / f"done{time.monotonic_ns()}")
    return {"out": done.stdout, "err": done.stderr, "code": done.returncode, "files": files}


@pytest.mark.parametrize("name", CASES)
def test_a_script_is_the_same_with_and_without_the_doctor(name: str, tmp_path: Path) -> None:
    bare, watched, report = bare_and_watched(CASES[name], tmp_path)
    for what, seen in _settled(bare).items():
        assert _settled(watched)[what] == seen, what
    assert report["verdict"] == "not-assessed"
    assert "doctor itself" not in report["reason"]


def _settled(done: dict[str, Any]) -> dict[str, Any]:
    """Without addresses in memory, which differ from run to run."""
    return done | {key: _ADDRESS.sub(b"0x", done[key]).splitlines() for key in ("out", "err")}


def test_training_is_the_same_with_and_without_the_doctor(tmp_path: Path) -> None:
    """Also what it has patched, hooked, printed and drawn, while copies of D are trained aside."""
    bare, watched, report = bare_and_watched(Case(scripts.TRAINING), tmp_path, keep_running=True)
    for what, seen in _settled(bare).items():
        assert _settled(watched)[what] == seen, what
    assert b"'step': 320" in bare["out"] and bare["code"] == 1
    assert report["steps"] == 160 and not report["internal_errors"]


def test_the_time_is_up_for_a_script_that_does_not_train(tmp_path: Path) -> None:
    source = "import time\ntry:\n    time.sleep(100)\nfinally:\n    print('tidied up')"
    case = Case(source, name="train.py")
    done, report = _watched_alone(case, tmp_path, timeout=0.5)
    assert (done.stdout, done.stderr) == (b"tidied up\n", b"")
    assert "The time was up" in report["reason"] and report["script_exit"] is None


def test_a_signal_to_the_doctor_reaches_the_script(tmp_path: Path) -> None:
    source = (
        "import os, signal, sys, time\n"
        "def told(*_):\n    print('told')\n    sys.exit(4)\n"
        "signal.signal(signal.SIGTERM, told)\n"
        "os.kill(os.getppid(), signal.SIGTERM)\ntime.sleep(100)"
    )
    done, report = _watched_alone(Case(source), tmp_path)
    assert (done.stdout, done.stderr) == (b"told\n", b"")
    assert report["script_exit"] == 4


def _watched_alone(
    case: Case, folder: Path, **options: Any
) -> tuple[subprocess.CompletedProcess[bytes], dict[str, Any]]:
    """Under the doctor only, where the bare script would behave otherwise or not end."""
    script, said = folder / case.name, folder / "said.json"
    script.write_text(case.source)
    done = subprocess.run(
        [sys.executable, "-c", DOCTOR.format(options=json.dumps(options)), said, script],
        capture_output=True,
        start_new_session=True,
        timeout=200,
    )
    report: dict[str, Any] = json.loads(said.read_text())
    return done, report


def test_the_time_is_up_at_a_step_and_not_in_a_destructor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is raised in a destructor is swallowed, and printed."""
    from ganlab.doctor.run import examiner
    from tests.doctor import patients

    class Short(examiner.Plan):
        def __init__(self, **given: Any) -> None:
            super().__init__(**given, deadline=-1.0)

    clock = SimpleNamespace(time=lambda: 0.0 if started else -2.0, perf_counter=time.perf_counter)
    monkeypatch.setattr(examiner, "time", clock)
    monkeypatch.setattr(patients, "Plan", Short)
    started: list[int] = []
    destructor = (
        "    class Ends:\n        def __del__(self):\n            _ = sys.modules\n"
        "            step == 12 and started.append(1)\n    Ends()\n"
    )
    monkeypatch.setitem(sys.modules, "started", started)
    source = patients.script(
        steps=40,
        imports=patients.PARTS["imports"] + ", sys\nstarted = sys.modules['started']",
        g_step=destructor + patients.PARTS["g_step"],
    )
    report = patients.examined(source, tmp_path)
    assert (report["steps"], report["script_exit"]) == (12, None)
    assert "The time was up" in report["reason"]
    assert capsys.readouterr().err == ""


_TTY = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""


def test_a_terminal_is_the_script_s_own(tmp_path: Path) -> None:
    """It asks there, and Ctrl-Z and Ctrl-C are for it."""
    source = (
        "import os, sys, time\nprint(sys.stdin.isatty(), os.tcgetpgrp(0) == os.getpgrp())\n"
        "print('hello', input('name? '), flush=True)\ntime.sleep(100)\n"
    )
    script, said = tmp_path / "train.py", tmp_path / "said.json"
    script.write_text(source)
    doctor = [sys.executable, "-c", DOCTOR.format(options="{}"), str(said), str(script)]
    bare = _on_a_terminal([sys.executable, str(script)])
    assert _on_a_terminal(doctor) == bare
    assert b"True True" in bare and b"hello you" in bare and b"KeyboardInterrupt" in bare
    assert json.loads(said.read_text())["script_exit"] == -signal.SIGINT


def _on_a_terminal(command: list[str]) -> bytes:
    """The lines that it writes there; it is answered once, and then interrupted.

    What the terminal echoes stands before or behind the line that is printed meanwhile.
    """
    ours, its = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", _TTY, *command], stdin=its, stdout=its, stderr=its
    )
    os.close(its)
    text, answers = b"", {b"name? ": b"\x1ayou\n", b"hello you": b"\x03"}
    while True:
        try:
            text += os.read(ours, 1000)
        except OSError:  # nobody has it open any more
            break
        for asked in [each for each in answers if each in text]:
            time.sleep(0.5)  # it may be in the middle of printing that
            os.write(ours, answers.pop(asked))
    os.close(ours)
    process.wait(60)
    lines = text.replace(b"^C", b"").replace(b"^Z", b"").splitlines()
    return b"\n".join(line for line in lines if line)


def test_where_there_are_no_groups_signals_and_forks_a_script_runs_all_the_same(
    tmp_path: Path,
) -> None:
    """As on Windows: nothing is sent; a thread interrupts it when the time is up."""
    start = ROOT / "ganlab/doctor/run/start/sitecustomize.py"
    said = tmp_path / "said.json"
    spec = {"report": str(said)}
    source = (
        "import os, runpy, sys, time\n"
        "del os.register_at_fork, os.fork, os.getpgrp\nsys.platform = 'win32'\n"
        f"start = runpy.run_path({str(start)!r})['Start']('0.0 ' + {json.dumps(spec)!r})\n"
        "start.begin()\nprint('runs', flush=True)\nwhile True:\n    time.sleep(0.01)\n"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, timeout=60)
    assert (done.stdout.split(), done.stderr) == ([b"runs"], b"")
    assert json.loads(said.read_text())["ending"]["late"]
