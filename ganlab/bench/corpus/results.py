"""Everything that one replay of the corpus says, ready for the table, the JSON and the chart."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ganlab.bench.corpus.families import FAMILIES
from ganlab.bench.corpus.judged import Judged
from ganlab.bench.corpus.scores import (
    Detection,
    DetectorScore,
    FamilyScore,
    FirstAlarm,
    Onsets,
    Rate,
    StateScore,
    causes,
    counted,
    detection,
    detectors,
    families,
    first_alarm,
    share,
    states,
    top,
)
from ganlab.bench.corpus.split import plans

Seen = tuple[Judged, Mapping[str, int | None]]  # a run, and each baseline's first alarm


@dataclass(frozen=True)
class Results:
    """Scores on one part of the corpus."""

    hold: float  # steps that an alarm has to stand, from calibration
    calibrating: int  # healthy runs that it comes from
    runs: Mapping[str, int]  # by fate
    detection: Detection
    rivals: Mapping[str, Detection]
    families: Sequence[FamilyScore]
    of_configs: Sequence[FamilyScore]  # runs whose loss and architecture were not held out
    of_held_out: Sequence[FamilyScore]  # all others, healthy ones too
    detectors: Sequence[DetectorScore]
    states: Sequence[StateScore]
    top1: Rate
    top3: Rate
    mild_alarms: Rate  # misconfigured but harmless runs, or half-failed ones, with an alarm
    misses: Sequence[str]

    def macro_f1(self, *, held_out: bool | None = None) -> float:
        """The families' mean F1."""
        chosen = {None: self.families, True: self.of_held_out, False: self.of_configs}[held_out]
        return statistics.mean(score.f1 for score in chosen) if chosen else math.nan

    def as_row(self) -> dict[str, Any]:
        """The JSON form; rates as [hits, all]."""
        return {
            "hold": self.hold,
            "calibrating": self.calibrating,
            "runs": dict(self.runs),
            "detection": _detection_row(self.detection),
            "rivals": {name: _detection_row(found) for name, found in self.rivals.items()},
            "macro_f1": self.macro_f1(),
            "macro_f1_configs": self.macro_f1(held_out=False),
            "macro_f1_held_out": self.macro_f1(held_out=True),
            "top1": _pair(self.top1),
            "top3": _pair(self.top3),
            "mild_alarms": _pair(self.mild_alarms),
            "families": {score.slug: _family_row(score) for score in self.families},
            "detectors": {score.name: _detector_row(score) for score in self.detectors},
            "states": {
                score.name: {"precision": _pair(score.precision), "recall": _pair(score.recall)}
                for score in self.states
            },
            "misses": list(self.misses),
        }


def measured(seen: Sequence[Seen], opened: Sequence[Judged], hold: float) -> Results:
    """Scores the runs looked at; `opened` gives the onsets."""
    runs = [run for run, _ in seen]
    onsets = Onsets(opened, {plan.name: plan.config(0).data for plan in plans()})
    calibration = [run for run in opened if run.part == "calibration" and run.scored]
    return Results(
        hold=hold,
        calibrating=min(99, len(calibration)),
        runs=_fates(runs),
        detection=detection(runs, first_alarm(hold), onsets),
        rivals=_rivals(seen, onsets),
        families=families(runs, hold),
        of_configs=families([run for run in runs if not run.held_out], hold),
        of_held_out=families([run for run in runs if run.held_out], hold),
        detectors=detectors(runs, hold, onsets),
        states=states(runs),
        top1=causes(runs, hold, 1),
        top3=causes(runs, hold, 3),
        mild_alarms=share(
            (run for run in runs if not run.scored), lambda run: bool(counted(run, hold))
        ),
        misses=_misses(runs, hold),
    )


def _fates(runs: Sequence[Judged]) -> dict[str, int]:
    found = Counter(run.fate if run.scored else "neither" for run in runs)
    return {word: found[word] for word in ("failed", "healthy", "neither")}


def _rivals(seen: Sequence[Seen], onsets: Onsets) -> dict[str, Detection]:
    """Every baseline on the same runs."""
    runs = [run for run, _ in seen]
    by_name = {run.name: alarms for run, alarms in seen}
    names = list(seen[0][1]) if seen else []
    return {name: detection(runs, _said(by_name, name), onsets) for name in names}


def _said(by_name: Mapping[str, Mapping[str, int | None]], rival: str) -> FirstAlarm:
    return lambda run: by_name[run.name][rival]


def _misses(runs: Sequence[Judged], hold: float) -> list[str]:
    lines = []
    for run in runs:
        said = ", ".join(dict.fromkeys(a.symptom for a in counted(run, hold))) or "nothing"
        if not run.scored:
            continue
        if not run.family and counted(run, hold):
            lines.append(f"{run.name}: healthy, said {said}")
        elif run.family and top(run, hold) not in run.causes:
            first = top(run, hold) or "no cause"
            lines.append(f"{run.name}: {run.family}, said {said}; first cause: {first}")
    return lines


def _pair(rate: Rate) -> list[int]:
    return [rate.hits, rate.all]


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)


def _detection_row(found: Detection) -> dict[str, Any]:
    return {
        "precision": _pair(found.precision),
        "recall": _pair(found.recall),
        "false_alarms": _pair(found.false_alarms),
        "median_delay": _number(found.median_delay),
        "p90_delay": _number(found.p90_delay),
    }


def own_symptoms(slug: str) -> list[str]:
    """The symptoms of a way to fail, in alphabetical order."""
    return sorted(s.value for family in FAMILIES if family.slug == slug for s in family.symptoms)


def _family_row(score: FamilyScore) -> dict[str, Any]:
    return {
        "precision": _pair(score.precision),
        "recall": _pair(score.recall),
        "alarmed": _pair(score.alarmed),
        "own_symptom": _pair(score.own_symptom),
        "symptoms": own_symptoms(score.slug),
        "top3": _pair(score.top3),
        "f1": _number(score.f1),
    }


def _detector_row(score: DetectorScore) -> dict[str, Any]:
    return {
        "precision": _pair(score.precision),
        "recall": _pair(score.recall),
        "median_delay": _number(score.median_delay),
    }
