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
    source: str  # slug of a case or a preset, or name of a plan of the corpus or of a live break
    data: str
    step: int
    note: str = ""  # what the picture cannot show; mostly ""


@cache
def shots() -> dict[str, Shot]:
    """By symptom; empty before any was taken."""
    file = FOLDER / INDEX
    rows = json.loads(file.read_text()) if file.exists() else {}
    return {
        symptom: Shot((FOLDER / f"{symptom}.png").read_bytes(), **row)
        for symptom, row in rows.items()
    }
