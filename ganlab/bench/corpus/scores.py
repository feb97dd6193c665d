"""From judged runs to precision, recall, delay. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ganlab.bench.corpus.families import FAMILIES
from ganlab.bench.corpus.judged import Alarm, Judged
from ganlab.bench.corpus.plans import Family
from ganlab.bench.corpus.states import STATES
from ganlab.detectors import DETECTORS, Detector
from ganlab.detectors.measured import Rate as Rate

EARLY = 100  # steps before a late fault within which an alarm is not yet false
FirstAlarm = Callable[[Judged], int | None]


def f1(precision: Rate, recall: Rate) -> float:
    """Their harmonic mean; 0 where both are."""
    total = precision.value + recall.value
    return 2 * precision.value * recall.value / total if total > 0 else 0.0


@dataclass(frozen=True)
class Detection:
    """Failing or not, asked of every run that failed or was healthy."""

    precision: Rate  # an alarm before a late fault is false too
    recall: Rate
    false_alarms: Rate  # healthy runs with any alarm
    delays: tuple[int, ...]  # steps from the onset, 0 where the alarm came first

    @property
    def f1(self) -> float:
        return f1(self.precision, self.recall)

    @property
    def median_delay(self) -> float:
        return median_of(self.delays)

    @property
    def p90_delay(self) -> float:
        if not self.delays:
            return math.nan
        return sorted(self.delays)[math.ceil(0.9 * len(self.delays)) - 1]


def median_of(delays: Sequence[int]) -> float:
    """Steps; NaN of none."""
    return statistics.median(delays) if delays else math.nan


def first_alarm(hold: float) -> FirstAlarm:
    """The step at which the first alarm that stands longer than `hold` steps is certain."""

    def first(run: Judged) -> int | None:
        return min((_certain(alarm, hold) for alarm in counted(run, hold)), default=None)

    return first


def _certain(alarm: Alarm, hold: float) -> int:
    """The step at which an alarm counts."""
    waits = 0 if alarm.symptom in _AT_ONCE else max(0, math.ceil(hold) - 1)
    return alarm.step + waits


def counted(run: Judged, hold: float) -> tuple[Alarm, ...]:
    """The alarms that stand longer than `hold`; what stopped a run needs no waiting."""
    return tuple(a for a in run.alarms if a.stood > hold or a.symptom in _AT_ONCE)


_AT_ONCE = ("stopped", "divergence")


def detection(runs: Iterable[Judged], first: FirstAlarm, onsets: Onsets) -> Detection:
    """Precision, recall and delay of a rule that says when it first alarms."""
    misses = early_alarms = false = healthy = 0
    delays: list[int] = []
    for run in runs:
        if not run.scored:
            continue
        step = first(run)
        if run.family:
            early = step is not None and step < run.patched_at - EARLY
            early_alarms += early
            if step is None or early:
                misses += 1
                continue
            delays.append(max(0, step - onsets.of(run)))
        else:
            healthy += 1
            false += step is not None
    hits = len(delays)
    return Detection(
        Rate(hits, hits + false + early_alarms),
        Rate(hits, hits + misses),
        Rate(false, healthy),
        tuple(delays),
    )


class Onsets:
    """When a failure can be told from outside: the step at which healthy runs have got well.

    A late fault starts at its patch. A run that is wrong from the start cannot be told from a
    young healthy one before the healthy runs of the same data are well: the median of theirs.
    """

    def __init__(self, runs: Sequence[Judged], data_of: Mapping[str, str]) -> None:
        self._data_of = data_of
        by_data: dict[str, list[int]] = {}
        for run in runs:
            if not run.family and run.scored and run.health is not None:
                by_data.setdefault(data_of[run.plan], []).append(run.health)
        self._steps = {data: statistics.median(steps) for data, steps in by_data.items()}

    def of(self, run: Judged) -> int:
        """The step of a failing run's onset."""
        return run.patched_at or int(self._steps.get(self._data_of[run.plan], 0))


@dataclass(frozen=True)
class FamilyScore:
    """One family against all the rest, by the first cause of the diagnosis."""

    slug: str
    precision: Rate
    recall: Rate  # every name that is true of a run's fault is right
    alarmed: Rate  # any alarm at all
    own_symptom: Rate  # an alarm by one of the family's own symptoms
    top3: Rate

    @property
    def f1(self) -> float:
        return f1(self.precision, self.recall)


