"""The one way to read stored rows: what does not fit its type does not come out."""

from __future__ import annotations

import math
from typing import Any, TypeVar, get_type_hints

import msgspec
from msgspec import UNSET, UnsetType

from ganlab.observation import Facts
from ganlab.runs.plaintext import cleaned
from ganlab.runs.record import Row
from ganlab.runs.shapes import MOST_STEPS, Finding, Patch, Resume, Stepped, Value, Whole

Stored = TypeVar("Stored")
BAD = (ValueError, RecursionError)  # what msgspec raises for damage of every kind


def decoded(data: bytes, kind: type[Stored]) -> Stored:
    """A whole file as that type. Raises ValueError, whose text says what is wrong."""
    try:
        return msgspec.json.decode(data, type=kind)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def plain(value: object) -> Row:
    """A typed row as a dict, without what was not given."""
    row: Row = msgspec.to_builtins(value)
    return row


def converted(value: object, kind: Any, otherwise: Stored) -> Stored:
    """The value in that type, or what stands in for it."""
    try:
        fitting: Stored = msgspec.convert(value, kind)
    except BAD:
        return otherwise
    return fitting


def step_of(line: bytes) -> int:
    """The step of a row of any log; -1 where it has none that can be read."""
    try:
        return _STEPPED.decode(line).step
    except BAD:
        return -1


class Parser:
    """Lines of one log as rows, and how many of them were damaged and left out."""

    def __init__(self, log: str) -> None:
        self._kind = _LOGS[log]
        self.damaged = 0

    def __call__(self, lines: bytes) -> list[Row]:
        """The rows of whole lines, oldest first."""
        if self._kind is None:
            return self._measured(lines)
        return [row for line in lines.splitlines() if (row := self._one(line)) is not None]

    def _measured(self, lines: bytes) -> list[Row]:
        """Metrics. All lines at once where they are numbers, and they nearly always are."""
        try:
            rows: list[Row] = _NUMBERS.decode_lines(lines)
        except BAD:
            found = [self._metrics(line) for line in lines.splitlines() if line.strip()]
            rows = [row for row in found if row is not None]
            self.damaged += len(found) - len(rows)
        # Written out, since this is done a hundred thousand times at a time.
        placed = [
            row for row in rows if type(step := row.get("step")) is int and 0 <= step < MOST_STEPS
        ]
        self.damaged += len(rows) - len(placed)
        return [_null_as_nan(row) if None in row.values() else row for row in placed]

    def _metrics(self, line: bytes) -> Row | None:
        """One row without what is no number; None where nothing can be read."""
        try:
            row: Row = _OBJECT.decode(line)
        except BAD:
            return None
        facts = row.pop("facts", None)
        numbers = {name: _number(value) for name, value in row.items()}
        found: Row = {name: value for name, value in numbers.items() if value is not UNSET}
        return found | {"facts": _facts(facts)} if isinstance(facts, dict) else found

    def _one(self, line: bytes) -> Row | None:
        if not line.strip():
            return None
        try:
            return plain(decoded(line, self._kind))  # type: ignore[arg-type]
        except ValueError:
            self.damaged += 1
            return None


_LOGS: dict[str, type | None] = {
    "metrics": None,  # numbers by name, "step" and "seconds" among them, and "facts"
    "findings": Finding,
    "patches": Patch,
    "resumes": Resume,
}
_STEPPED = msgspec.json.Decoder(Stepped)
_NUMBERS: Any = msgspec.json.Decoder(dict[str, Whole | float | None])
_OBJECT: Any = msgspec.json.Decoder(dict[str, Any])
_FACTS: dict[str, Any] = get_type_hints(Facts)


def _null_as_nan(row: Row) -> Row:
    return {name: math.nan if value is None else value for name, value in row.items()}


def _number(value: object) -> float | UnsetType | None:
    if value is None or isinstance(value, float):
        return value
    if isinstance(value, int) and abs(value) <= MOST_STEPS:
        return int(value)  # True counts as 1
    return UNSET


def _facts(row: Row) -> Row:
    """Those that fit their type; of unknown ones all that are plain."""
    found = {
        name: converted(value, _FACTS.get(name, Value | None), UNSET) for name, value in row.items()
    }
    return {
        name: cleaned(value, several=False)
        for name, value in found.items()
        if not (value is UNSET or (isinstance(value, int) and abs(value) > MOST_STEPS))
    }
