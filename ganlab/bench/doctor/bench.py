"""`ganlab bench doctor`: does the doctor name the cause in scripts whose answer is known?

Every script of `answers` runs under the doctor with its default options, and under the two general
debuggers where they are installed. The figures go to the file script by script.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ganlab.bench.doctor.answers import ANSWERS
from ganlab.bench.doctor.baselines import STEPS, installed
from ganlab.bench.doctor.overhead import LOOPS, Attach, Cost, cost_of
from ganlab.bench.doctor.phrases import Said
from ganlab.bench.doctor.report import Baselines, report, told
from ganlab.bench.doctor.running import TIMEOUT, baseline_says, doctor_says, scripts, warm
from ganlab.bench.doctor.scoring import Case, score
from ganlab.outputs import write_result

_SETTLED = 400  # steps after which the doctor's dense start is over


@dataclass(frozen=True)
class Effort:
    """How long to measure."""

    rounds: int  # of the overhead
    steps: int  # of an overhead round


FULL = Effort(rounds=31, steps=100)
QUICK = Effort(rounds=7, steps=40)


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
    warm()
    costs: list[Cost] = []

    def keep() -> None:
        """What is known so far: the whole takes an hour or more."""
        if json_file is not None:
            write_result(
                json_file, f"{json.dumps(_figures(cases, said, costs), indent=2)}\n".encode()
            )

    for name in sorted(chosen, key=lambda name: ANSWERS[name].data == "mnist"):  # quick ones first
        cases.append(Case(name, ANSWERS[name], doctor_says(name, TIMEOUT)))
        progress(_line(cases[-1]))
        keep()
    costs += [] if attach is None else overheads(attach, effort)
    keep()
    for name, tool in itertools.product(chosen, tools):
        said[tool][name] = baseline_says(tool, name, STEPS[tool])
        keep()
    return report(cases, said, costs, left_out=left_out, quick=quick)


def overheads(attach: Attach, effort: Effort) -> list[Cost]:
    """What `attach` costs each of the loops."""
    return [
        cost_of(attach, loop, rounds=effort.rounds, steps=effort.steps, settle=_SETTLED)
        for loop in LOOPS
    ]


def _line(case: Case) -> str:
    mark = "right" if case.right else "MISS"
    return f"{mark}  {case.script}  expected {case.answer.causes[0]}, said {told(case)}"


def _figures(cases: Sequence[Case], said: Baselines, costs: Sequence[Cost]) -> dict[str, Any]:
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "score": dataclasses.asdict(score(cases)),
        "cases": [
            {"script": case.script, "right": case.right, "located": case.located}
            | {"report": dataclasses.asdict(case.report)}
            for case in cases
        ],
        "baselines": {
            tool: {name: dataclasses.asdict(each) for name, each in scripts_said.items()}
            for tool, scripts_said in said.items()
        },
        "overhead": [dataclasses.asdict(cost) | {"met": cost.met} for cost in costs],
    }
