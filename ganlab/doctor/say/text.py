"""A report as text for a terminal."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from ganlab.causes import CAUSES
from ganlab.causes.weigh import HEADLINES

Row = dict[str, Any]
_WIDTH = 96


def as_text(report: Row, script: str) -> str:
    """The report for a terminal."""
    lines = [f"ganlab doctor: {Path(script).name}", ""]
    pair = report["discovered"]
    if pair.get("generator"):
        lines.append(f"  generator      {pair['generator']}")
        lines.append(f"  discriminator  {pair['discriminator']}")
    seen = f"{report['steps']} generator updates in {report['seconds']:.0f} s"
    lines += [f"  observed       {seen}, overhead {report['overhead']:.1%}", ""]
    lines += _headline(report)
    for number, cause in enumerate(report["causes"][:3], start=1):
        lines += ["", *_cause(cause, f"{number}. ")]
    if report["notes"]:
        lines += ["", "Notes: true of this script, and no harm was measured"]
        for note in report["notes"][:5]:
            where = f" ({_where(note)})" if note["location"] else ""
            lines += _wrapped(f"- {note['slug']}{where}: {note['evidence'][0]}", "  ", "    ")
    return "\n".join(lines) + "\n"


def _headline(report: Row) -> list[str]:
    title = HEADLINES[report["verdict"]].title.upper()
    return _wrapped(f"{title}: {report['reason']}", "", "  ")


def _cause(cause: Row, number: str) -> list[str]:
    slug = cause["slug"]
    doc = CAUSES[slug].doc if slug in CAUSES else ""
    lines = _wrapped(f"{number}{slug} ({cause['confidence']:.0%}): {doc}", "", "   ")
    if cause["location"]:
        lines.append(f"   at       {_where(cause)}")
        if code := cause["location"].get("code"):
            lines.append(f"            | {code}")
    for each in cause["evidence"]:
        lines += _wrapped(each, "   seen     ", "            ")
    if cause["checked"]:
        lines += _wrapped(cause["checked"], "   checked  ", "            ")
    lines += _wrapped(cause["fix"], "   fix      ", "            ")
    if cause["source"]:
        lines += _wrapped(cause["source"], "   source   ", "            ")
    return lines


def _where(row: Row) -> str:
    location = row["location"]
    return f"{Path(location['file']).name}:{location['line']}"


def _wrapped(text: str, first: str, following: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=following, break_on_hyphens=False
    )
