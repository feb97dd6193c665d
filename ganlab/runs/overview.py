"""What a run folder says at a glance: reads small files and the ends of logs, writes nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path

from ganlab.config import KNOBS, ConfigError, RunConfig
from ganlab.finding import patch_of_row
from ganlab.runs import logs
from ganlab.runs.record import Outcome, Row, RunInfo, Source, Status, StoreError


def read_about(folder: Path) -> Row:
    """The content of config.json. Raises StoreError when it is damaged."""
    about = logs.read_object(folder / "config.json")
    known = about is not None and (
        isinstance(about.get("config"), dict) or isinstance(about.get("source"), dict)
    )
    if about is None or not known:
        raise StoreError(
            f"config.json of run {folder.name} is damaged; allowed: the JSON that ganlab wrote. "
            f"Restore it, or remove the folder {folder}."
        )
    return about


def read_config(folder: Path) -> RunConfig:
    """The config the run was started with. Raises StoreError when there is none to read."""
    config = _config_of(read_about(folder), folder)
    if config is None:
        raise StoreError(
            f"Run {folder.name} is one of a script and has no settings of the lab; allowed: runs "
            "that the lab trains."
        )
    return config


def read_outcome(folder: Path) -> Outcome | None:
    """How the run ended; None while it has not, or nobody could write it."""
    row = logs.read_object(folder / "outcome.json")
    if row is None:
        return None
    try:
        return Outcome(**row | {"status": Status(row["status"])})
    except (KeyError, TypeError, ValueError):
        return None


def read_info(folder: Path, *, owned: bool) -> RunInfo:
    """The run as a list shows it; `owned`: a living process writes to it."""
    about = read_about(folder)
    outcome = read_outcome(folder)
    patches, _ = logs.read_rows(folder / "patches.jsonl")
    config = _config_of(about, folder)
    info = RunInfo(
        id=folder.name,
        name=str(about.get("name", "")),
        status=Status.RUNNING if owned else Status.INTERRUPTED,
        settings=None if config is None else _patched(config, patches),
        created=_number(about.get("created")),
        parent=about.get("parent"),
        source=_source_of(about),
    )
    if outcome is None:
        last = logs.last_row(folder / "metrics.jsonl") or {}
        return dataclasses.replace(
            info, step=last.get("step", 0), seconds=last.get("seconds") or 0.0
        )
    return info.ended_with(outcome)


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def stamp(folder: Path) -> tuple[int, int] | None:
    """Changes whenever the glance at an ended run would; None while the run has not ended."""
    try:
        return (
            (folder / "config.json").stat().st_mtime_ns,
            (folder / "outcome.json").stat().st_mtime_ns,
        )
    except FileNotFoundError:
        return None


def _source_of(about: Row) -> Source | None:
    row = about.get("source")
    if not isinstance(row, dict):
        return None
    arguments, steps = row.get("arguments"), row.get("steps")
    return Source(
        script=str(row.get("script", "")),
        arguments=tuple(map(str, arguments)) if isinstance(arguments, list) else (),
        steps=steps if isinstance(steps, int) else 0,
    )


def _config_of(about: Row, folder: Path) -> RunConfig | None:
    """None for a run of a script."""
    if not isinstance(about.get("config"), dict):
        return None
    # Settings that this version does not know are left out: an old run has to stay readable.
    known = {name: value for name, value in about["config"].items() if name in KNOBS}
    try:
        return RunConfig.of(known)
    except ConfigError as error:
        raise StoreError(
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
        except (ConfigError, KeyError, TypeError, AttributeError):
            continue
    return config
