"""The doctor benchmark's tables, with their targets beside the figures. Measures nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ganlab.bench.doctor.baselines import TOOLS
from ganlab.bench.doctor.overhead import TARGET, Cost
from ganlab.bench.doctor.phrases import Said, names
from ganlab.bench.doctor.scoring import (
    Case,
    Score,
    Share,
    groups,
    misplaced,
    misses,
    score,
    share,
)
from ganlab.bench.table import percent, table, verdict

TOP1_TARGET = 0.90
TOP3_TARGET = 0.97
LINE_TARGET = 0.85
ALARM_TARGET = 0.05
DISCOVERY_TARGET = 0.95
WORST = 5  # groups of causes that are listed

Baselines = Mapping[str, Mapping[str, Said]]  # tool, script


def report(
    cases: Sequence[Case],
    said: Baselines,
    costs: Sequence[Cost],
    *,
    left_out: Sequence[str] = (),
    quick: bool = False,
) -> str:
    """All tables, as text."""
    parts = ["\n".join(_remarks(cases, said, costs, left_out, quick)), _scores(cases, said)]
    if costs:
        parts.append(_costs(costs))
    parts += [_groups(cases), _misses(cases), _misplaced(cases)]
    return "\n\n".join(part for part in parts if part)


def _remarks(
    cases: Sequence[Case],
    said: Baselines,
    costs: Sequence[Cost],
    left_out: Sequence[str],
    quick: bool,
) -> list[str]:
    sick = sum(not case.answer.healthy for case in cases)
    lines = [f"{len(cases)} scripts: {sick} with a fault that harms, {len(cases) - sick} healthy."]
    if left_out:
        lines.append(f"{len(left_out)} scripts left out: GANLAB_DATA holds no MNIST.")
    absent = [tool for tool in TOOLS if tool not in said]
    if absent:
        lines.append(f"Not installed, columns empty: {', '.join(absent)}.")
    if not costs:
        lines.append("Overhead not measured side by side: nothing was given to attach.")
    if quick:
        lines.append("Quick: a fixed third of the scripts. Leave --quick out for figures to quote.")
    return lines


def _scores(cases: Sequence[Case], said: Baselines) -> str:
    result = score(cases)
    head = ("Naming the cause", "doctor", "target", "", *TOOLS)
    rows = [
        ("cause named first", str(result.top1), *_at_least(result.top1, TOP1_TARGET),
         *(_named(cases, said.get(tool)) for tool in TOOLS)),
        ("cause among the first three", str(result.top3), *_at_least(result.top3, TOP3_TARGET),
         *_empty()),
        ("line right, of causes named first", _bounded(result.located),
         *_at_least(result.located, LINE_TARGET), *_empty()),
        ("false alarms on healthy scripts", str(result.false_alarms),
         *_at_most(result.false_alarms, ALARM_TARGET),
         *(_alarms(cases, said.get(tool)) for tool in TOOLS)),
        ("healthy scripts called healthy", str(result.cleared), "", "", *_empty()),
        ("harmless bugs noted", str(result.noted), "", "", *_empty()),
        ("both networks discovered", str(result.discovered),
         *_at_least(result.discovered, DISCOVERY_TARGET), *_empty()),
        *_medians(result),
    ]  # fmt: skip
    return table(head, rows) + (
        "\nThe debuggers know no ranking: named at all in any finding, and alarm = any warning."
    )


def _medians(result: Score) -> list[tuple[str, ...]]:
    return [
        ("generator steps to a right cause, median", _number(result.steps, 0), "", "", *_empty()),
        ("seconds to a right cause, median", _number(result.seconds, 1), "", "", *_empty()),
        ("generator steps to a right 'healthy', median", _number(result.steps_healthy, 0), "", "",
         *_empty()),
        ("overhead by the reports, median, %", _number(result.overhead, 1, 100), "", "", *_empty()),
    ]  # fmt: skip


def _named(cases: Sequence[Case], said: Mapping[str, Said] | None) -> str:
    if said is None:
        return ""
    sick = [case for case in cases if not case.answer.healthy and case.script in said]
    return str(share(sick, lambda case: names(said[case.script], case.answer.causes)))


def _alarms(cases: Sequence[Case], said: Mapping[str, Said] | None) -> str:
    if said is None:
        return ""
    well = [case for case in cases if case.answer.healthy and case.script in said]
    return str(share(well, lambda case: bool(said[case.script].findings)))


def _bounded(found: Share) -> str:
    low, high = (100 * bound for bound in found.interval)
    return f"{found} [{low:.0f}, {high:.0f}]" if found.of else "-"


def _at_least(found: Share, target: float) -> tuple[str, str]:
    met = None if found.value is None else found.value >= target
    return f">= {100 * target:.0f} %", "" if met is None else verdict(met)


def _at_most(found: Share, target: float) -> tuple[str, str]:
    met = None if found.value is None else found.value <= target
    return f"<= {100 * target:.0f} %", "" if met is None else verdict(met)


def _number(value: float | None, digits: int, scale: float = 1.0) -> str:
    return "-" if value is None else f"{scale * value:.{digits}f}"


def _empty() -> list[str]:
    return [""] * len(TOOLS)


def _costs(costs: Sequence[Cost]) -> str:
    head = ("Cost of the doctor", "bare ms a step", "median [95 %]", "target", "", "A/A control")
    rows = [
        (cost.name, f"{cost.bare_ms:.2f}", percent(cost.share), f"<= {100 * TARGET:.0f} %",
         verdict(cost.met), percent(cost.control))
        for cost in costs
    ]  # fmt: skip
    return table(head, rows)


def _groups(cases: Sequence[Case]) -> str:
    worst = [(name, str(named)) for name, named in groups(cases)[:WORST]]
    return table(("Worst groups", "cause named first"), worst) if worst else ""


def _misses(cases: Sequence[Case]) -> str:
    rows = [(case.script, case.answer.causes[0], told(case)) for case in misses(cases)]
    return table(("Misses", "expected", "said"), rows) if rows else "No misses."


def _misplaced(cases: Sequence[Case]) -> str:
    rows = [
        (case.script, case.report.causes[0], _line(case), _numbers(case.answer.lines))
        for case in misplaced(cases)
    ]
    return table(("Wrong lines", "cause", "said", "the fault's"), rows) if rows else ""


def _numbers(lines: frozenset[int]) -> str:
    return ", ".join(map(str, sorted(lines)))


def _line(case: Case) -> str:
    place = next(iter(case.report.places), None)
    return "-" if place is None else str(place.line)


def told(case: Case) -> str:
    """What was said of a script, short."""
    if case.report.verdict == "cause":
        return ", ".join(case.report.causes[:3]) or "a cause without a name"
    return f"{case.report.verdict}: {case.report.reason}"[:90]
