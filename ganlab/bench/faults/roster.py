"""All kinds of faults. A new family is one module and one line here."""

from __future__ import annotations

from ganlab.bench.faults import calls, folders, kills, links, removed, rows
from ganlab.bench.faults.fault import Fault

FAMILIES = (
    calls.FAULTS,
    folders.FAULTS,
    kills.FAULTS,
    links.FAULTS,
    removed.FAULTS,
    rows.FAULTS,
)
FAULTS: tuple[Fault, ...] = tuple(fault for family in FAMILIES for fault in family)
