"""Tables for the command line and for a README. Knows nothing of what they say."""

from __future__ import annotations

from collections.abc import Sequence

from ganlab.bench.timing import Spread


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell; the first to the left, the others to the right."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(_line(line, widths) for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first = cells[0].ljust(widths[0])
    rest = (cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))
    return "  ".join([first, *rest]).rstrip()


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The same as GitHub shows it."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def times(spread: Spread) -> str:
    """2.14 [2.01-2.30]"""
    return f"{spread.median:.2f} [{spread.low:.2f}-{spread.high:.2f}]"


def percent(spread: Spread) -> str:
    """1.4 % [0.2, 2.9]"""
    return f"{100 * spread.median:.1f} % [{100 * spread.low:.1f}, {100 * spread.high:.1f}]"


def verdict(met: bool) -> str:
    """met or MISSED"""
    return "met" if met else "MISSED"


def marked(met: bool) -> str:
    """The same as GitHub shows it: a missed target stands out."""
    return verdict(met) if met else "**missed**"
