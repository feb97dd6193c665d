"""The cases as a Markdown table, with what was measured of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from ganlab.casebook.case import Case
from ganlab.casebook.measured import Measured, measured

_NAMES = {"mnist": "MNIST"}


def markdown(cases: Sequence[Case]) -> str:
    """One table a document: what is claimed, what happens, and whether the cure works."""
    parts = [_summary(cases)]
    for document, group in groupby(cases, lambda case: case.document):
        parts.append(f"**{document.title}**\n\n" + "\n".join(_table(group)))
    return "\n\n".join(parts)


def _summary(cases: Sequence[Case]) -> str:
    counts = Counter(case.verdict for case in cases)
    words = ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())
    return f"{len(cases)} cases by their verdict on the claim: {words}."


def _table(cases: Iterable[Case]) -> list[str]:
    head = "| case | claimed | found | shown at step | cure, cured seeds |\n|---|---|---|---|---|"
    return [head, *(_row(case) for case in cases)]


def _row(case: Case) -> str:
    cells = (
        f"`{case.slug}`",
        case.claim,
        f"**{case.verdict}** — {case.truth}",
        "<br>".join(_shown(case, data) for data in _data(case)) or "not measured",
        _cure(case),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _data(case: Case) -> list[str]:
    """Data sets with a measurement, in the case's order."""
    return [data for data in case.data if data in measured(case.slug)]


def _shown(case: Case, data: str) -> str:
    each = measured(case.slug)[data]
    name, total = _NAMES.get(data, data), len(each.runs.seeds)
    if not case.expects:
        healthy = each.runs.cured(case.health) if case.judged else each.runs.silent
        return f"{name}: {'healthy' if case.judged else 'silent'} {healthy}/{total}"
    return f"{name} {each.shown}/{total}: {onsets(each)}"


def onsets(each: Measured) -> str:
    """The steps by which the runs had shown it: '41–56', '0' or 'never'."""
    steps = sorted(step for step in each.onsets if step is not None)
    if not steps:
        return "never"
    return str(steps[0]) if steps[0] == steps[-1] else f"{steps[0]}–{steps[-1]}"


def _cure(case: Case) -> str:
    said = []
    for fix in case.tried:
        counts = [
            (each.fixes[fix.name].cured(case.health), len(each.fixes[fix.name].seeds))
            for data in _data(case)
            if fix.name in (each := measured(case.slug)[data]).fixes
        ]
        cured, total = sum(count for count, _ in counts), sum(total for _, total in counts)
        figure = f" {cured}/{total}" if total else ""
        said.append(fix.name + figure if fix.helps else f"*not:* {fix.name}{figure}")
    return "<br>".join(said) or "—"
