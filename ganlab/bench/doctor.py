"""`ganlab bench doctor`: does the doctor name the cause in scripts whose answer is known?

Every script of `doctor_scripts` runs under the doctor with its default options, and under the two
general debuggers where they are installed; the answers are in `doctor_answers`.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganlab.bench.doctor_answers import ANSWERS
from ganlab.bench.doctor_baselines import STEPS, TOOLS, Said, installed, names
from ganlab.bench.doctor_overhead import LOOPS, TARGET, Attach, Cost, cost_of
from ganlab.bench.doctor_running import TIMEOUT, baseline_says, doctor_says, scripts
from ganlab.bench.doctor_scoring import Case, Score, Share, groups, misses, score, share
from ganlab.bench.table import percent, table, verdict

TOP1_TARGET = 0.90
TOP3_TARGET = 0.97
ALARM_TARGET = 0.05
DISCOVERY_TARGET = 0.95
WORST = 5  # groups of causes that are listed


@dataclass(frozen=True)
class Effort:
    """How long to measure."""

    rounds: int  # of the overhead
    steps: int  # of an overhead round


FULL = Effort(rounds=31, steps=100)
QUICK = Effort(rounds=7, steps=40)

Baselines = Mapping[str, Mapping[str, Said]]  # tool, script


def main(
    *,
    quick: bool = False,
    json_file: Path | None = None,
    attach: Attach | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> str:
    """Measures and returns the tables; `attach` puts the doctor on a loop, to time it."""
    effort = QUICK if quick else FULL
    chosen, left_out = scripts(quick=quick)
    tools = installed()
    cases: list[Case] = []
    said: dict[str, dict[str, Said]] = {tool: {} for tool in tools}
    for name in chosen:
        cases.append(Case(name, ANSWERS[name], doctor_says(name, TIMEOUT)))
        for tool in tools:
            said[tool][name] = baseline_says(tool, name, STEPS)
        progress(_line(cases[-1]))
    costs = [] if attach is None else overheads(attach, effort)
    if json_file is not None:
        json_file.write_text(json.dumps(_figures(cases, said, costs), indent=2) + "\n")
    return report(cases, said, costs, left_out=left_out, quick=quick)


def overheads(attach: Attach, effort: Effort) -> list[Cost]:
    """What `attach` costs each of the loops."""
    return [cost_of(attach, loop, rounds=effort.rounds, steps=effort.steps) for loop in LOOPS]


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
    parts += [_groups(cases), _misses(cases)]
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
    rows = [(case.script, case.answer.causes[0], _told(case)) for case in misses(cases)]
    return table(("Misses", "expected", "said"), rows) if rows else "No misses."


def _told(case: Case) -> str:
    if case.report.verdict == "cause":
        return ", ".join(case.report.causes[:3]) or "a cause without a name"
    return f"{case.report.verdict}: {case.report.reason}"[:90]


def _line(case: Case) -> str:
    mark = "right" if case.right else "MISS"
    return f"{mark}  {case.script}  expected {case.answer.causes[0]}, said {_told(case)}"


def _figures(cases: Sequence[Case], said: Baselines, costs: Sequence[Cost]) -> dict[str, Any]:
    return {
        "score": dataclasses.asdict(score(cases)),
        "cases": [dataclasses.asdict(case) | {"right": case.right} for case in cases],
        "baselines": {
            tool: {name: dataclasses.asdict(each) for name, each in scripts_said.items()}
            for tool, scripts_said in said.items()
        },
        "overhead": [dataclasses.asdict(cost) | {"met": cost.met} for cost in costs],
    }
