"""What the doctor says of every script of its tests, kept with the history it was said of.

`python -m tests.causes.seen` runs those scripts and writes it anew: only after a change that is
meant. `python -m tests.causes.seen ring_gp_01 ...` adds scripts of the bench, `--all` every one.
"""

from __future__ import annotations

import lzma
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import orjson
import pytest

from ganlab.bench.doctor.answers import ANSWERS
from ganlab.bench.doctor.answers import write as write_script
from ganlab.causes.history import History
from ganlab.causes.weigh import conclude, ranked
from ganlab.doctor import Request, examine
from ganlab.doctor.run import report
from ganlab.doctor.run.examiner import Examiner
from ganlab.runs import RunStore
from tests.doctor import patients

FOLDER = Path(__file__).with_name("golden")
SCRIPTS = [
    str(Path(__file__).parents[1] / "doctor" / f"test_{name}.py")
    for name in ("causes", "penalties", "energies")
]
Row = dict[str, Any]


def said(history: History) -> Row:
    """The verdict on it with every word, as JSON brings it back."""
    found = conclude(history, ranked(history))
    row = {
        "verdict": found.verdict,
        "reason": found.reason,
        "causes": [each.as_entry() | {"harm": each.harm} for each in found.causes],
        "notes": [each.as_entry() | {"harm": each.harm} for each in found.notes],
        "symptoms": found.symptoms,
    }
    loaded: Row = orjson.loads(orjson.dumps(row))
    return loaded


@cache
def kept() -> dict[str, Row]:
    """{history, said} of each script, by name."""
    found: dict[str, Row] = {}
    for file in sorted(FOLDER.glob("*.json.xz")):
        found |= orjson.loads(lzma.decompress(file.read_bytes()))
    return found


def plain(history: History) -> Row:
    """A history's row with files by their names alone, and numbers to seven digits."""
    row: Row = orjson.loads(orjson.dumps(_short(history.as_row())))
    return row


def _short(value: Any) -> Any:
    if isinstance(value, dict):
        file = {"file": Path(value["file"]).name} if "file" in value else {}
        return {name: _short(inner) for name, inner in (value | file).items()}
    if isinstance(value, list):
        return [_short(inner) for inner in value]
    return float(f"{value:.7g}") if isinstance(value, float) else value


def write(name: str, rows: dict[str, Row]) -> None:
    """Keeps them in one file."""
    packed = lzma.compress(orjson.dumps(rows), preset=9 | lzma.PRESET_EXTREME)
    (FOLDER / f"{name}.json.xz").write_bytes(packed)


@dataclass
class Recording:
    """A pytest plugin that keeps the history behind each report of the doctor's tests."""

    rows: dict[str, Row] = field(default_factory=dict)
    test: str = ""

    @pytest.hookimpl
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Notes whose turn it is."""
        self.test = item.name

    def take(self, examiner: Any, report: Row) -> None:
        """Keeps what the examiner has just said; what is kept has to say the same again."""
        if examiner.history is None:
            return
        row = plain(examiner.history)
        again = said(History.of_row(row))
        assert (again["verdict"], again["reason"]) == (report["verdict"], report["reason"])
        for kind in ("causes", "notes"):
            words = [(each["slug"], each["evidence"]) for each in report[kind]]
            assert words == [(each["slug"], each["evidence"]) for each in again[kind]]
        before = sum(name.partition(" #")[0] == self.test for name in self.rows)
        name = f"{self.test} #{before + 1}" if before else self.test
        self.rows[name] = {"history": row, "said": again}


def record_tests() -> dict[str, Row]:
    """Runs the doctor's tests of causes."""
    recording, report_of = Recording(), report.report_of

    def kept_report(examiner: Examiner, *rest: Any) -> Row:
        said = report_of(examiner, *rest)
        recording.take(examiner, said)
        return said

    with mock.patch.object(patients, "report_of", kept_report):
        assert pytest.main(["-q", "-n", "0", *SCRIPTS], plugins=[recording]) == 0
    return recording.rows


def record_bench(names: list[str]) -> Iterator[tuple[str, Row]]:
    """Runs scripts of the bench under the doctor; their runs go to a store of their own."""
    with tempfile.TemporaryDirectory() as folder:
        store, code = RunStore(Path(folder) / "runs"), Path(folder) / "code"
        code.mkdir()
        for name in names:
            said_then = examine(Request(write_script(name, code)), store)
            stored = store.doctor_history(said_then["run"])
            if stored is not None:
                row = plain(History.of_row(stored))
                yield name, {"history": row, "said": said(History.of_row(row))}


def main(names: list[str]) -> None:
    """Records those of the bench, or the doctor's tests where none is named."""
    if not names:
        write("tests", record_tests())
        return
    everything = sorted(ANSWERS)
    for name, row in record_bench(everything if names == ["--all"] else names):
        write(name, {name: row})


if __name__ == "__main__":
    main(sys.argv[1:])
