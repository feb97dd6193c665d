"""Rows of findings and patches in words and marks. Pure; draws nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ganlab.finding import Severity, is_known
from ganlab.knob import Value
from ganlab.observation import FACTS, METRICS
from ganlab.ui import plain
from ganlab.ui.charts import Mark
from ganlab.ui.looks import look

Row = Mapping[str, Any]
_SIGNS = {"<": "<", ">": ">", "==": "==", "<=": "≤", ">=": "≥"}


def open_findings(rows: Iterable[Row]) -> list[Row]:
    """The findings still open, the gravest first; events of a newer version open none."""
    latest = {row["symptom"]: row for row in rows if is_known(row)}
    still = [row for row in latest.values() if row["event"] != "closed"]
    return sorted(still, key=lambda row: -Severity.named(row["severity"]))


def title(symptom: str) -> str:
    """'scaling-mismatch' as 'Scaling mismatch'."""
    return symptom.replace("-", " ").replace("optimizer", "optimiser").capitalize()


_CHANGES = {"set": "=", "scale": "×", "at_least": "at least", "at_most": "at most"}


def patch_words(patch: Mapping[str, Mapping[str, Any]]) -> str:
    """A patch row as one reads it: 'lr_d × 0.5, loss = hinge'."""
    return ", ".join(
        f"{name} {_CHANGES.get(kind, kind)} {value_words(value)}"
        for name, change in patch.items()
        for kind, value in change.items()
    )


def value_words(value: Value | list[int]) -> str:
    """A setting's value, short."""
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, (tuple, list)):
        return ", ".join(map(str, value))
    return str(value) if value != "" else "empty"


def count(number: int) -> str:
    """A number of steps with thin spaces: '2 500'."""
    return f"{number:,}".replace(",", "\u202f")


def evidence_words(row: Row) -> str:
    """The number against its bound, and what was measured, as Markdown."""
    observed = plain.code(f"{row['metric']} = {_number(row['observed'])}")
    unit = (METRICS | FACTS).get(row["metric"])
    window = f" for {row['window']:g} steps" if row.get("window") else ""
    meaning = f" — {unit.doc}" if unit else ""
    if row["relation"] == "beyond":
        return f"{observed}, no finite number{meaning}"
    relation = _SIGNS.get(row["relation"]) or plain.text(row["relation"])
    return f"{observed} {relation} {plain.code(_number(row['bound']))}{window}{meaning}"


def _number(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, (int, float)) else str(value)


def marks(patches: Sequence[Row], findings: Sequence[Row]) -> list[Mark]:
    """What happened, for the curves' x axis."""
    changes = [
        Mark(
            row["step"],
            "patch",
            plain.chart(f"step {row['step']}: {patch_words(row['patch'])}"),
        )
        for row in patches
        if not row.get("error")
    ]
    symptoms = [
        Mark(
            row["step"],
            row["severity"],
            plain.chart(f"step {row['step']}: {_happened(row)} ({row['severity']})"),
            over=row["event"] == "closed",
        )
        for row in findings
    ]
    return changes + symptoms


def _happened(row: Row) -> str:
    return f"{title(row['symptom'])} {row['event']}"


def story(patches: Sequence[Row], findings: Sequence[Row], most: int = 50) -> list[str]:
    """The newest events first, one line of Markdown each."""
    lines = [
        *((row["step"], _found(row)) for row in findings),
        *((row["step"], _change(row)) for row in patches),
    ]
    newest = sorted(lines, key=lambda line: -line[0])[:most]
    return [f"step {plain.text(step)} · {text}" for step, text in newest]


def _found(row: Row) -> str:
    """With the shape of its mark on the curves."""
    severity = row["severity"]
    return f"{look(severity).glyph} {plain.text(severity)}: **{plain.text(_happened(row))}**"


def _change(row: Row) -> str:
    who = row.get("origin", "user")
    by = "" if who == "user" else f" ({plain.text(who)})"
    refused = f" — refused: {plain.text(row['error'])}" if row.get("error") else ""
    change = plain.code(patch_words(row["patch"]))
    return f"{look('patch').glyph} live patch {change}{by}{refused}"


def remedy_step(patches: Iterable[Row], name: str, since: int) -> int | None:
    """The step at which the remedy was applied since the finding opened, if it was."""
    origin = f"remedy: {name}"
    steps = [row["step"] for row in patches if row.get("origin") == origin and not row.get("error")]
    return next((step for step in reversed(steps) if step >= since), None)
