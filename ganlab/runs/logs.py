"""Append-only files of JSON rows that survive a kill. Does not know what a row means."""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from ganlab.runs import files
from ganlab.runs.record import Row, StoreError

_TAIL = 64 * 1024  # bytes; far more than one row


def to_json(value: object) -> bytes:
    """JSON of plain and numpy values; NaN and infinities become null."""
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)


def read_object(path: Path) -> Row | None:
    """The JSON object of a whole file; None when it is missing or damaged."""
    try:
        return _row(path.read_bytes())
    except OSError:
        return None


def open_log(path: Path) -> io.FileIO:
    """A handle that appends. Cuts off a torn last row first, or the next one would be lost too.

    Raises StoreError for a link, and for whatever else is no plain file.
    """
    handle = files.open_to_append(path)
    try:
        size = _after_last_newline(handle)
        if size < handle.seek(0, os.SEEK_END):
            files.system.truncate(handle.fileno(), size)
    except BaseException:
        handle.close()
        raise
    return handle


def append_row(handle: io.FileIO, row: Mapping[str, Any]) -> None:
    """Hands one row to the operating system, where a kill of this process cannot reach it.

    After an OSError half a row may be in the file: close the handle and open the log anew. Raises
    StoreError when the file is no longer where readers look for it.
    """
    if not files.in_place(handle):
        path = Path(handle.name)
        raise StoreError(
            f"{path.name} of run {path.parent.name} was removed or replaced while the run was "
            "written; allowed: one writer, and logs that stay. What is measured from now on would "
            "be lost, so the run has ended. Reopen it to go on from its latest checkpoint."
        )
    files.write_all(handle.fileno(), to_json(row) + b"\n")


def read_rows(path: Path, start: int = 0, limit: int | None = None) -> tuple[list[Row], int]:
    """Whole rows from byte `start` on, and the byte to go on from.

    A torn last row is left for the next call, a damaged one is skipped, a missing file is empty.
    `limit` (bytes) bounds the memory of one call on a long log.
    """
    try:
        with path.open("rb") as file:
            file.seek(start)
            chunk = file.read(-1 if limit is None else limit)
            if limit is not None and b"\n" not in chunk:
                chunk += file.read()
    except FileNotFoundError:
        return [], 0
    end = chunk.rfind(b"\n") + 1
    rows = (_row(line) for line in chunk[:end].splitlines())
    return [row for row in rows if row is not None], start + end


def last_row(path: Path) -> Row | None:
    """The last whole row, read from the end of the file; None when there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
            tail = file.read()
    except FileNotFoundError:
        return None
    rows = (_row(line) for line in reversed(tail[: tail.rfind(b"\n") + 1].splitlines()))
    return next((row for row in rows if row is not None), None)


def keep_rows(path: Path, keep: Callable[[Row], bool]) -> None:
    """Rewrites the log with the rows to keep, all at once. Raises StoreError for a link."""
    files.check_file(path)
    if path.exists():
        rows, _ = read_rows(path)
        files.replace_file(path, b"".join(to_json(row) + b"\n" for row in rows if keep(row)))


def null_as_nan(row: Row) -> Row:
    """The row with NaN where it says null (JSON has no NaN). Nested values stay as they are."""
    if None not in row.values():
        return row
    return {name: math.nan if value is None else value for name, value in row.items()}


def as_csv(rows: Iterable[Row]) -> str:
    """The numbers of the rows as CSV; a column for every name that occurs, empty where missing."""
    numbers = [
        {name: value for name, value in row.items() if isinstance(value, int | float)}
        for row in rows
    ]
    columns = list(dict.fromkeys(name for row in numbers for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(numbers)
    return text.getvalue()


def _after_last_newline(file: io.FileIO) -> int:
    size = file.seek(0, os.SEEK_END)
    for start in (max(0, size - _TAIL), 0):
        file.seek(start)
        newline = file.readall().rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
    return 0


def _row(line: bytes) -> Row | None:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None
