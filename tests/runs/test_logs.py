"""Rows on disk: whole ones only, in spite of kills, readers and NaN."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from ganlab.runs import logs
from ganlab.runs.record import Row
from ganlab.runs.rows import Parser


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "metrics.jsonl"


def write(path: Path, *rows: Mapping[str, object]) -> None:
    with logs.open_log(path) as handle:
        for row in rows:
            logs.append_row(handle, row)


def test_a_reader_never_sees_half_a_row(path: Path) -> None:
    write(path, *({"step": step, "text": "ü" * step} for step in range(4)))
    whole = path.read_bytes()
    for size in range(len(whole) + 1):
        path.write_bytes(whole[:size])
        rows, following = logs.read_rows(path, Parser("metrics"))
        assert [row["step"] for row in rows] == list(range(whole[:size].count(b"\n")))
        path.write_bytes(whole)
        rest, end = logs.read_rows(path, Parser("metrics"), following)
        assert [row["step"] for row in rows + rest] == [0, 1, 2, 3]
        assert end == len(whole)


def test_a_torn_last_row_is_ignored_and_cut_off_before_the_next_one(path: Path) -> None:
    path.write_bytes(b'{"step":1}\n{"step":2')
    assert logs.read_rows(path, Parser("metrics")) == ([{"step": 1}], 11)
    write(path, {"step": 3})
    assert logs.read_rows(path, Parser("metrics"))[0] == [{"step": 1}, {"step": 3}]


def test_a_log_that_is_one_torn_row_becomes_empty(path: Path) -> None:
    path.write_bytes(b'{"step":1' + b" " * 200_000)
    write(path, {"step": 3})
    assert path.read_bytes() == b'{"step":3}\n'


def test_a_damaged_row_hides_no_other(path: Path) -> None:
    path.write_bytes(b'{"step":1}\n\x00\x00garbage\n[2]\n{"step":3}\n')
    assert [row["step"] for row in logs.read_rows(path, Parser("metrics"))[0]] == [1, 3]


def test_a_missing_log_is_empty(path: Path) -> None:
    assert logs.read_rows(path, Parser("metrics")) == ([], 0)
    assert logs.last_row(path, Parser("metrics")) is None


def test_an_offset_beyond_the_end_reads_nothing(path: Path) -> None:
    write(path, {"step": 1})
    assert logs.read_rows(path, Parser("metrics"), 1000) == ([], 1000)


def test_a_limit_bounds_one_call_and_loses_no_row(path: Path) -> None:
    write(path, *({"step": step} for step in range(100)), {"step": 100, "long" * 100: 1})
    rows, following = logs.read_rows(path, Parser("metrics"), limit=64)
    assert 0 < len(rows) < 10
    while True:
        more, following = logs.read_rows(path, Parser("metrics"), following, limit=64)
        if not more:
            break
        rows += more
    assert len(rows) == 101


def test_nan_and_infinity_come_back_as_nan(path: Path) -> None:
    row_of = {"a": math.nan, "b": math.inf, "c": np.float32(0.5), "facts": {"low": None}}
    write(path, {"step": 1} | row_of)
    row = logs.read_rows(path, Parser("metrics"))[0][0]
    assert math.isnan(row["a"])
    assert math.isnan(row["b"])
    assert row["c"] == 0.5
    assert row["facts"] == {"low": None}


def test_the_last_row_is_the_last_whole_one(path: Path) -> None:
    write(path, *({"step": step, "filler": "x" * 1000} for step in range(200)))
    with path.open("ab") as file:
        file.write(b'{"step": 200')
    last = logs.last_row(path, Parser("metrics"))
    assert last is not None
    assert last["step"] == 199


def test_csv_has_a_column_for_every_number_that_occurs() -> None:
    rows: list[Row] = [{"step": 0, "d": 1.0, "facts": {"loss": "hinge"}}, {"step": 1, "g": 2.0}]
    assert logs.as_csv(rows) == "step,d,g\n0,1.0,\n1,,2.0\n"


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("a-b", "a-b"),
        ("=1+2", "'=1+2"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "' =1"),
        ("\r=1", "\ufffd=1"),
        ("a\r=1", "a\ufffd=1"),
        ("a\n=1", "a =1"),
        ('a",=1', 'a",=1'),
        ("＝1", "'＝1"),
    ],
)
def test_no_name_in_csv_is_a_formula_of_a_spreadsheet(name: str, cell: str) -> None:
    text = logs.as_csv([{"step": 0, name: -1.5}])
    assert list(csv.reader(text.splitlines())) == [["step", cell], ["0", "-1.5"]]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's always full device")
def test_a_full_disk_is_an_error_and_no_silent_loss() -> None:
    with open("/dev/full", "ab", buffering=0) as full, pytest.raises(OSError, match="space"):
        logs.append_row(full, {"step": 1})
