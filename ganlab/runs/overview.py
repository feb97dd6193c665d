"""What a run folder says at a glance: reads small files and the ends of logs, writes nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ganlab.config import KNOBS, ConfigError, RunConfig
from ganlab.finding import patch_of_row
from ganlab.runs import logs, reading, rows, shapes
from ganlab.runs.record import NAME_LENGTH, Damaged, Outcome, Row, RunInfo, Source, Status

_MOST = 16 << 20  # bytes of config.json, outcome.json, report.json or history.json


def read_about(folder: Path) -> Row:
    """The content of config.json, as it lies there. Raises Damaged."""
    _about(folder)
    about: Row = rows.decoded(_whole(folder / "config.json"), dict)
    return about


def read_config(folder: Path) -> RunConfig:
    """The config the run was started with. Raises Damaged when there is none to read."""
    config = _config_of(_about(folder), folder)
    if config is None:
        raise Damaged(
            f"Run {folder.name} is one of a script and has no settings of the lab; allowed: runs "
            "that the lab trains."
        )
    return config


def read_outcome(folder: Path) -> Outcome | None:
    """How the run ended; None while that is not written. One that is damaged says so."""
    path = folder / "outcome.json"
    try:
        row = rows.decoded(reading.read_whole(path, _MOST), shapes.Ended)
    except FileNotFoundError:
        return None
    except ValueError as error:
        problem = reading.damaged(path, f"is damaged ({error})")
        step, seconds = _reached(folder)
        return Outcome(Status.INTERRUPTED, step, seconds, f"How it ended is not known. {problem}")
    return Outcome(row.status, row.step, row.seconds or 0.0, row.error, row.traceback, row.finished)


def read_history(folder: Path) -> Row | None:
    """What the doctor's report was said of; None where there is none. Raises Damaged."""
    path = folder / "history.json"
    try:
        history: Row = rows.decoded(reading.read_whole(path, _MOST), dict)
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise reading.damaged(path, f"is damaged ({error})") from error
    return history


def read_report(folder: Path) -> Row | None:
    """What the doctor says; None before its first word. One that is damaged says so."""
    path = folder / "report.json"
    try:
        return rows.plain(rows.decoded(reading.read_whole(path, _MOST), shapes.Report))
    except FileNotFoundError:
        return None
    except ValueError as error:
        problem = reading.damaged(path, f"is damaged ({error})")
        return rows.plain(shapes.Report(verdict="not-assessed", reason=str(problem), final=True))


def read_info(folder: Path, *, owned: bool) -> RunInfo:
    """The run as a list shows it; `owned`: a living process writes to it. Raises Damaged."""
    reading.check(folder)
    about = _about(folder)
    outcome = read_outcome(folder)
    patches, _ = logs.read_rows(folder / "patches.jsonl", rows.Parser("patches"))
    config = _config_of(about, folder)
    info = RunInfo(
        id=folder.name,
        name=about.name[:NAME_LENGTH],
        status=Status.RUNNING if owned else Status.INTERRUPTED,
        settings=None if config is None else _patched(config, patches),
        created=about.created,
        parent=about.parent,
        source=_source_of(about),
    )
    if outcome is None:
        step, seconds = _reached(folder)
        return dataclasses.replace(info, step=step, seconds=seconds)
    return info.ended_with(outcome)


def stamp(folder: Path) -> tuple[int, int] | None:
    """Changes whenever the glance at an ended run would; None while the run has not ended."""
    try:
        return (
            (folder / "config.json").lstat().st_mtime_ns,
            (folder / "outcome.json").lstat().st_mtime_ns,
        )
    except OSError:
        return None


def _reached(folder: Path) -> tuple[int, float]:
    """Step and seconds of the last row."""
    last = logs.last_row(folder / "metrics.jsonl", rows.Parser("metrics")) or {"step": 0}
    return last["step"], rows.converted(last.get("seconds"), shapes.Seconds, 0.0)


def _about(folder: Path) -> shapes.About:
    path = folder / "config.json"
    try:
        return rows.decoded(_whole(path), shapes.About)
    except ValueError as error:
        raise reading.damaged(path, f"is damaged ({error})") from error


def _whole(path: Path) -> bytes:
    try:
        return reading.read_whole(path, _MOST)
    except FileNotFoundError:
        raise reading.damaged(path, "is missing") from None


def _source_of(about: shapes.About) -> Source | None:
    found = about.source
    return None if found is None else Source(found.script, tuple(found.arguments), found.steps)


def _config_of(about: shapes.About, folder: Path) -> RunConfig | None:
    """None for a run of a script."""
    if about.config is None:
        return None
    # Settings that this version does not know are left out: an old run has to stay readable.
    known: dict[str, Any] = {name: value for name, value in about.config.items() if name in KNOBS}
    try:
        return RunConfig.of(known)
    except ConfigError as error:
        raise Damaged(
            f"config.json of run {folder.name} cannot run any more: {error} "
            "Start a new run with the setting corrected."
        ) from error


def _patched(config: RunConfig, patches: Iterable[Row]) -> RunConfig:
    """The config after the logged patches, without those that the training refused."""
    for row in patches:
        if row.get("error"):
            continue
        try:
            config = config.patched(patch_of_row(row["patch"]))
        except ConfigError:  # of a version with other settings
            continue
    return config
