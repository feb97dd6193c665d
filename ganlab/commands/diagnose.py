"""`ganlab diagnose`: shows a stored run to the detectors again, with other thresholds if wanted."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from ganlab.detectors import DETECTORS, Detector
from ganlab.diagnosis import Change, changes_of
from ganlab.diagnosis.replay import Replay, replay
from ganlab.finding import Evidence
from ganlab.knob import ConfigError, nearest
from ganlab.runs.record import RunInfo
from ganlab.runs.recorder import observation_of
from ganlab.runs.store import RunStore


def add_to(commands: Any) -> None:
    """Adds the command and its flags."""
    parser = commands.add_parser(
        "diagnose", help="diagnose a stored run again, without training", description=__doc__
    )
    parser.add_argument("run", metavar="RUN", help="the run's id, as `ganlab run` prints it")
    parser.add_argument(
        "--set", nargs="+", action="extend", default=[], metavar="DETECTOR.THRESHOLD=VALUE",
        help="for example --set TotalCollapse.narrow=0.2 Memorisation.gap=0.3",
    )  # fmt: skip
    parser.add_argument("--runs", type=Path, metavar="DIR", help="where runs are stored")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(action=run)


def run(options: argparse.Namespace) -> int:
    """Replays and prints; returns the exit code."""
    changed = thresholds_of(options.set)
    store = RunStore(options.runs)
    info = store.info(options.run)
    looks = (observation_of(row) for row in store.rows(options.run, "metrics"))
    found = replay(looks, changed, info.error, _changes(store, info))
    print(as_json(found) if options.json else "\n".join(lines(found)))  # noqa: T201
    return 0


def thresholds_of(texts: Iterable[str]) -> dict[str, dict[str, float]]:
    """DETECTOR.THRESHOLD=VALUE pairs. Raises ConfigError with what is allowed."""
    known = {detector.__name__: detector for detector in DETECTORS}
    changed: dict[str, dict[str, float]] = {}
    for text in texts:
        path, separator, value = text.partition("=")
        name, dot, threshold = path.partition(".")
        if not (separator and dot):
            raise ConfigError(
                f"--set takes DETECTOR.THRESHOLD=VALUE, got {text!r}; for example "
                "--set TotalCollapse.narrow=0.2."
            )
        if name not in known:
            raise ConfigError(f"No detector {name!r}; allowed: {', '.join(known)}."
                              + nearest(name, tuple(known)))  # fmt: skip
        allowed = defaults(known[name])
        if threshold not in allowed:
            raise ConfigError(
                f"{name} has no threshold {threshold!r}; allowed: {', '.join(allowed)}."
            )
        kind = type(allowed[threshold])
        try:
            changed.setdefault(name, {})[threshold] = kind(float(value))
        except ValueError as error:
            raise ConfigError(f"{path} takes a number, got {value!r}.") from error
    return changed


def defaults(detector: type[Detector]) -> dict[str, float]:
    """A detector's thresholds with their values, from its constructor."""
    parameters = inspect.signature(detector).parameters.values()
    return {parameter.name: parameter.default for parameter in parameters}


def lines(found: Replay) -> Iterator[str]:
    """As text, a line each."""
    for row in found.events:
        was = "was " if row["event"] == "closed" else ""
        yield (
            f"step {row['step']:>6}  {row['event']:8} {row['severity']:7} {row['symptom']}: "
            f"{was}{Evidence.stored(row['evidence'][0])}"
        )
    yield f"state: {found.state}. {found.reason}"
    if not found.suspects:
        yield "diagnosis: no cause"
    for place, suspect in enumerate(found.suspects, start=1):
        yield f"diagnosis {place}: {suspect.cause} (confidence {suspect.confidence:.2f})"
        yield from (f"    for: {text}" for text in suspect.evidence)
        yield from (f"    against: {text}" for text in suspect.against)
        yield f"    checked: {suspect.checked}"


def as_json(found: Replay) -> str:
    """The same as one JSON object."""
    row = {
        "findings": list(found.events),
        "diagnosis": [suspect.as_row() for suspect in found.suspects],
        "going_on": found.going_on,
        "state": found.state.value,
        "reason": found.reason,
    }
    return orjson.dumps(row).decode()


def _changes(store: RunStore, info: RunInfo) -> tuple[Change, ...]:
    """The live patches of a run of the lab; a script has none."""
    if info.settings is None:
        return ()
    return changes_of(store.original(info.id), store.rows(info.id, "patches"))
