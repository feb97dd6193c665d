"""A named cause with what speaks for it: what every diagnosis is made of."""

from __future__ import annotations

import typing
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from ganlab.causes.changes import Change
from ganlab.causes.trace import Location

Harm = Literal["certain", "likely", "unclear", "none"]
_HARMS: tuple[Harm, ...] = typing.get_args(Harm)


@dataclass(frozen=True)
class Suspect:
    """A cause with its proof, before or after it was weighed against the others."""

    cause: str
    confidence: float  # 0 to 1
    evidence: tuple[str, ...]
    against: tuple[str, ...] = ()
    checked: str = ""  # the other explanation that was looked at
    change: Change | None = None  # the live patch that is blamed; the UI offers its undo
    fix: str = ""  # of a script: what to write instead
    source: str = ""
    location: Location | None = None
    harm: Harm = "certain"  # what it does to a script's samples; "none": a note at most

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError(f"Suspect {self.cause} has no evidence; give the measured number.")

    @property
    def weight(self) -> tuple[int, float]:
        """Its place among others by what it does and how sure it is: the smallest comes first."""
        return _HARMS.index(self.harm), -round(self.confidence, 1)

    def as_row(self) -> dict[str, Any]:
        """The JSON form in the lab."""
        names = ("cause", "confidence", "evidence", "against", "checked")
        row = {name: getattr(self, name) for name in names}
        return row if self.change is None else row | {"change": asdict(self.change)}

    def as_entry(self) -> dict[str, Any]:
        """The JSON form in a script's report."""
        where = self.location
        return {
            "slug": self.cause,
            "confidence": round(self.confidence, 3),
            "evidence": list(self.evidence),
            "location": None if where is None else {"file": where.file, "line": where.line},
            "fix": self.fix,
            "checked": self.checked,
            "source": self.source,
        }


def weightiest(found: Iterable[Suspect]) -> Suspect | None:
    """The one to name where one cause shows in several places; the first of equals."""
    return min(found, key=lambda suspect: suspect.weight, default=None)
