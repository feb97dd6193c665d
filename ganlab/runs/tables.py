"""Rows of a log as columns of numbers, at a small price for each row. Knows no metric."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganlab.runs.record import Row

Places = NDArray[np.intp]
Floats = NDArray[np.float64]
_AXES = ("step", "seconds")


class Table:
    """Some rows' numbers: for each name the rows that have it, in order, and its values there."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.facts: Row = {}
        self.steps = np.full(len(rows), math.nan)
        self.seconds = np.full(len(rows), math.nan)
        self.columns: dict[str, tuple[Places, Floats]] = {}
        parts: dict[str, list[tuple[Places, Floats]]] = {}
        for names, found in _by_shape(rows).items():
            self._take(names, np.array(found), [rows[at] for at in found], parts)
        for name, pieces in parts.items():
            self.columns[name] = _joined(pieces)

    def _take(
        self,
        names: tuple[str, ...],
        places: Places,
        rows: Sequence[Row],
        parts: dict[str, list[tuple[Places, Floats]]],
    ) -> None:
        """Takes rows that all have the same names."""
        if "facts" in names:
            for row in rows:
                self.facts |= row["facts"] or {}
        for name, keep, values in _numbers(names, rows):
            if name in _AXES:
                axis = self.steps if name == "step" else self.seconds
                axis[places[keep]] = values
            else:
                parts.setdefault(name, []).append((places[keep], values))


def _by_shape(rows: Sequence[Row]) -> dict[tuple[str, ...], list[int]]:
    """The rows by their names: of a run a handful, however long it is."""
    shapes: dict[tuple[str, ...], list[int]] = {}
    for at, row in enumerate(rows):
        shapes.setdefault(tuple(row), []).append(at)
    return shapes


def _numbers(names: tuple[str, ...], rows: Sequence[Row]) -> list[tuple[str, Any, Floats]]:
    """Each name with the rows where it is a number, and these numbers."""
    plain = [name for name in names if isinstance(rows[0][name], int | float)]
    others = [name for name in names if name not in plain and name != "facts"]
    if len(plain) > 1:
        try:
            table = np.array(list(map(itemgetter(*plain), rows)), dtype=np.float64)
        except (TypeError, ValueError):  # a number in the first row and none in a later one
            plain, others = [], [*plain, *others]
        else:
            every = slice(None)
            return [
                *((name, every, table[:, column]) for column, name in enumerate(plain)),
                *_one_by_one(others, rows),
            ]
    return _one_by_one([*plain, *others], rows)


def _one_by_one(names: Sequence[str], rows: Sequence[Row]) -> list[tuple[str, Any, Floats]]:
    found = []
    for name in names:
        keep = [at for at, row in enumerate(rows) if isinstance(row[name], int | float)]
        if keep:
            values = np.array([rows[at][name] for at in keep], dtype=np.float64)
            found.append((name, np.array(keep), values))
    return found


def _joined(pieces: Sequence[tuple[Places, Floats]]) -> tuple[Places, Floats]:
    """The pieces in the order of their rows."""
    places = np.concatenate([places for places, _ in pieces])
    order = np.argsort(places, kind="stable")
    return places[order], np.concatenate([values for _, values in pieces])[order]
