"""`ganlab diagnose`: judges a stored run again, with other thresholds if wanted.

A run of the lab is shown to the detectors and causes, one of a script to those that its report is
from: it says the same as the report.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

import orjson

from ganlab.causes.history import History
from ganlab.causes.roster import Thresholds
from ganlab.causes.suspect import Suspect
from ganlab.causes.weigh import Verdict
from ganlab.commands import arguments, listing
from ganlab.definitions import KINDS, Kind, defaults
from ganlab.detectors import DETECTORS
from ganlab.diagnosis import Change, changes_of
from ganlab.diagnosis.replay import Replay, replay
from ganlab.doctor.run.again import again, history_of, standing
from ganlab.finding import Evidence
from ganlab.knob import ConfigError, nearest
from ganlab.outputs import check_folder
from ganlab.runs.record import RunInfo
from ganlab.runs.recorder import observation_of
from ganlab.runs.store import RunStore

_LONG = 10**9  # steps or probes: longer than any run


def add_to(commands: Any) -> None:
    """Adds the command and its flags."""
    parser = commands.add_parser(
        "diagnose", help="diagnose a stored run again, without training", description=__doc__
    )
    parser.add_argument(
        "run", type=arguments.name, nargs="?", metavar="RUN",
        help="the run's id, as `ganlab run` prints it",
    )  # fmt: skip
    parser.add_argument(
        "--set", nargs="+", action="extend", default=[], metavar="NAME.THRESHOLD=VALUE",
        help="of a detector or a cause, for example --set TotalCollapse.narrow=0.2 "
        "GradientPenaltyWeak.weight=5",
    )  # fmt: skip
    parser.add_argument("--runs", type=arguments.path, metavar="DIR", help="where runs are stored")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--list-thresholds", action="store_true", help="print every detector and cause with theirs"
    )
    parser.set_defaults(action=run)


def run(options: argparse.Namespace) -> int:
    """Replays and prints, or lists; returns the exit code."""
    if options.list_thresholds:
        print("\n".join(listing.thresholds()))  # noqa: T201
        return 0
    if options.run is None:
        raise ConfigError(
            "`ganlab diagnose` takes a RUN, got none; allowed: a run's id, as `ganlab run` prints "
            "it. Name one, or ask for --list-thresholds."
        )
    changed = thresholds_of(options.set)
    check_folder(options.runs, "--runs")
    store = RunStore(options.runs)
    info = store.info(options.run)
    looks = (observation_of(row) for row in store.rows(options.run, "metrics"))
    changes = _changes(store, info)
    try:
        found = replay(looks, changed, info.error, changes)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        if not changed:
            raise
        raise ConfigError(_unusable(changed, error)) from error
    row, text = as_row(found), lines(found)
    history = history_of(store, info.id)
    if history is not None:
        verdict = _again(store, info.id, history, changed, found.events)
        row, text = as_row(found) | verdict.as_row(), chain(_events(found), _script(verdict))
    print(orjson.dumps(row).decode() if options.json else "\n".join(text))  # noqa: T201
    return 0


def _again(
    store: RunStore,
    run: str,
    history: History,
    changed: Thresholds,
    events: Iterable[Mapping[str, Any]],
) -> Verdict:
    """Of a script's run; with its findings as they were, unless a detector is to judge anew."""
    if changed.keys() & {detector.__name__ for detector in DETECTORS}:
        history = replace(history, findings=standing(events))
    report = store.report(run) or {}
    return again(history, changed, report.get("script_exit"))


def thresholds_of(texts: Iterable[str]) -> dict[str, dict[str, float]]:
    """DETECTOR.THRESHOLD=VALUE pairs. Raises ConfigError with what is allowed."""
    known = _known()
    changed: dict[str, dict[str, float]] = {}
    for text in texts:
        path, separator, value = text.partition("=")
        name, dot, threshold = path.partition(".")
        if not (separator and dot):
            raise ConfigError(
                f"--set takes DETECTOR.THRESHOLD=VALUE or CAUSE.THRESHOLD=VALUE, got {text!r}; for "
                "example --set TotalCollapse.narrow=0.2."
            )
        if name not in known:
            raise ConfigError(f"No detector or cause {name!r}; allowed: {', '.join(known)}."
                              + nearest(name, tuple(known)))  # fmt: skip
        allowed = defaults(known[name])
        if threshold not in allowed:
            raise ConfigError(
                f"{name} has no threshold {threshold!r}; allowed: {', '.join(allowed)}."
            )
        changed.setdefault(name, {})[threshold] = _number(path, value, allowed[threshold])
    return changed


def _number(path: str, text: str, default: float) -> float:
    """The threshold, of its default's type. Raises ConfigError."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    whole = isinstance(default, int)
    if not math.isfinite(value) or (whole and not (value.is_integer() and 0 <= value <= _LONG)):
        kind = f"a whole number from 0 to {_LONG:,}" if whole else "a number"
        raise ConfigError(
            f"{path} takes {kind}, got {text[:60]!r}. Choose one; the default is {default:g}."
        )
    return int(value) if whole else value


def _unusable(changed: Mapping[str, Mapping[str, float]], error: Exception) -> str:
    known = {name: defaults(kind) for name, kind in _known().items()}
    given = [
        f"{name}.{threshold}={value:g} (default {known[name][threshold]:g})"
        for name, thresholds in changed.items()
        for threshold, value in thresholds.items()
    ]
    return (
        f"--set {', '.join(given)}: nothing can be calculated with that ({error}); allowed: "
        "numbers in the range of the defaults. Choose others, or leave --set out."
    )


def _known() -> dict[str, Kind]:
    """What has thresholds, by class."""
    return {kind.__name__: kind for kind in KINDS}


def lines(found: Replay) -> Iterator[str]:
    """As text, a line each."""
    yield from _events(found)
    yield f"state: {found.state}. {found.reason}"
    if not found.suspects:
        yield "diagnosis: no cause"
    for place, suspect in enumerate(found.suspects, start=1):
        yield from _suspect(suspect, place)


def _events(found: Replay) -> Iterator[str]:
    for row in found.events:
        was = "was " if row["event"] == "closed" else ""
        yield (
            f"step {row['step']:>6}  {row['event']:8} {row['severity']:7} {row['symptom']}: "
            f"{was}{Evidence.stored(row['evidence'][0])}"
        )


def _script(verdict: Verdict) -> Iterator[str]:
    """What is said of a script."""
    yield f"verdict: {verdict.verdict}. {verdict.reason}"
    for place, suspect in enumerate(verdict.causes, start=1):
        yield from _suspect(suspect, place)
        yield f"    fix: {suspect.fix}"
    yield from (f"note: {note.cause}: {note.evidence[0]}" for note in verdict.notes)


def _suspect(suspect: Suspect, place: int) -> Iterator[str]:
    yield f"diagnosis {place}: {suspect.cause} (confidence {suspect.confidence:.2f})"
    yield from (f"    for: {text}" for text in suspect.evidence)
    yield from (f"    against: {text}" for text in suspect.against)
    yield f"    checked: {suspect.checked}"


def as_row(found: Replay) -> dict[str, Any]:
    """The same as one JSON object."""
    return {
        "findings": list(found.events),
        "diagnosis": [suspect.as_row() for suspect in found.suspects],
        "going_on": found.going_on,
        "state": found.state.value,
        "reason": found.reason,
    }


def _changes(store: RunStore, info: RunInfo) -> tuple[Change, ...]:
    """The live patches of a run of the lab; a script has none."""
    if info.settings is None:
        return ()
    return changes_of(store.original(info.id), store.rows(info.id, "patches"))
