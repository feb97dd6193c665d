"""A file of results: rows by case and data, as `measured.json` has them. Measures nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from ganlab.config import ConfigError
from ganlab.outputs import keep_elsewhere, shown, write_result

Row = dict[str, Any]


def stored(file: Path | None) -> dict[str, Any]:
    """What a result file holds already. Raises ConfigError for anything but results."""
    try:
        text = file.read_bytes() if file and file.is_file() else b""
        found = orjson.loads(text) if text.strip() else {}
    except (OSError, orjson.JSONDecodeError):
        found = None
    if not isinstance(found, dict) or not all(map(_is_results, found.values())):
        raise ConfigError(
            f"--json {shown(file or '')} holds something else than results; allowed: a new file, "
            "or one that this command wrote. Name another file or remove this one."
        )
    return found


def _is_results(rows: Any) -> bool:
    """Whether it is what `keep` wrote of one case: a row for each kind of data."""
    return isinstance(rows, dict) and all(
        isinstance(row, dict)
        and {"runs", "onsets", "onset_seconds", "fixes"} <= row.keys()
        and isinstance(row["fixes"], dict)
        for row in rows.values()
    )


def keep(file: Path, ours: Mapping[str, Mapping[str, Row]]) -> None:
    """Puts all results so far into the file beside the others; whole or not at all."""
    try:
        before = stored(file)
    except ConfigError as error:  # it was well when we began; hours of work are not its price
        keep_elsewhere(file, _one_line_a_trial(ours), str(error))
        return
    both = {slug: {**before.get(slug, {}), **ours.get(slug, {})} for slug in {*before, *ours}}
    write_result(file, _one_line_a_trial(both))


def _one_line_a_trial(results: Mapping[str, Any]) -> bytes:
    """JSON that changes line by line: indented down to the trials, each of them on one line."""
    lines = []
    for slug in sorted(results):
        parts = [
            f"  {_json(data)}: {{\n" + ",\n".join(_members(row)) + "\n  }"
            for data, row in sorted(results[slug].items())
        ]
        lines.append(f" {_json(slug)}: {{\n" + ",\n".join(parts) + "\n }")
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _members(row: Row) -> Iterator[str]:
    for name in ("runs", "onsets", "onset_seconds"):
        yield f"   {_json(name)}: {_json(row[name])}"
    fixes = ",\n".join(f"    {_json(name)}: {_json(each)}" for name, each in row["fixes"].items())
    yield '   "fixes": {' + (f"\n{fixes}\n   " if fixes else "") + "}"


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
