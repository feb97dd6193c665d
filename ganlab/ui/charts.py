"""Columns of a run as Plotly figures; pure. Knows neither Streamlit nor where rows lie."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ganlab.observation import METRICS
from ganlab.runs.history import decimate

Floats = NDArray[np.float64]
Column = tuple[Floats, Floats, Floats]  # steps, seconds, values
Trace = dict[str, Any]

D, G, EXTRA = "#3f6fd8", "#e8743b", "#2a9d8f"
_SPARE = (EXTRA, "#b04f9e")  # for metrics without a colour, or whose colour is taken
LABELS = {
    "d_loss": "D loss",
    "g_loss": "G loss",
    "penalty": "penalty",
    "d_real": "D(x)",
    "d_fake": "D(G(z))",
    "logit_real": "D's score of x",
    "logit_fake": "D's score of G(z)",
    "grad_norm_d": "D gradient",
    "grad_norm_g": "G gradient",
    "input_gradient": "gradient at G(z)",
}
COLOURS = {
    "d_loss": D,
    "d_real": D,
    "logit_real": D,
    "grad_norm_d": D,
    "g_loss": G,
    "d_fake": G,
    "logit_fake": G,
    "grad_norm_g": G,
}
SEVERITY = {"patch": "#8a63d2", "notice": "#5b8def", "warning": "#e0a100", "failure": "#d93b3b"}
EMPTY = go.layout.Template()  # the page's theme does the rest
_HOVER = "%{y:.4g}"
_RAW_POINTS, _SMOOTH_POINTS, _MARKS = 800, 400, 60


@dataclass(frozen=True)
class View:
    """How the reader wants the curves drawn; `run` keeps their zoom until another is opened."""

    run: str
    seconds: bool = False
    smoothing: float = 0.8  # share of the past in each smoothed value; 0: none
    log: bool = False


@dataclass(frozen=True)
class Mark:
    """Something that happened at a step, on the timeline under the curves."""

    step: float
    kind: str  # "patch", or a finding's severity
    text: str


def smooth(
    x: Floats, y: Floats, weight: float, points: int = _SMOOTH_POINTS
) -> tuple[Floats, Floats]:
    """The debiased exponential average of `y`, at the cost of `points` however long `y` is."""
    finite = np.isfinite(y)
    x, y = x[finite], y[finite]
    if len(y) == 0:
        return x, y
    size = -(-len(y) // points)
    starts = np.arange(0, len(y), size)
    lengths = np.diff(np.append(starts, len(y)))
    means = np.add.reduceat(y, starts) / lengths
    keep = weight**size
    sums = itertools.accumulate(means.tolist(), lambda past, mean: keep * past + (1 - keep) * mean,
                                initial=0.0)  # fmt: skip
    bias = 1 - keep ** np.arange(1, len(means) + 1)
    return x[starts + lengths - 1], np.fromiter(sums, float)[1:] / bias


def curves(
    columns: Mapping[str, Column], view: View, marks: Sequence[Mark] = (), **axis: Any
) -> go.Figure:
    """One line for each metric and the marks on their x axis; `axis` adds to the y axis."""
    layout = _layout([columns], view, axis)
    return _figure(_traces(columns, view, marks), layout)


class Panel(NamedTuple):
    """One run's part of a figure that compares two."""

    title: str
    columns: Mapping[str, Column]
    marks: Sequence[Mark] = ()


def beside(panels: Sequence[Panel], view: View, **axis: Any) -> go.Figure:
    """The same metrics of two runs on the same axes: whoever zooms one zooms both."""
    left, right = panels
    layout = _layout([left.columns, right.columns], view, axis)
    layout |= {
        "xaxis2": layout["xaxis"] | {"domain": [0.53, 1], "matches": "x", "anchor": "y3"},
        "yaxis3": layout["yaxis"] | {"matches": "y", "anchor": "x2", "title": {"text": ""}},
        "yaxis4": layout["yaxis2"] | {"overlaying": "y3", "anchor": "x2"},
        "annotations": [_corner(left.title, "x"), _corner(right.title, "x2")],
    }
    layout["xaxis"] |= {"domain": [0, 0.47]}
    other = [_on_the_right(trace) for trace in _traces(right.columns, view, right.marks)]
    return _figure([*_traces(left.columns, view, left.marks), *other], layout)


def _corner(title: str, x: str) -> dict[str, Any]:
    return {
        "text": f"<b>{title}</b>",
        "xref": f"{x} domain",
        "yref": "paper",
        "x": 1,
        "y": 1.02,
        "xanchor": "right",
        "yanchor": "bottom",
        "showarrow": False,
    }


def _on_the_right(trace: Trace) -> Trace:
    """The trace on the second pair of axes; one legend serves both."""
    axis = "y4" if trace.get("yaxis") == "y2" else "y3"
    return trace | {"xaxis": "x2", "yaxis": axis, "showlegend": False}