def families(runs: Sequence[Judged], hold: float) -> list[FamilyScore]:
    """Every family that has failed runs among these."""
    scored = [run for run in runs if run.scored]
    failed = {run.family for run in scored}
    return [_family(family, scored, hold) for family in FAMILIES if family.slug in failed]


def _family(family: Family, scored: Sequence[Judged], hold: float) -> FamilyScore:
    own = [run for run in scored if run.family == family.slug]
    named = [run for run in scored if top(run, hold) in family.causes]
    recall = share(own, lambda run: _named(run, hold, 1))
    wrong = sum(not _named(run, hold, 1) for run in named)
    return FamilyScore(
        family.slug,
        Rate(recall.hits, recall.hits + wrong),
        recall,
        share(own, lambda run: bool(counted(run, hold))),
        share(own, lambda run: _fired(run, hold, family.symptoms) is not None),
        share(own, lambda run: _named(run, hold, 3)),
    )


def share(runs: Iterable[Judged], hit: Callable[[Judged], bool]) -> Rate:
    """How many of the runs are hits."""
    hits = [hit(run) for run in runs]
    return Rate(sum(hits), len(hits))


def _fired(run: Judged, hold: float, symptoms: Collection[str]) -> int | None:
    """The step of the first alarm by one of the symptoms that counts."""
    return min((a.step for a in counted(run, hold) if a.symptom in symptoms), default=None)


def top(run: Judged, hold: float) -> str:
    """The first suspect of a run that alarmed; empty otherwise."""
    return run.suspects[0] if run.suspects and counted(run, hold) else ""


def _named(run: Judged, hold: float, places: int) -> bool:
    return bool(counted(run, hold)) and any(c in run.causes for c in run.suspects[:places])


def causes(runs: Iterable[Judged], hold: float, places: int) -> Rate:
    """Failed runs whose cause stands among the first suspects; silence counts as wrong."""
    failed = (run for run in runs if run.family and run.scored)
    return share(failed, lambda run: _named(run, hold, places))


@dataclass(frozen=True)
class DetectorScore:
    """One detector: how often its alarms are right, and what share of its failures it sees."""

    name: str
    precision: Rate  # of the runs in which it alarmed: those that failed
    recall: Rate  # of the failed runs of the families that have its symptoms
    delays: tuple[int, ...]

    @property
    def median_delay(self) -> float:
        return median_of(self.delays)


def detectors(runs: Sequence[Judged], hold: float, onsets: Onsets) -> list[DetectorScore]:
    """Every detector by its symptoms."""
    scored = [run for run in runs if run.scored]
    return [_detector(kind, scored, hold, onsets) for kind in DETECTORS]


def _detector(
    kind: type[Detector], scored: Sequence[Judged], hold: float, onsets: Onsets
) -> DetectorScore:
    symptoms = {item.expects for item in kind.specimens() if item.expects}
    ours = {family.slug for family in FAMILIES if symptoms & family.symptoms}
    alarmed = [(run, step) for run in scored if (step := _fired(run, hold, symptoms)) is not None]
    right = [(run, step) for run, step in alarmed if run.family]
    hits = sum(run.family in ours for run, _ in right)
    return DetectorScore(
        kind.name,
        Rate(len(right), len(alarmed)),
        Rate(hits, sum(run.family in ours for run in scored)),
        tuple(max(0, step - onsets.of(run)) for run, step in right),
    )


@dataclass(frozen=True)
class StateScore:
    """What stood at the end of the runs against what was so."""

    name: str
    precision: Rate
    recall: Rate


def states(runs: Sequence[Judged]) -> list[StateScore]:
    """Every state over all runs that it applies to, healthy, failed or neither."""
    found = []
    for state in STATES:
        symptoms = {symptom.value for symptom in state.symptoms}
        told = [
            (run.states[state.name],
             any(a.symptom in symptoms and a.until == run.last for a in run.alarms))
            for run in runs if state.name in run.states
        ]  # fmt: skip
        hits = sum(true and said for true, said in told)
        precision = Rate(hits, sum(said for _, said in told))
        recall = Rate(hits, sum(true for true, _ in told))
        found.append(StateScore(state.name, precision, recall))
    return found
