"""All kinds of faults. A new family is one module and one line here."""

from __future__ import annotations

from ganlab.bench.faults import (
    calls,
    folders,
    idx,
    kills,
    lines,
    links,
    pictures,
    removed,
    rows,
)
from ganlab.bench.faults.fault import Fault

FAMILIES = (
    calls.FAULTS,
    folders.FAULTS,
    idx.FAULTS,
    kills.FAULTS,
    lines.FAULTS,
    links.FAULTS,
    pictures.FAULTS,
    removed.FAULTS,
    rows.FAULTS,
)
FAULTS: tuple[Fault, ...] = tuple(fault for family in FAMILIES for fault in family)