def _traces(columns: Mapping[str, Column], view: View, marks: Sequence[Mark]) -> list[Trace]:
    colours = _colours(columns)
    lines = [
        line | {"line": {"color": colours[name], "width": 1.6}}
        for name, column in columns.items()
        for line in _lines(name, column, view)
    ]
    return [*lines, *_timeline(columns, view, marks)]


def _colours(names: Iterable[str]) -> dict[str, str]:
    """No two metrics of one chart look the same, as long as there are colours."""
    found: dict[str, str] = {}
    for name in names:
        own = [COLOURS[name]] if name in COLOURS else []
        free = [colour for colour in (*own, *_SPARE) if colour not in found.values()]
        found[name] = free[0] if free else EXTRA
    return found


def _layout(
    panels: Sequence[Mapping[str, Column]], view: View, axis: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "template": EMPTY,
        "height": 205,
        "margin": {"l": 46, "r": 8, "t": 26, "b": 34},
        "uirevision": view.run,
        "hovermode": "x",
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        "xaxis": {"title": {"text": "seconds of training" if view.seconds else "step"}},
        "yaxis": {**_value_axis(panels, view), **axis},
        "yaxis2": {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True},
    }


def _figure(data: list[Trace], layout: dict[str, Any]) -> go.Figure:
    # Plotly's checks take four fifths of a refresh, and what is drawn here is always the same.
    return go.Figure({"data": data, "layout": layout}, _validate=False)


def _value_axis(panels: Sequence[Mapping[str, Column]], view: View) -> dict[str, Any]:
    unit = METRICS[next(iter(panels[0]))].name
    kind = "log" if view.log else "linear"
    ticks = {"dtick": _log_ticks(panels)} if view.log else {"nticks": 6}
    return {"title": {"text": unit}, "type": kind, "exponentformat": "e", **ticks}


def _log_ticks(panels: Sequence[Mapping[str, Column]]) -> str | int:
    """Decades, or also 2 and 5 of each where the values span few of them."""
    values = np.concatenate([column[2] for columns in panels for column in columns.values()])
    values = values[np.isfinite(values) & (values > 0)]
    return "D2" if len(values) and values.max() < 100 * values.min() else 1


def _lines(name: str, column: Column, view: View) -> list[Trace]:
    steps, seconds, values = column
    x = seconds if view.seconds else steps
    raw = decimate(x, values, _RAW_POINTS)
    if view.smoothing == 0:
        return [_line(name, *raw, hovertemplate=_HOVER)]
    faint = _line(name, *raw, opacity=0.22, showlegend=False, hoverinfo="skip")
    return [faint, _line(name, *smooth(x, values, view.smoothing), hovertemplate=_HOVER)]


def _line(name: str, x: Floats, y: Floats, **look: Any) -> Trace:
    return dict(
        type="scatter",
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        name=LABELS.get(name, name),
        legendgroup=name,
        mode="lines",
        **look,
    )


def _timeline(columns: Mapping[str, Column], view: View, marks: Sequence[Mark]) -> list[Trace]:
    """Two traces at any number of marks, so that the legend stays: patches and findings."""
    steps, seconds, _ = next(iter(columns.values()))
    groups = {
        "live patch": [mark for mark in marks if mark.kind == "patch"][-_MARKS:],
        "finding": [mark for mark in marks if mark.kind != "patch"][-_MARKS:],
    }
    return [
        _marks(title, group, (steps, seconds) if view.seconds and len(steps) else None)
        for title, group in groups.items()
    ]


def _marks(title: str, marks: Sequence[Mark], clock: tuple[Floats, Floats] | None) -> Trace:
    at = np.array([mark.step for mark in marks], dtype=np.float64)
    x = np.interp(at, *clock) if clock else at
    gap = np.full(len(x), np.nan)
    return dict(
        type="scatter",
        x=np.column_stack([x, x, gap]).ravel().astype(np.float32),
        y=np.tile(np.array([0, 1, np.nan], dtype=np.float32), len(x)),
        yaxis="y2",
        name=title,
        showlegend=bool(marks),
        mode="lines+markers",
        line={"color": SEVERITY[marks[-1].kind if marks else "notice"], "width": 1, "dash": "dot"},
        marker={
            "size": np.tile(np.array([9, 0, 0], dtype=np.float32), len(x)),
            "symbol": "diamond" if title == "live patch" else "triangle-up",
            "color": [SEVERITY[mark.kind] for mark in marks for _ in range(3)],
            "opacity": 1,
            "line": {"width": 0},
        },
        text=[mark.text for mark in marks for _ in range(3)],
        hovertemplate="%{text}<extra></extra>",
        cliponaxis=False,
    )
