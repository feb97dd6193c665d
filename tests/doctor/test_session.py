"""Scripts as processes: what they do wrong is said, and they keep their own exit code."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

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
