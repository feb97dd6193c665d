"""The scripts that the doctor is tried on, and what is true of each.

`faults.toml` among the material says what its entries mean. A script is its base with the edits of
its fault, and exists while a bench or a test runs: it is written to a folder of theirs, where it is
the user's code and none of ours.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path
from typing import Any

from ganlab.bench.material import SCRIPTS

HEALTHY = "healthy"


@dataclass(frozen=True)
class Edit:
    """One text in the place of another."""

    old: str
    new: str

    def applied(self, text: str) -> str:
        """The text with it. Raises ValueError where `old` isn't there exactly once."""
        if text.count(self.old) != 1:
            raise ValueError(
                f"found {text.count(self.old)} times, allowed: once. Mend the edit of {self.old!r}."
            )
        return text.replace(self.old, self.new)


@dataclass(frozen=True)
class Answer:
    """The truth about one script."""

    causes: tuple[str, ...]  # the canonical one first
    row: str  # of a list of real failures, or what it controls
    style: str
    data: str  # ring or mnist
    notes: tuple[str, ...] = ()  # true but harmless bugs
    harm: str = ""  # measured without a doctor
    base: str = ""
    edits: tuple[Edit, ...] = ()
    told: tuple[str, ...] = ()  # further lines that may be pointed at, by their text

    @property
    def healthy(self) -> bool:
        """Whether naming a cause is a false alarm."""
        return self.causes == (HEALTHY,)

    @cached_property
    def source(self) -> str:
        """The script's text."""
        text = self._base()
        for edit in self.edits:
            text = edit.applied(text)
        return text

    @cached_property
    def lines(self) -> frozenset[int]:
        """Where the fault may be pointed at, counted from 1. Raises ValueError at a line's text
        that the script does not have."""
        lines = self.source.splitlines()
        found = set(edited(self._base().splitlines(), lines))
        for text in self.told:
            places = [number for number, line in enumerate(lines, 1) if line.strip() == text]
            if not places:
                raise ValueError(f"No line of the script is {text!r}. Mend the fault's `lines`.")
            found.update(places)
        return frozenset(found)

    def _base(self) -> str:
        return (SCRIPTS / f"{self.base}.py").read_text()


def edited(before: list[str], after: list[str]) -> Iterator[int]:
    """The numbers of the lines that are new; where lines only went, of those around the gap."""
    for kind, _, _, start, end in SequenceMatcher(None, before, after, False).get_opcodes():
        if kind == "delete":
            yield from (start, start + 1)
        elif kind != "equal":
            yield from range(start + 1, end + 1)


def _read() -> Iterator[tuple[str, Answer]]:
    document = tomllib.loads((SCRIPTS / "faults.toml").read_text())
    for name, row in document["fault"].items():
        yield name, _answer(row, document["base"][row["base"]])


def _answer(row: Mapping[str, Any], base: Mapping[str, str]) -> Answer:
    return Answer(
        causes=tuple(row["causes"]),
        row=row["row"],
        style=base["style"],
        data=base["data"],
        notes=tuple(row.get("notes", ())),
        harm=row["harm"],
        base=row["base"],
        edits=tuple(Edit(**edit) for edit in row.get("edits", ())),
        told=tuple(row.get("lines", ())),
    )


ANSWERS: Mapping[str, Answer] = dict(_read())


def write(name: str, folder: Path) -> Path:
    """Writes one script into the folder and returns its file."""
    file = folder / f"{name}.py"
    file.write_text(ANSWERS[name].source)
    return file


def write_all(folder: Path, names: Iterable[str] = ANSWERS) -> list[Path]:
    """Writes them into the folder."""
    return [write(name, folder) for name in names]
