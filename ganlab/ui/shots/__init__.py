"""Pictures of symptoms from real runs, as `ganlab bench pictures` took them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
INDEX = "index.json"


@dataclass(frozen=True)
class Shot:
    """One picture, and where it was taken."""

    png: bytes
    source: str  # slug of a case or a preset, or the name of a plan of the corpus
    data: str
    step: int


@cache
def shots() -> dict[str, Shot]:
    """By symptom; empty before any was taken."""
    file = FOLDER / INDEX
    rows = json.loads(file.read_text()) if file.exists() else {}
    return {
        symptom: Shot((FOLDER / f"{symptom}.png").read_bytes(), **row)
        for symptom, row in rows.items()
    }
