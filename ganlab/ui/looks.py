"""How the kinds of events look: each has a shape and a word of its own beside its colour. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """One kind, for badges, for the curves and for lines of text."""

    colour: str  # of a badge, as Markdown names it
    icon: str
    symbol: str  # Plotly's name of the mark
    glyph: str  # the same shape in a line of text
    paint: str  # of the mark


UNKNOWN = Look("gray", ":material/help:", "square", "\N{BLACK SQUARE}", "#7a7a7a")
LOOKS: Mapping[str, Look] = {
    "failure": Look("red", ":material/error:", "x", "\N{HEAVY MULTIPLICATION X}", "#d93b3b"),
    "warning": Look(
        "orange", ":material/warning:", "triangle-up", "\N{BLACK UP-POINTING TRIANGLE}", "#e0a100"
    ),
    "notice": Look("blue", ":material/info:", "circle", "\N{BLACK CIRCLE}", "#5b8def"),
    "patch": Look("violet", ":material/bolt:", "diamond", "\N{BLACK DIAMOND}", "#8a63d2"),
}


def look(kind: str) -> Look:
    """How the kind looks; a neutral look for one that only a newer version knows."""
    return LOOKS.get(kind, UNKNOWN)
