"""Run folders, their names and their one owner each. Knows neither logs nor snapshots."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from ganlab.config import RunConfig
from ganlab.runs import logs, overview
from ganlab.runs.ownership import Ownership
from ganlab.runs.record import (
    NAME_LENGTH,
    Outcome,
    RunId,
    RunInfo,
    Source,
    Status,
    StoreError,
    UnknownRun,
)

_ID = re.compile(r"[A-Za-z0-9-]{1,128}")  # longer than any, and shorter than a name may be


class RunFolders:
    """The run folders under one root: `root`, else $GANLAB_RUNS, else ~/.ganlab/runs."""

    def __init__(self, root: Path | None = None) -> None:
        default = os.environ.get("GANLAB_RUNS") or Path.home() / ".ganlab" / "runs"
        self.root = Path(root or default)
        self._owned = Ownership()
        self._ended: dict[RunId, tuple[tuple[int, int], RunInfo]] = {}

    def create(self, config: RunConfig, name: str = "", parent: RunId | None = None) -> RunId:
        """A new run, owned by this process.

        Raises StoreError when the root cannot be written, or the name is too long.
        """
        name = _clean(name)
        about = {"config": dict(config), "created": time.time(), "parent": parent}
        return self._new(about, name)

    def create_watched(self, source: Source, name: str = "") -> RunId:
        """A new run of a user's own code, owned by this process. Raises StoreError as `create`."""
        about = {"config": None, "source": dataclasses.asdict(source), "created": time.time()}
        return self._new(about, _clean(name) or " ".join(source.name.split())[:NAME_LENGTH])

    def _new(self, about: Mapping[str, object], name: str) -> RunId:
        run = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(4)}"
        folder = self.root / run
        with self._writing():
            folder.mkdir(parents=True)
            self._owned.take(folder)
            try:  # last, because the folder is a run from here on, and a run has an owner
                self._describe(folder, about, name)
            except OSError:
                self._owned.give_back(folder)
                raise
        return run

    def path(self, run: RunId) -> Path:
        """The run's folder. Raises UnknownRun for everything that is not the id of a run here."""
        folder = self.root / run
        if not _ID.fullmatch(run) or not (folder / "config.json").is_file():
            raise UnknownRun(
                f"No run {run!r} in {self.root}; allowed: the id of a stored run "
                "(letters, digits and hyphens). Choose one from the list of runs."
            )
        return folder

    def original(self, run: RunId) -> RunConfig:
        """The config the run was started with. Raises StoreError when it cannot be read."""
        return overview.read_config(self.path(run))

    def info(self, run: RunId) -> RunInfo:
        """What is known of a run, its patches applied. Raises UnknownRun and StoreError."""
        folder = self.path(run)
        stamp = overview.stamp(folder)
        known = self._ended.get(run)
        if known is not None and known[0] == stamp:
            return known[1]
        info = overview.read_info(folder, owned=stamp is None and self._owned.held(folder))
        if stamp is not None:
            self._ended[run] = (stamp, info)
        return info

    def runs(self) -> list[RunInfo]:
        """All readable runs, newest first. Reads only the ends of their logs."""
        infos = []
        for folder in self.root.iterdir() if self.root.is_dir() else ():
            try:
                infos.append(self.info(folder.name))
            except StoreError:
                continue  # a stray folder or a damaged run must not hide the others
        return sorted(infos, key=lambda info: (info.created, info.id), reverse=True)

    def rename(self, run: RunId, name: str) -> None:
        """Gives the run another name to show, not its id. Raises StoreError when it is too long."""
        name = _clean(name)
        folder = self.path(run)
        about = overview.read_about(folder)
        with self._writing():
            self._describe(folder, about, name)

    def delete(self, run: RunId) -> None:
        """Removes the run for good. Raises StoreError while it is live anywhere."""
        folder = self.path(run)
        self.own(run)
        self.close(run)
        with self._writing():
            shutil.rmtree(folder)

    def own(self, run: RunId) -> None:
        """Makes this process the run's writer. Raises StoreError while another owner lives."""
        folder = self.path(run)
        with self._writing():
            self._owned.take(folder)

    def close(self, run: RunId) -> None:
        """Gives up the ownership; without effect when done before."""
        self._owned.give_back(self.root / run)

    def finish(self, run: RunId, outcome: Outcome) -> None:
        """Writes how the run ended and closes it."""
        row = dataclasses.asdict(outcome) | {"finished": outcome.finished or time.time()}
        try:
            logs.replace_file(self.path(run) / "outcome.json", logs.to_json(row))
        finally:
            self.close(run)

    def outcome(self, run: RunId) -> Outcome | None:
        """How the run ended; None while that is not written."""
        return overview.read_outcome(self.path(run))

    def mark_orphans(self) -> list[RunId]:
        """Marks the runs whose process died as interrupted, and returns their ids."""
        orphans = []
        for info in self.runs():
            if info.status is Status.INTERRUPTED and self.outcome(info.id) is None:
                # A store that is read-only, or another lab that was faster: nothing to write.
                with contextlib.suppress(OSError, StoreError):
                    self.own(info.id)
                    self.finish(info.id, Outcome(Status.INTERRUPTED, info.step, info.seconds))
                    orphans.append(info.id)
        return orphans

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Says what to do when the disk refuses."""
        try:
            yield
        except OSError as error:
            raise StoreError(
                f"Cannot write to the run folder {self.root} ({error.strerror or error}); allowed: "
                "a folder you may write to. Set GANLAB_RUNS to one and start again."
            ) from error

    def _describe(self, folder: Path, about: Mapping[str, object], name: str) -> None:
        logs.replace_file(folder / "config.json", logs.to_json({**about, "name": name}))


def _clean(name: str) -> str:
    """The name with single spaces. Raises StoreError when it is too long."""
    clean = " ".join(name.split())
    if len(clean) > NAME_LENGTH:
        raise StoreError(
            f"The name has {len(clean)} characters; allowed: at most {NAME_LENGTH}. Shorten it: "
            f"{clean[:20]}…"
        )
    return clean
