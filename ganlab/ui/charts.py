"""Columns of a run as Plotly figures; pure. Knows neither Streamlit nor where rows lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from ganlab.curvegroups import LABELS as LABELS
from ganlab.curvegroups import OUTPUTS
from ganlab.curvegroups import label as label
from ganlab.observation import METRICS
from ganlab.runs.history import Column as Column
from ganlab.ui.axes import FIXED, Scale, number, scale_of
from ganlab.ui.lines import Style, Trace, lines, outside
from ganlab.ui.marks import Mark as Mark
from ganlab.ui.marks import timeline

D, G, EXTRA = "#3f6fd8", "#e8743b", "#2a9d8f"
_SPARE = (EXTRA, "#b04f9e", "#7a7a52")  # for metrics without a colour, or whose colour is taken
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
EMPTY = go.layout.Template()  # the page's theme does the rest
HEIGHT = 205  # pixels of a chart of curves
MARGIN = {"l": 52, "r": 18, "t": 28, "b": 34}
NOTHING = Column(np.empty(0), np.empty(0), np.empty(0))
LEGEND = {"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom"}


@dataclass(frozen=True)
class View:
    """How the reader wants the curves drawn; `run` keeps their zoom until another is opened."""

    run: str
    seconds: bool = False
    smoothing: float = 0.8  # share of the past in each smoothed value; 0: none
    log: bool = False


class Panel(NamedTuple):
    """One run's curves in a figure."""

    title: str
    columns: Mapping[str, Column]
    marks: Sequence[Mark] = ()


def chart(
    title: str,
    panels: Sequence[Panel],
    view: View,
    *,
    span: tuple[float, float] | None = None,
) -> go.Figure:
    """The metrics of one run, or of two side by side on the same axes.

    `span` is the x range of all the charts of a page; without, it is that of the columns. Every
    axis has a range: one that loses its own keeps an empty chart's for ever where it matches
    another.
    """
    scale = _scale(panels, view)
    layout = _layout(title, panels, scale, view)
    layout["xaxis"]["range"] = list(span or x_span(panels, view))
    data = _traces(panels[0], view, scale)
    if len(panels) == 2:
        _add_right_panel(layout, panels)
        data += [_on_the_right(trace) for trace in _traces(panels[1], view, scale)]
    # Plotly's checks take four fifths of a refresh, and what is drawn here is always the same.
    return go.Figure({"data": data, "layout": layout}, _validate=False)


def summary(title: str, panels: Sequence[Panel]) -> str:
    """The chart in one line, for those who do not see it."""
    parts = [f"{panel.title + ': ' if panel.title else ''}{_newest(panel)}" for panel in panels]
    return ": ".join(filter(None, [title, "; ".join(parts)]))


def _newest(panel: Panel) -> str:
    known = {name: column for name, column in panel.columns.items() if len(column.values)}
    if not known:
        return "nothing measured yet"
    step = max(column.steps[-1] for column in known.values())
    values = (f"{label(name)} {number(column.values[-1])}" for name, column in known.items())
    at = f"{step:,.0f}".replace(",", "\u202f")
    return f"{', '.join(values)} at step {at}"


def x_span(panels: Iterable[Panel], view: View) -> tuple[float, float]:
    """From the first row of the panels to their last one."""
    ends = [
        end
        for panel in panels
        for column in panel.columns.values()
        if len(column.steps)
        for end in (column.seconds if view.seconds else column.steps)[[0, -1]]
        if np.isfinite(end)
    ]
    low, high = (min(ends), max(ends)) if ends else (0.0, 0.0)
    return float(low), float(high if high > low else low + 1)


def _scale(panels: Sequence[Panel], view: View) -> Scale:
    columns = [(name, column) for panel in panels for name, column in panel.columns.items()]
    if {name for name, _ in columns} <= set(OUTPUTS.metrics):
        return FIXED
    return scale_of((column.values for _, column in columns), log=view.log)


def _unit(names: Iterable[str]) -> str:
    return " or ".join(dict.fromkeys(METRICS[name].name for name in names if METRICS[name].name))


def _layout(title: str, panels: Sequence[Panel], scale: Scale, view: View) -> dict[str, Any]:
    words = ", ".join(filter(None, [_unit(panels[0].columns), scale.words]))
    return {
        "template": EMPTY,
        "height": HEIGHT,
        "margin": MARGIN,
        "uirevision": view.run,
        "hovermode": "x",
        "legend": LEGEND,
        "xaxis": {"title": {"text": "seconds of training" if view.seconds else "step"}},
        "yaxis": scale.axis(),
        "yaxis2": {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True},
        "annotations": [corner(_heading(title, words, panels[0]), "x", 8 - MARGIN["l"])],
        "meta": {
            "link": f"{view.run} {'seconds' if view.seconds else 'steps'}",
            "full": {"yaxis": scale.coordinates(scale.full)},
            "summary": summary(title, panels),
        },
    }


def _heading(title: str, words: str, panel: Panel) -> str:
    what = " ".join(
        filter(None, [f"<b>{title}</b>" if title else "", f"({words})" if words else ""])
    )
    return " · ".join(filter(None, [what, panel.title]))


def corner(text: str, x: str, shift: int = 0) -> dict[str, Any]:
    """Words above the top left corner of a panel: there they hide neither ticks nor curves."""
    return {
        "text": text,
        "xref": f"{x} domain",
        "yref": "paper",
        "x": 0,
        "y": 1.02,
        "xshift": shift,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
    }


def _add_right_panel(layout: dict[str, Any], panels: Sequence[Panel]) -> None:
    layout["xaxis2"] = layout["xaxis"] | {"domain": [0.53, 1], "matches": "x", "anchor": "y3"}
    layout["xaxis"] |= {"domain": [0, 0.47]}
    layout["yaxis3"] = layout["yaxis"] | {"matches": "y", "anchor": "x2"}
    layout["yaxis4"] = layout["yaxis2"] | {"overlaying": "y3", "anchor": "x2"}
    layout["annotations"].append(corner(f"<b>{panels[1].title}</b>", "x2"))


def _on_the_right(trace: Trace) -> Trace:
    """The trace on the second pair of axes; one legend serves both."""
    axis = "y4" if trace.get("yaxis") == "y2" else "y3"
    return trace | {"xaxis": "x2", "yaxis": axis, "showlegend": False}


def _traces(panel: Panel, view: View, scale: Scale) -> list[Trace]:
    colours = _colours(panel.columns)
    styled = [
        (column, Style(label(name), colours[name], view.smoothing, view.seconds))
        for name, column in panel.columns.items()
    ]
    drawn = [trace for column, style in styled for trace in lines(column, style, scale)]
    marked = [outside(column, style, scale) for column, style in styled]
    steps, seconds = next(iter(panel.columns.values()))[:2]
    return [*drawn, *marked, *timeline(steps, seconds if view.seconds else None, panel.marks)]


def _colours(names: Iterable[str]) -> dict[str, str]:
    """No two metrics of one chart look the same, as long as there are colours."""
    found: dict[str, str] = {}
    for name in names:
        own = [COLOURS[name]] if name in COLOURS else []
        free = [colour for colour in (*own, *_SPARE) if colour not in found.values()]
        found[name] = free[0] if free else EXTRA
    return found
