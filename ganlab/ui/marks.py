"""What happened at a step, drawn over the curves. Pure; knows no metric."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ganlab.runs.history import Floats
from ganlab.ui.lines import Trace, short
from ganlab.ui.looks import look

_MOST = 60  # of each kind
# Where marks stand, as shares of the height: a finding above the patch that it follows at once,
# and neither on the axis' own numbers.
_PATCHES, _FINDINGS = 0.06, 0.17


@dataclass(frozen=True)
class Mark:
    """Something that happened at a step, on the timeline under the curves."""

    step: float
    kind: str  # "patch", or a finding's severity
    text: str
    over: bool = False  # a finding that ends there: the same shape, hollow


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


def _symbol(mark: Mark) -> str:
    return look(mark.kind).symbol + ("-open" if mark.over else "")


def _trace(title: str, marks: Sequence[Mark], clock: tuple[Floats, Floats] | None) -> Trace:
    at = np.array([mark.step for mark in marks], dtype=np.float64)
    x = np.interp(at, *clock) if clock else at
    foot = _PATCHES if title == "live patch" else _FINDINGS
    gap = np.full(len(x), np.nan)
    return dict(
        type="scatter",
        x=short(np.column_stack([x, x, gap]).ravel()),
        y=np.tile(np.array([foot, 1, np.nan], dtype=np.float32), len(x)),
        yaxis="y2",
        meta="mark",  # chart.js leaves these out of a narrow legend
        name=title,
        showlegend=bool(marks),
        mode="lines+markers",
        line={
            "color": look(marks[-1].kind if marks else "notice").paint,
            "width": 1,
            "dash": "dot",
        },
        marker={
            "size": np.tile(np.array([9, 0, 0], dtype=np.float32), len(x)),
            "symbol": [_symbol(mark) for mark in marks for _ in range(3)],
            "color": [look(mark.kind).paint for mark in marks for _ in range(3)],
            "opacity": 1,
            "line": {"width": 0},
        },
        text=[mark.text for mark in marks for _ in range(3)],
        hovertemplate="%{text}<extra></extra>",
        cliponaxis=False,
    )
