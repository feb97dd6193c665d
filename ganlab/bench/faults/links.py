"""Run folders of strangers, in which links and pipes stand where the store writes."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ganlab.bench.faults.fault import Fault, promise
from ganlab.bench.faults.world import CONFIG, contents, ended, healthy, in_words, lab
from ganlab.runs import RunStore, StoreError

FILES = (
    "config.json.tmp",
    "outcome.json.tmp",
    "metrics.jsonl.tmp",
    "outcome.json",
    "metrics.jsonl",
    "findings.jsonl",
    "patches.jsonl",
    "resumes.jsonl",
    "generator.safetensors",
    "report.json",
    "reserve",
    "lock",
    "samples/00000006.png",
    "samples/real.json.tmp",
    "checkpoints/00000008.ckpt",
)
FOLDERS = ("samples", "checkpoints")


def _links(name: str, folder: Path, dice: random.Random) -> None:
    """One of a run's names leads to a file, to a folder, to nothing, or is a pipe or a folder."""
    outside = _outside(folder)
    plant = dice.choice(PLANTS)
    _harmless(folder, outside, lambda run: plant(run / name, outside))


def _linked_folder(name: str, folder: Path, dice: random.Random) -> None:
    """A folder inside of a run leads elsewhere."""
    outside = _outside(folder)
    _harmless(folder, outside, lambda run: _to_folder(run / name, outside))


def _linked_run(folder: Path, dice: random.Random) -> None:
    """The run folder itself leads elsewhere."""
    outside = _outside(folder)

    def plant(run: Path) -> None:
        run.rename(outside / "run")
        (outside / "run" / "outcome.json").unlink(missing_ok=True)
        run.symlink_to(outside / "run", target_is_directory=True)

    _harmless(folder, outside, plant)


def _harmless(folder: Path, outside: Path, plant: Callable[[Path], None]) -> None:
    """Plants it in an ended run; opens, renames, continues, writes and deletes the run then."""
    with lab(folder) as manager:
        run = manager.start(CONFIG)
        ended(manager, run)
        plant(manager.store.path(run))
        before = contents(outside)
        opened = RunStore(manager.store.root)
        for act in (
            opened.mark_orphans,
            opened.runs,
            lambda: opened.rename(run, "another name"),
            lambda: manager.reopen(run, steps=CONFIG.steps + 10),
            lambda: manager.wait(run, 30.0),
            lambda: manager.store.write_report(run, {}),
            lambda: manager.store.delete(run),
        ):
            try:
                act()
            except StoreError as refusal:
                promise(in_words(str(refusal)), "a refusal says what to do", refusal)
            promise(contents(outside) == before, "nothing outside the store is touched", act)
        healthy(manager)


def _outside(folder: Path) -> Path:
    outside = folder / "outside"
    (outside / "folder").mkdir(parents=True)
    (outside / "precious").write_text("precious\n")
    (outside / "folder" / "precious").write_text("precious\n")
    return outside


def _clear(path: Path) -> None:
    """Makes room for what is planted."""
    path.parent.mkdir(exist_ok=True)
    if path.is_dir() and not path.is_symlink():
        path.rename(path.with_name(path.name + "-before"))
    else:
        path.unlink(missing_ok=True)


def _to_file(path: Path, outside: Path) -> None:
    _clear(path)
    path.symlink_to(outside / "precious")


def _to_second_name(path: Path, outside: Path) -> None:
    _clear(path)
    os.link(outside / "precious", path)


def _to_nothing(path: Path, outside: Path) -> None:
    _clear(path)
    path.symlink_to(outside / "not-there")


def _to_folder(path: Path, outside: Path) -> None:
    _clear(path)
    path.symlink_to(outside / "folder", target_is_directory=True)


def _pipe(path: Path, outside: Path) -> None:
    _clear(path)
    os.mkfifo(path)


def _folder(path: Path, outside: Path) -> None:
    _clear(path)
    path.mkdir()


PLANTS = (_to_file, _to_second_name, _to_nothing, _to_folder, _pipe, _folder)
FAULTS = (
    *(Fault(f"no plain file: {name}", partial(_links, name)) for name in FILES),
    *(Fault(f"a link for the folder {name}", partial(_linked_folder, name)) for name in FOLDERS),
    Fault("a link for a run's folder", _linked_run),
)
