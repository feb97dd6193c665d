"""Runs cases and their cured twins headless, without store or files, and judges the outcome."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganlab.casebook import find_case
from ganlab.casebook.case import Case, Fix
from ganlab.casebook.verdict import Trace, judge, metrics_of
from ganlab.config import RunConfig
from ganlab.lab import choose_threads, judge_of
from ganlab.panel import DetectorPanel

if TYPE_CHECKING:
    from ganlab.engine.data import Dataset
    from ganlab.engine.trainer import Trainer

Row = dict[str, Any]
_SELDOM = 100_000  # steps between sample grids that nobody looks at


@dataclass(frozen=True)
class Rehearsal:
    """One config trained to its end, or to the error that stopped it."""

    trace: Trace
    clock: Mapping[int, float]  # CPU seconds of training by each observed step
    outcome: Row | None  # a Coverage row without its shares
    seconds: float  # of the CPU, everything included: data, judgement


def rehearse(config: RunConfig, root: Path, metrics: Iterable[str], *, judged: bool) -> Rehearsal:
    """Trains a config and keeps the named metrics; the classifier that judges lies below `root`.

    What stops a run is part of the result, not raised. Raises ConfigError where the data is
    missing.
    """
    from ganlab.engine.trainer import Trainer

    choose_threads(config)
    started = time.process_time()  # of one thread: what else the machine does is left out
    data = data_of(config)
    trainer = Trainer(replace(config, sample_every=_SELDOM), data=data)
    rows, findings, error = _watched(trainer)
    trace = Trace.of_rows(rows, findings, metrics, error)
    clock = {row["step"]: row["seconds"] for row in rows}
    outcome = _outcome(trainer, root) if judged and not error else None
    return Rehearsal(trace, clock, outcome, time.process_time() - started)


def _watched(trainer: Trainer) -> tuple[list[Row], list[Row], str]:
    """Metric rows, finding rows and what stopped the run."""
    panel = DetectorPanel()
    rows: list[Row] = []
    findings: list[Row] = []
    started = time.process_time()
    try:
        for look in trainer:
            seconds = time.process_time() - started
            rows.append({"step": look.step, "seconds": seconds, **look.metrics})
            findings += [event.as_row() for event in panel.update(look)]
    except (ArithmeticError, RuntimeError) as error:
        return rows, findings, f"{type(error).__name__}: {error}"
    return rows, findings, ""


def _outcome(trainer: Trainer, root: Path) -> Row | None:
    from ganlab.engine.coverage import outcome

    found = outcome(trainer, judge_of(trainer.data, trainer.config, root))
    if found is None:
        return None
    row = {name: _short(value) for name, value in found.as_row().items() if value is not None}
    del row["shares"]
    return row


def _short(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value


def data_of(config: RunConfig) -> Dataset:
    """The config's data, loaded once a process."""
    names = ("data", "data_folder", "image_size", "channels", "held_out", "data_limit")
    return _loaded(tuple((name, getattr(config, name)) for name in names))


@cache
def _loaded(settings: tuple[tuple[str, Any], ...]) -> Dataset:
    from ganlab.engine.data import load

    return load(RunConfig.of(dict(settings)))


@dataclass(frozen=True)
class Take:
    """One run to make: a case, or (with a fix's name) its twin."""

    slug: str
    data: str
    seed: int
    fix: str = ""


def takes(case: Case, data: str, seeds: int, *, cure_only: bool = False) -> Iterator[Take]:
    """Every run of a case: each seed, alone and with each fix."""
    tried = case.tried[: 1 if case.cure else 0] if cure_only else case.tried
    for seed in range(seeds):
        yield Take(case.slug, data, seed)
        for fix in tried:
            yield Take(case.slug, data, seed, fix.name)


def grouped(queue: Sequence[Take]) -> list[list[Take]]:
    """Takes that are one and the same run, together: many cases have the same cured twin.

    A case's own run leads its group, since what it has to show is judged while it runs.
    """
    leaders = {_config(take): take for take in reversed(queue) if not take.fix}
    groups: dict[Take, list[Take]] = {}
    for take in queue:
        leader = leaders.setdefault(_config(take), take) if take.fix else take
        groups.setdefault(leader, []).append(take)
    return [
        [leader, *(take for take in group if take != leader)] for leader, group in groups.items()
    ]


def _config(take: Take) -> RunConfig:
    case = find_case(take.slug)
    return case.config(take.data, take.seed, _fix(case, take.fix))


def perform(take: Take, root: Path) -> Row:
    """Makes the run: alarms, outcome, error, seconds, and when it showed what was expected."""
    case = find_case(take.slug)
    made = rehearse(_config(take), root, metrics_of(case), judged=case.judged)
    verdict = judge(case, made.trace)
    onset = verdict.step
    seconds = None if onset is None else made.clock.get(onset, made.seconds)
    return {
        "alarms": list(verdict.alarms),
        "outcome": made.outcome,
        "error": verdict.error,
        "seconds": round(made.seconds, 1),
        "onset": onset,
        "onset_seconds": None if seconds is None else round(seconds, 1),
    }


def _fix(case: Case, name: str) -> Fix | None:
    return next((fix for fix in case.tried if fix.name == name), None)


def assembled(results: Mapping[Take, Row]) -> Row:
    """The takes of one case on one data set in the form of `measured.json`."""
    by_fix: dict[str, list[tuple[Take, Row]]] = defaultdict(list)
    for take, row in sorted(results.items(), key=lambda item: item[0].seed):
        by_fix[take.fix].append((take, row))
    own = by_fix.pop("")
    return {
        "runs": _trials(own),
        "onsets": [row["onset"] for _, row in own],
        "onset_seconds": [row["onset_seconds"] for _, row in own],
        "fixes": {name: _trials(rows) for name, rows in by_fix.items()},
    }


def _trials(rows: list[tuple[Take, Row]]) -> Row:
    return {
        "seeds": [take.seed for take, _ in rows],
        "alarms": [row["alarms"] for _, row in rows],
        "outcomes": [row["outcome"] for _, row in rows],
        "errors": [row["error"] for _, row in rows],
        "seconds": [row["seconds"] for _, row in rows],
    }


def prepare(case: Case, data: str, root: Path) -> None:
    """Loads the data and trains its classifier, so that parallel workers find both.

    Raises ConfigError where the data is missing.
    """
    config = case.config(data)
    if case.judged:
        judge_of(data_of(config), config, root)
