"""Whose numbers a tensor holds, as a plain value."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

Key = int  # of a network


@dataclass(frozen=True)
class Origin:
    """Which networks a tensor's values come from.

    `rows` says it part by part where samples of different origin were concatenated in one batch.
    """

    networks: frozenset[Key] = frozenset()
    rows: tuple[tuple[Origin, int], ...] = ()
    born: int = 0  # optimiser steps of the script before the newest of them was made

    @property
    def mixed(self) -> bool:
        """Whether one batch holds generated samples and others."""
        return any(bool(part.networks) != bool(self.networks) for part, _ in self.rows)

    def numbers(self, generated: bool) -> Tensor:
        """(n,) The numbers of the rows that a network made, or of the others."""
        made = [bool(part.networks) for part in self._row_by_row()]
        return torch.tensor(made, dtype=torch.bool).eq(generated).nonzero().flatten()

    def picked(self, index: Any) -> Origin:
        """The origin of the rows that an index picks; without `rows` where that is unclear."""
        index = index[0] if isinstance(index, tuple) and index else index
        if isinstance(index, int) and index >= 0:
            return self._of_row(index)
        parts = self._row_by_row()
        order = _picked(len(parts), index)
        if order is None:
            return replace(self, rows=())
        if order.dim() == 0:
            return parts[int(order)]
        chosen = [parts[number] for number in order.tolist()]
        rows = tuple((part, len(list(run))) for part, run in itertools.groupby(chosen))
        return replace(union(chosen), rows=rows)

    def _row_by_row(self) -> list[Origin]:
        return [part for part, count in self.rows for _ in range(count)]

    def _of_row(self, index: int) -> Origin:
        """As datasets ask, row by row: no list of all rows is made."""
        ends = itertools.accumulate(count for _, count in self.rows)
        parts = zip(self.rows, ends, strict=True)
        return next((part for (part, _), end in parts if index < end), NOWHERE)


def _picked(count: int, index: Any) -> Tensor | None:
    """() or (n,) Which of `count` rows an index picks; None where that is unclear."""
    try:
        order = torch.arange(count)[index.cpu() if isinstance(index, Tensor) else index]
    except (IndexError, TypeError, RuntimeError):
        return None
    return None if order.dim() > 1 else order


def union(origins: Iterable[Origin]) -> Origin:
    """Of values that come from all of these together."""
    found = list(origins)
    networks = frozenset().union(*(origin.networks for origin in found))
    return Origin(networks, born=max((origin.born for origin in found), default=0))


NOWHERE = Origin()
