"""What happened at a step, drawn over the curves. Pure; knows no metric."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ganlab.runs.history import Floats
from ganlab.ui.lines import Trace, short

SEVERITY = {"patch": "#8a63d2", "notice": "#5b8def", "warning": "#e0a100", "failure": "#d93b3b"}
NEUTRAL = "#7a7a7a"  # of a severity that only a newer version knows
_MOST = 60  # of each kind


@dataclass(frozen=True)
class Mark:
    """Something that happened at a step, on the timeline under the curves."""

    step: float
    kind: str  # "patch", or a finding's severity
    text: str


def timeline(steps: Floats, seconds: Floats | None, marks: Sequence[Mark]) -> list[Trace]:
    """Two traces at any number of marks, so that the legend stays: patches and findings.

    With `seconds` of the steps, a mark stands at the second of its step.
    """
    groups = {
        "live patch": [mark for mark in marks if mark.kind == "patch"][-_MOST:],
        "finding": [mark for mark in marks if mark.kind != "patch"][-_MOST:],
    }
    clock = (steps, seconds) if seconds is not None and len(steps) else None
    return [_trace(title, group, clock) for title, group in groups.items()]


def _colour(mark: Mark) -> str:
    return SEVERITY.get(mark.kind, NEUTRAL)


def _trace(title: str, marks: Sequence[Mark], clock: tuple[Floats, Floats] | None) -> Trace:
    at = np.array([mark.step for mark in marks], dtype=np.float64)
    x = np.interp(at, *clock) if clock else at
    gap = np.full(len(x), np.nan)
    return dict(
        type="scatter",
        x=short(np.column_stack([x, x, gap]).ravel()),
        y=np.tile(np.array([0, 1, np.nan], dtype=np.float32), len(x)),
        yaxis="y2",
        name=title,
        showlegend=bool(marks),
        mode="lines+markers",
        line={"color": _colour(marks[-1]) if marks else NEUTRAL, "width": 1, "dash": "dot"},
        marker={
            "size": np.tile(np.array([9, 0, 0], dtype=np.float32), len(x)),
            "symbol": "diamond" if title == "live patch" else "triangle-up",
            "color": [_colour(mark) for mark in marks for _ in range(3)],
            "opacity": 1,
            "line": {"width": 0},
        },
        text=[mark.text for mark in marks for _ in range(3)],
        hovertemplate="%{text}<extra></extra>",
        cliponaxis=False,
    )
