"""Run folders, their names and their one owner each. Knows neither logs nor snapshots."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import secrets
import shutil
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec

from ganlab.config import RunConfig
from ganlab.runs import files, logs, overview, room
from ganlab.runs.ownership import Ownership
from ganlab.runs.record import (
    NAME_LENGTH,
    BadFolder,
    Damaged,
    Outcome,
    RunId,
    RunInfo,
    Source,
    Status,
    StoreError,
    UnknownRun,
)

_ID = re.compile(r"[A-Za-z0-9-]{1,200}")
_OURS = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}")  # the ids that `create` gives
_DELETED = ".deleted"  # the end of a folder's name that is being removed


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
            self.root.mkdir(parents=True, exist_ok=True)
            files.system.mkdir(folder)
            try:
                self._owned.take(folder)
                room.set_aside(folder)
                # Last, because the folder is a run from here on, and a run has an owner.
                self._describe(folder, about, name)
            except (OSError, StoreError):
                self._owned.give_back(folder)
                shutil.rmtree(folder, ignore_errors=True)
                raise
        return run

    def path(self, run: RunId) -> Path:
        """The run's folder. Raises UnknownRun for everything that is not the id of a run here."""
        folder = self.root / run
        if not _ID.fullmatch(run) or not _is_run(folder):
            raise UnknownRun(
                f"No run {run[:200]!r} in {self.root}; allowed: the id of a stored run "
                "(letters, digits and hyphens). Choose one from the list of runs."
            )
        return folder

    def original(self, run: RunId) -> RunConfig:
        """The config the run was started with. Raises Damaged when it cannot be read."""
        return overview.read_config(self.path(run))

    def info(self, run: RunId) -> RunInfo:
        """What is known of a run, its patches applied. Raises UnknownRun and Damaged."""
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
        return self.survey()[0]

    def survey(self) -> tuple[list[RunInfo], list[BadFolder]]:
        """All readable runs, newest first, and the run folders that cannot be read."""
        infos, bad = [], []
        for name in self._names():
            try:
                infos.append(self.info(name))
            except UnknownRun:
                continue  # a stray folder
            except Damaged as problem:  # must not hide the others
                bad.append(BadFolder(name, str(problem)))
        newest = sorted(infos, key=lambda info: (info.created, info.id), reverse=True)
        return newest, sorted(bad, key=lambda folder: folder.id, reverse=True)

    def _names(self) -> list[str]:
        try:
            return os.listdir(self.root)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise StoreError(
                f"Cannot read the run folder {self.root} ({error.strerror or error}); allowed: a "
                "folder you may read. Set GANLAB_RUNS to one and start again."
            ) from error

    def rename(self, run: RunId, name: str) -> None:
        """Gives the run another name to show, not its id. Raises StoreError when it is too long."""
        name = _clean(name)
        folder = self.path(run)
        about = overview.read_about(folder)
        with self._writing():
            files.check_folder(folder)
            self._describe(folder, about, name)

    def delete(self, run: RunId) -> None:
        """Removes the run for good, a damaged one too; of a link only the link.

        Raises StoreError while it is live anywhere.
        """
        folder = self.path(run)
        if folder.is_symlink():
            with self._writing():
                files.remove(folder)
            return
        with self._writing():
            self._take_if_possible(folder)  # and nothing else: this frees room on a full disk
            self.close(run)
            gone = folder.with_name(f".{run}{_DELETED}")
            files.system.replace(folder, gone)  # at once: half a run must not be listed
            shutil.rmtree(gone)

    def _take_if_possible(self, folder: Path) -> None:
        try:
            files.check_file(folder / "lock")
        except StoreError:  # nobody owns what cannot be locked
            return
        self._owned.take(folder)

    def own(self, run: RunId) -> None:
        """Makes this process the run's writer. Raises StoreError while another owner lives."""
        folder = self.path(run)
        with self._writing():
            self._owned.take(folder)
            try:
                for part in (folder, folder / "samples", folder / "checkpoints"):
                    files.sweep(part)
                room.set_aside(folder)
            except (OSError, StoreError):
                self._owned.give_back(folder)
                raise

    def close(self, run: RunId) -> None:
        """Gives up the ownership; without effect when done before."""
        self._owned.give_back(self.root / run)

    def finish(self, run: RunId, outcome: Outcome) -> None:
        """Writes how the run ended and closes it. Raises StoreError when it cannot be written."""
        row = dataclasses.asdict(outcome) | {"finished": outcome.finished or time.time()}
        try:
            folder = self.path(run)
            with self._writing():
                self._confirm(folder)
                room.conclude(folder, logs.to_json(row))
        finally:
            self.close(run)

    def _confirm(self, folder: Path) -> None:
        """Raises StoreError when this process has lost the run to another one."""
        if not self._owned.confirm(folder):  # meanwhile somebody may have taken it for an orphan
            files.remove(folder / "outcome.json")

    def outcome(self, run: RunId) -> Outcome | None:
        """How the run ended; None while that is not written."""
        return overview.read_outcome(self.path(run))

    def mark_orphans(self) -> list[RunId]:
        """Marks the runs whose process died as interrupted, and returns their ids."""
        for gone in self.root.glob(f".*{_DELETED}"):  # somebody was killed while deleting
            shutil.rmtree(gone, ignore_errors=True)
        orphans = []
        for info in self.runs():
            if info.status is Status.INTERRUPTED and self.outcome(info.id) is None:
                # A store that is read-only, or another lab that was faster: nothing to write.
                with contextlib.suppress(OSError, StoreError):
                    self.own(info.id)
                    self.finish(info.id, Outcome(Status.INTERRUPTED, info.step, info.seconds))
                    orphans.append(info.id)
        return orphans

    def _writing(self, size: int = 0) -> AbstractContextManager[None]:
        """Says what to do when the disk refuses `size` bytes."""
        return room.writing(self.root, size)

    def _describe(self, folder: Path, about: Mapping[str, object], name: str) -> None:
        # Not by orjson: what another version wrote may hold numbers of any size.
        content = msgspec.json.encode({**about, "name": name})
        files.replace_file(folder / "config.json", content, durable=True)


def _is_run(folder: Path) -> bool:
    """Whether it is a run's folder, damaged or not; one that is being made is none yet."""
    try:
        (folder / "config.json").lstat()
    except OSError:
        return bool(_OURS.fullmatch(folder.name)) and os.path.lexists(folder / "metrics.jsonl")
    return True


def _clean(name: str) -> str:
    """The name with single spaces. Raises StoreError when it is too long."""
    clean = " ".join(name.split())
    if len(clean) > NAME_LENGTH:
        raise StoreError(
            f"The name has {len(clean)} characters; allowed: at most {NAME_LENGTH}. Shorten it: "
            f"{clean[:20]}…"
        )
    return clean
