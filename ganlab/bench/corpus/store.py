"""The committed corpus: one archive of what may be looked at, one of what is sealed."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import orjson

import ganlab
from ganlab.bench import material
from ganlab.bench.corpus.recording import Recording
from ganlab.bench.corpus.split import part_of, plans

Shelf = Literal["open", "sealed"]
FOLDER = material.CORPUS
LEDGER = FOLDER / "ledger.jsonl"
_JUDGES = ("detectors", "diagnosis", "panel.py", "finding.py", "observation.py", "causes")


def shelf_of(plan: str) -> Shelf:
    """The archive that a plan's runs belong to."""
    return "sealed" if part_of(plan) == "sealed" else "open"


def pack(recorded: Path, folder: Path = FOLDER) -> int:
    """Puts the recordings of a folder into the two archives; returns their bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    known = {plan.name for plan in plans()}  # an older plan's recording may lie beside them
    files = [f for f in sorted(recorded.glob("*.run")) if f.stem.partition("@")[0] in known]
    for shelf in ("open", "sealed"):
        partial = folder / f"{shelf}.part"
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
            for file in files:
                if shelf_of(file.stem.partition("@")[0]) == shelf:
                    # A fixed date: equal recordings give equal archives.
                    archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes())
        partial.replace(folder / f"{shelf}.zip")
    return sum(file.stat().st_size for file in folder.glob("*.zip"))


def names(shelf: Shelf, folder: Path = FOLDER) -> list[str]:
    """The runs of a shelf as plan@seed, in order."""
    with zipfile.ZipFile(folder / f"{shelf}.zip") as archive:
        return sorted(name.removesuffix(".run") for name in archive.namelist())


def read(shelf: Shelf, wanted: Iterable[str], folder: Path = FOLDER) -> Iterator[Recording]:
    """The recordings of these names."""
    with zipfile.ZipFile(folder / f"{shelf}.zip") as archive:
        for name in wanted:
            yield Recording.of_bytes(archive.read(f"{name}.run"))


def code_hash() -> str:
    """Of everything that turns observations into findings and causes."""
    root = Path(ganlab.__file__).parent
    digest = hashlib.sha256()
    for name in _JUDGES:
        path = root / name
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.relative_to(root).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def enter(score: dict[str, Any], ledger: Path = LEDGER) -> None:
    """Appends a look at the sealed runs: when, by which code, with what score."""
    row = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "code": code_hash(), **score}
    with ledger.open("ab") as file:
        file.write(orjson.dumps(row) + b"\n")
