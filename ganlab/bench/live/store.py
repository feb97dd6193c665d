"""Where recordings lie: a folder while they are made, two committed archives afterwards."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from ganlab.bench import material
from ganlab.bench.corpus import store as corpus
from ganlab.bench.corpus.recording import Recording
from ganlab.bench.live.split import Shelf, recorded, shelf_of

FOLDER = material.LIVE
LEDGER = FOLDER / "ledger.jsonl"
Reader = Callable[[str], Recording]  # of "NAME@SEED"; raises KeyError where there is none


def of_folder(folder: Path, name: str) -> Recording:
    """A recording as the recorder wrote it."""
    path = folder / f"{name}.run"
    if not path.exists():
        raise KeyError(name)
    return Recording.of_bytes(path.read_bytes())


def of_archives(name: str, folder: Path = FOLDER) -> Recording:
    """A recording from the archive that it belongs to."""
    shelf = shelf_of(name.rpartition("@")[0])
    with zipfile.ZipFile(folder / f"{shelf}.zip") as archive:
        return Recording.of_bytes(archive.read(f"{name}.run"))


def folder_reader(folder: Path) -> Reader:
    """Reads from a folder of raw recordings."""
    return partial(of_folder, folder)


def names(shelf: Shelf, folder: Path = FOLDER) -> list[str]:
    """The recordings of a shelf as NAME@SEED, in order; a base's own runs among them."""
    with zipfile.ZipFile(folder / f"{shelf}.zip") as archive:
        return sorted(name.removesuffix(".run") for name in archive.namelist())


def names_in(folder: Path) -> list[str]:
    """The same of a folder of raw recordings, both shelves."""
    return sorted(file.name.removesuffix(".run") for file in folder.glob("*.run"))


def pack(made: Path, folder: Path = FOLDER) -> int:
    """Puts a folder's recordings into the two archives; returns their bytes.

    Raises FileNotFoundError where one is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for shelf in ("open", "sealed"):
        partial_file = folder / f"{shelf}.part"
        with zipfile.ZipFile(partial_file, "w", zipfile.ZIP_STORED) as archive:
            for name in sorted(recorded()):
                if shelf_of(name.rpartition("@")[0]) == shelf:
                    # A fixed date: equal recordings give equal archives.
                    file = made / f"{name}.run"
                    archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes())
        partial_file.replace(folder / f"{shelf}.zip")
    return sum(file.stat().st_size for file in folder.glob("*.zip"))


def enter(score: dict[str, Any], ledger: Path = LEDGER) -> None:
    """Appends a look at the sealed breaks: when, by which code, with what score."""
    corpus.enter(score, ledger)
