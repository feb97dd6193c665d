"""What a run folder says at a glance: reads small files and the ends of logs, writes nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path

from ganlab.config import KNOBS, ConfigError, RunConfig
from ganlab.finding import patch_of_row
from ganlab.runs import logs
from ganlab.runs.record import Outcome, Row, RunInfo, Status, StoreError


def read_about(folder: Path) -> Row:
    """The content of config.json. Raises StoreError when it is damaged."""
    about = logs.read_object(folder / "config.json")
    if about is None or not isinstance(about.get("config"), dict):
        raise StoreError(
            f"config.json of run {folder.name} is damaged; allowed: the JSON that ganlab wrote. "
            f"Restore it, or remove the folder {folder}."
        )
    return about


def read_config(folder: Path) -> RunConfig:
    """The config the run was started with. Raises StoreError when it cannot be read."""
    return _config_of(read_about(folder), folder)


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
    info = RunInfo(
        id=folder.name,
        name=str(about.get("name", "")),
        status=Status.RUNNING if owned else Status.INTERRUPTED,
        config=_patched(_config_of(about, folder), patches),
        created=_number(about.get("created")),
        parent=about.get("parent"),
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


def _config_of(about: Row, folder: Path) -> RunConfig:
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
