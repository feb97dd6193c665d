"""Scripts as processes: what they do wrong is said, and they keep their own exit code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
import pytest
import torch

from ganlab.cli import main
from ganlab.doctor import Request, examine
from tests.doctor.patients import PARTS, script


def put(folder: Path, source: str, name: str = "train.py") -> Path:
    file = folder / name
    file.write_text(source)
    return file


def test_a_cause_makes_exit_code_1_and_a_report_to_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANLAB_RUNS", str(tmp_path / "runs"))
    file = put(tmp_path, script(g_step=PARTS["g_step"].replace("ones)", "zeros)")))
    report = tmp_path / "report.json"
    assert main(["doctor", str(file), "--json", str(report)]) == 1
    out = capsys.readouterr().out
    assert "CAUSE FOUND" in out and "generator-sign" in out and "train.py:" in out
    row = orjson.loads(report.read_bytes())
    assert row["verdict"] == "cause" and row["script_exit"] is None
    assert {"reason", "causes", "notes", "symptoms", "discovered", "steps", "seconds",
            "overhead"} <= row.keys()  # fmt: skip


def test_a_script_gets_its_arguments_and_keeps_its_exit_code(tmp_path: Path) -> None:
    file = put(tmp_path, "import sys\nopen(sys.argv[1], 'w').write('own')\nsys.exit(7)")
    report = examine(Request(file, (str(tmp_path / "own.txt"),)))
    assert (tmp_path / "own.txt").read_text() == "own"
    assert report["script_exit"] == 7 and report["verdict"] == "not-assessed"


def test_argparse_main_and_own_seeds_are_a_script_s_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    helpers = PARTS["helpers"].replace("(32", "(opt.batch_size")
    loop = script(steps=30, seed="", imports="", helpers=helpers)
    body = "".join(f"    {line}\n" for line in loop.splitlines() if line)
    file = put(
        tmp_path,
        "import argparse, math, random, torch, torch.nn as nn, torch.nn.functional as F\n"
        "parser = argparse.ArgumentParser()\n"
        "parser.add_argument('--batch-size', type=int, required=True)\n"
        "opt = parser.parse_args()\n"
        f"def main():\n    random.seed(5)\n    torch.manual_seed(5)\n{body}"
        "    torch.save([*G.parameters(), torch.rand(2), random.random()], 'left.pt')\n"
        "if __name__ == '__main__':\n    main()\n",
    )
    left = tmp_path / "left.pt"
    command = [sys.executable, str(file), "--batch-size", "16"]
    subprocess.run(command, check=True, timeout=120)
    alone = torch.load(left)
    left.unlink()
    report = examine(Request(file, ("--batch-size", "16"), keep_running=True))
    assert report["discovered"]["generator"].startswith("G ") and report["steps"] == 30
    assert report["script_exit"] == 0
    watched = torch.load(left)
    assert watched[-1] == alone[-1]
    assert all(map(torch.equal, watched[:-1], alone[:-1]))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("def broken(:\n", "syntax error in line 1"),
        ("import no_such_package_at_all", "needs a package that is not installed"),
        ("input('go on? ')", "asks for input"),
        ("1 / 0", "stopped before any training step with ZeroDivisionError"),
        ("import time\ntime.sleep(60)", "time was up"),
        (
            "import os, torch\nif os.fork() == 0: os._exit(0)\nos.wait()",
            "another process",
        ),
    ],
)
def test_what_cannot_be_assessed_says_why(source: str, text: str, tmp_path: Path) -> None:
    report = examine(Request(put(tmp_path, source), timeout=15.0))
    assert report["verdict"] == "not-assessed"
    assert text in report["reason"]


def test_a_missing_script_is_named_with_those_that_are_there(tmp_path: Path) -> None:
    put(tmp_path, "", "train.py")
    report = examine(Request(tmp_path / "trian.py"))
    assert "There is no script" in report["reason"] and "train.py" in report["reason"]


def test_relative_imports_work_inside_a_package(tmp_path: Path) -> None:
    package = tmp_path / "lab"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "other.py").write_text("VALUE = 5")
    file = put(package, "from .other import VALUE\nimport sys\nsys.exit(VALUE)")
    assert examine(Request(file))["script_exit"] == 5


def test_warnings_and_tracebacks_are_those_of_the_bare_script(tmp_path: Path) -> None:
    """Both name lines; torch's functions and backward are called through us meanwhile."""
    source = script(
        steps=3,
        loss="criterion = nn.MSELoss()",
        helpers=PARTS["helpers"].replace("zeros(32, 1)", "zeros(32)"),
        after="F.linear(torch.ones(2, 3), torch.ones(2, 2))",
    )
    file = put(tmp_path, source)
    bare = subprocess.run([sys.executable, file], capture_output=True, timeout=120)
    doctor = [sys.executable, "-m", "ganlab", "doctor", str(file), "--no-store"]
    watched = subprocess.run(doctor, capture_output=True, timeout=120)
    assert b"UserWarning: Using a target size" in bare.stderr and b"Traceback" in bare.stderr
    assert watched.stderr == bare.stderr
