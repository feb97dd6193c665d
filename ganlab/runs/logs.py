"""Append-only files of JSON rows that survive a kill. Does not know what a row means."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import orjson

from ganlab.runs import files
from ganlab.runs.plaintext import clean
from ganlab.runs.reading import damaged, open_stored
from ganlab.runs.record import Row, StoreError

_FORMULA = tuple("=+-@＝＋－＠")  # how a formula may begin
_TAIL = 64 * 1024  # bytes; far more than one row
_LONGEST = 64 << 20  # bytes of one row
_MOST = 1 << 30  # bytes of a log that is read at once

Parse: TypeAlias = Callable[[bytes], list[Row]]  # whole lines to rows, without the damaged ones


def to_json(value: object) -> bytes:
    """JSON of plain and numpy values; NaN and infinities become null."""
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)


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


def read_rows(
    path: Path, parse: Parse, start: int = 0, limit: int | None = None
) -> tuple[list[Row], int]:
    """Whole rows from byte `start` on, and the byte to go on from: `start` where there is no more.

    A torn last row is left for the next call, a missing file is empty. `limit` (bytes) bounds the
    memory of one call on a long log. Raises Damaged where the log is no plain file, or endless.
    """
    try:
        with open_stored(path) as file:
            file.seek(start)
            chunk = file.read(_MOST if limit is None else limit)
            if b"\n" not in chunk:
                chunk += file.readline(_LONGEST)
    except FileNotFoundError:
        return [], 0
    end = chunk.rfind(b"\n") + 1
    if not end and len(chunk) >= _LONGEST:
        raise damaged(path, f"has a row of more than {_LONGEST} bytes")
    return parse(chunk[:end]), start + end


def last_row(path: Path, parse: Parse) -> Row | None:
    """The last whole row, read from the end of the file; None when there is none.

    Raises Damaged where the log is no plain file.
    """
    try:
        with open_stored(path) as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
            tail = file.read()
    except FileNotFoundError:
        return None
    lines = tail[: tail.rfind(b"\n") + 1].splitlines()
    return next((row for line in reversed(lines) for row in parse(line)), None)


def keep_rows(path: Path, keep: Callable[[bytes], bool]) -> None:
    """Rewrites the log with the lines to keep, all at once; a torn last one goes.

    Raises StoreError for a link.
    """
    files.check_file(path)
    if path.exists():
        lines = path.read_bytes().split(b"\n")[:-1]
        files.replace_file(path, b"".join(line + b"\n" for line in lines if keep(line)))


def as_csv(rows: Iterable[Row]) -> str:
    """The numbers of the rows as CSV; a column for every name that occurs, empty where missing.

    A name that a spreadsheet would take for a formula gets an apostrophe before it, and none has a
    line's end: a stored log may be anybody's. Source: OWASP, CSV Injection.
    """
    numbers = [
        {name: value for name, value in row.items() if isinstance(value, int | float)}
        for row in rows
    ]
    columns = list(dict.fromkeys(name for row in numbers for name in row))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(_as_text, columns))
    writer.writerows([row.get(name, "") for name in columns] for row in numbers)
    return text.getvalue()


def _as_text(name: str) -> str:
    name = clean(name)
    return f"'{name}" if name.lstrip().startswith(_FORMULA) else name


def _after_last_newline(file: io.FileIO) -> int:
    size = file.seek(0, os.SEEK_END)
    for start in (max(0, size - _TAIL), 0):
        file.seek(start)
        newline = file.readall().rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
    return 0
