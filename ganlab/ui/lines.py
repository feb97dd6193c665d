"""One metric as Plotly traces: as measured, smoothed, and what lies outside the range. Pure."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganlab.runs.history import Column, Floats, decimate
from ganlab.ui.axes import Scale, number

Trace = dict[str, Any]

OUTSIDE = "outside"  # the `meta` of a trace that only the first range needs
_RAW_POINTS, _SMOOTH_POINTS, _OUTLIERS = 800, 400, 40


@dataclass(frozen=True)
class Style:
    """How one metric is drawn."""

    name: str
    colour: str
    smoothing: float  # share of the past in each smoothed value; 0: as measured
    seconds: bool = False


def smooth(
    x: Floats,
    y: Floats,
    weight: float,
    points: int = _SMOOTH_POINTS,
    counts: Floats | None = None,
) -> tuple[Floats, Floats]:
    """The debiased exponential average of `y`, at the cost of `points` however long `y` is.

    `counts` says how many values each `y` is the mean of; 1 without.
    """
    keep = np.isfinite(y)
    x, y = x[keep], y[keep]
    if len(y) == 0:
        return x, y
    if counts is None:
        starts = np.arange(0, len(y), -(-len(y) // points))
        sizes = np.diff(starts, append=len(y))
        means = np.add.reduceat(y, starts) / sizes
    else:
        counts = counts[keep]
        before = np.cumsum(counts) - counts
        part = (before / -(-counts.sum() // points)).astype(np.intp)
        starts = np.flatnonzero(np.diff(part, prepend=-1))
        sizes = np.add.reduceat(counts, starts)
        means = np.add.reduceat(y * counts, starts) / sizes
    past = weight**sizes
    sums = itertools.accumulate(
        zip(past.tolist(), means.tolist(), strict=True),
        lambda total, item: item[0] * total + (1 - item[0]) * item[1],
        initial=0.0,
    )
    ends = np.append(starts[1:], len(y)) - 1
    return x[ends], np.fromiter(sums, float)[1:] / (1 - np.cumprod(past))


def lines(column: Column, style: Style, scale: Scale) -> list[Trace]:
    """As measured, faint where a smoothed line lies over it."""
    x = column.seconds if style.seconds else column.steps
    raw = decimate(x, column.values, _RAW_POINTS)
    if style.smoothing == 0:
        return [_line(style, *raw, scale)]
    faint = _line(style, *raw, scale) | {"opacity": 0.22, "showlegend": False, "hoverinfo": "skip"}
    return [faint, _line(style, *_bold(column, style, scale), scale)]


def outside(column: Column, style: Style, scale: Scale) -> Trace:
    """A mark at the edge for what the range leaves out: the extremes of each stretch."""
    beyond = scale.outside(column.values)
    steps, seconds, values = (part[beyond] for part in column[:3])
    if len(values) > _OUTLIERS:
        keep = np.searchsorted(steps, decimate(steps, values, _OUTLIERS)[0])
        steps, seconds, values = steps[keep], seconds[keep], values[keep]
    low, high = scale.shown
    above = values > high
    return {
        "type": "scatter",
        "mode": "markers",
        "name": style.name,
        "legendgroup": style.name,
        "showlegend": False,
        "meta": OUTSIDE,
        "x": short(seconds if style.seconds else steps),
        "y": short(np.where(above, high, low)),
        "marker": {
            "symbol": ["triangle-up" if up else "triangle-down" for up in above],
            "color": style.colour,
            "size": 9,
            "line": {"width": 0},
        },
        "text": [
            f"{style.name} {number(value)} at step {step:.0f}, outside the range;"
            "<br>double click shows all"
            for step, value in zip(steps, values, strict=True)
        ],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
    }


def short(values: Floats) -> Any:
    """The numbers as four bytes each, where that loses none of them."""
    size = np.abs(values[np.isfinite(values) & (values != 0)])
    fits = len(size) == 0 or (size.min() > 1e-37 and size.max() < 1e38)
    return values.astype(np.float32 if fits else np.float64)


def _bold(column: Column, style: Style, scale: Scale) -> tuple[Floats, Floats]:
    """The smoothed line. A value outside the range counts as its edge, or one spike would
    carry the line away for long. On a log axis it is the exponents that are averaged."""
    steps, seconds, means, counts = column.means
    x = seconds if style.seconds else steps
    placed = np.clip(scale.place(means), *scale.shown)
    if not scale.log:
        return smooth(x, placed, style.smoothing, counts=counts)
    at, exponents = smooth(x, np.log10(placed), style.smoothing, counts=counts)
    if scale.zero is None:
        return at, 10.0**exponents
    _, others = smooth(x, np.where(means == 0, 0.0, np.abs(means)), 0.0, counts=counts)
    return at, np.where(others == 0, 0.0, 10.0**exponents)


def _line(style: Style, x: Floats, y: Floats, scale: Scale) -> Trace:
    trace: Trace = {
        "type": "scatter",
        "x": short(x),
        "y": short(scale.place(y)),
        "name": style.name,
        "legendgroup": style.name,
        "mode": "lines",
        "line": {"color": style.colour, "width": 1.6},
        "hovertemplate": "%{y:.4g}",
    }
    if scale.zero is not None:  # what is drawn at the floor is still 0
        trace |= {"customdata": short(y), "hovertemplate": "%{customdata:.4g}"}
    return trace
