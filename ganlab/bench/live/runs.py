"""A recorded break as a person would have seen it: from step 0 through the patches to the undo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganlab.bench.corpus.recording import Recording
from ganlab.bench.live.catalogue import breaks
from ganlab.bench.live.plans import BASES, REPEATS, Break
from ganlab.bench.live.split import Shelf, base_runs, shelf_of
from ganlab.bench.live.store import Reader, folder_reader, names_in
from ganlab.config import Patch
from ganlab.diagnosis import Change, changes_of
from ganlab.finding import patch_as_row
from ganlab.observation import Observation

Check = Mapping[str, Any]


@dataclass(frozen=True)
class LiveRun:
    """A break and a seed, with the truth about it and about its unpatched twin."""

    name: str  # of the break, or "BASE.twin", "BASE.repeatN"
    base: str
    seed: int
    patched_at: int  # updates done when the first patch was made
    log: tuple[Mapping[str, Any], ...]  # the patches as a run's log has them, the undo's last
    undone_at: int | None  # updates done when it was undone
    blamed: Change | None  # the change that is to be named, as it stands before the undo
    looks: tuple[Observation, ...]  # from step 0
    error: str  # what ended it early
    checks: tuple[Check, ...]  # every 50 steps after the checkpoint
    twin: tuple[Check, ...]
    repeats: tuple[tuple[Check, ...], ...]  # twins of other noise

    @property
    def run(self) -> str:
        """NAME@SEED"""
        return f"{self.name}@{self.seed}"

    def changes(self, step: int) -> tuple[Change, ...]:
        """The changes as a person knows them at a step: none of the future."""
        config = BASES[self.base].config(self.seed)
        return changes_of(config, [row for row in self.log if row["step"] <= step])

    @property
    def last(self) -> int:
        """The last observed step."""
        return self.looks[-1].step


def live_runs(folder: Path, shelf: Shelf = "open") -> Iterator[LiveRun]:
    """Every break of a folder of raw recordings, the open ones unless asked otherwise."""
    known = {found.name for found in breaks()}
    present = [name for name in names_in(folder) if name.rpartition("@")[0] in known]
    chosen = [name for name in present if shelf_of(name.rpartition("@")[0]) == shelf]
    yield from read_runs(folder_reader(folder), chosen)


def read_runs(read: Reader, names: Iterable[str]) -> Iterator[LiveRun]:
    """The runs of these names (NAME@SEED: breaks, twins or repeats)."""
    by_name = {found.name: found for found in breaks()}
    for run in names:
        name, _, seed = run.rpartition("@")
        if name in by_name:
            yield _broken(read, by_name[name], int(seed))
        else:
            yield _unpatched(read, name, int(seed))


def _broken(read: Reader, found: Break, seed: int) -> LiveRun:
    prefix, own = read(f"{found.base}.prefix@{seed}"), read(f"{found.name}@{seed}")
    start = prefix.steps[-1]
    config = BASES[found.base].config(seed)
    log = [_row(start + after, patch) for after, patch in found.patches]
    made = changes_of(config, log)
    undone_at = start + found.held if found.undone and not own.error else None
    if undone_at is not None:  # one by one, the newest first
        log += [_row(undone_at, change.undo) for change in reversed(made)]
    return _joined(
        read, found.base, seed, own, prefix,
        log=tuple(log), undone_at=undone_at, blamed=made[min(found.blamed, len(made) - 1)],
    )  # fmt: skip


def _row(step: int, patch: Patch) -> dict[str, Any]:
    """As a run's log has it: by the first update under the patch."""
    return {"step": step + 1, "patch": patch_as_row(patch), "origin": "user"}


def _unpatched(read: Reader, name: str, seed: int) -> LiveRun:
    base = name.partition(".")[0]
    prefix, own = read(f"{base}.prefix@{seed}"), read(f"{name}@{seed}")
    return _joined(read, base, seed, own, prefix, log=(), undone_at=None, blamed=None)


def _joined(
    read: Reader,
    base: str,
    seed: int,
    own: Recording,
    prefix: Recording,
    *,
    log: tuple[Mapping[str, Any], ...],
    undone_at: int | None,
    blamed: Change | None,
) -> LiveRun:
    _, twin, *repeats = base_runs(base)
    assert len(repeats) == REPEATS
    return LiveRun(
        name=own.plan,
        base=base,
        seed=seed,
        patched_at=prefix.steps[-1],
        log=log,
        undone_at=undone_at,
        blamed=blamed,
        looks=(*prefix.observations(), *own.observations()),
        error=own.error,
        checks=own.checks,
        twin=read(f"{twin}@{seed}").checks,
        repeats=tuple(_checks(read, f"{name}@{seed}") for name in repeats),
    )


def _checks(read: Reader, name: str) -> tuple[Check, ...]:
    """None where the recording stopped before the repeats."""
    try:
        return read(name).checks
    except KeyError:
        return ()
