"""What was measured of the detectors, as Plotly figures. Pure."""

from __future__ import annotations

import textwrap
from typing import Any

import plotly.graph_objects as go

from ganlab.detectors.measured import Detection, Measured
from ganlab.ui import scorewords
from ganlab.ui.charts import EMPTY, D, G
from ganlab.ui.looks import LOOKS

OURS = "ganlab"
STRONGEST = 7  # simpler rules drawn
_ROW, _FRAME = 25, 58  # pixels: of a bar, and of all that is not bars
_PAIR = 50  # of two bars and the gap to the next two


def families(found: Measured) -> go.Figure:
    """F1 of every way to fail, the best on top, the worst in red; the counts beside."""
    ranked = sorted(found.families.items(), key=lambda item: item[1].f1)
    names = [name for name, _ in ranked]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": [score.f1 for _, score in ranked],
        "marker": {"color": [LOOKS["failure"].paint] + [D] * (len(ranked) - 1)},
        "hovertemplate": "F1 %{x:.2f}<extra>%{y}</extra>",
    }
    counts = {
        "type": "scatter",
        "mode": "text",
        "y": names,
        "x": [1.03] * len(ranked),
        "text": [scorewords.family_words(score) for _, score in ranked],
        "textposition": "middle right",
        "hoverinfo": "skip",
    }
    axis = {"range": [0, 2.1], "tickvals": [0, 0.5, 1]}
    return _figure([bars, counts], axis, _FRAME + _ROW * len(ranked), legend=False)


def rivals(found: Measured) -> go.Figure:
    """Precision and recall of the lab, on top of those of the strongest simpler rules."""
    others = sorted(found.rivals.items(), key=lambda item: item[1].f1)[-STRONGEST:]
    ranked = [*((_folded(name), score) for name, score in others), (OURS, found.detection)]
    traces = [_bars("recall", G, ranked), _bars("precision", D, ranked)]
    axis = {"range": [0, 1.4], "tickvals": [0, 0.5, 1]}
    return _figure(traces, axis, _FRAME + _PAIR * len(ranked), legend=True)


def _folded(name: str) -> str:
    return "<br>".join(textwrap.wrap(name, 24))


def _bars(kind: str, colour: str, ranked: list[tuple[str, Detection]]) -> dict[str, Any]:
    rates = [score.precision if kind == "precision" else score.recall for _, score in ranked]
    return {
        "type": "bar",
        "orientation": "h",
        "name": kind,
        "y": [name for name, _ in ranked],
        "x": [rate.value if rate.all else 0.0 for rate in rates],
        "text": [f"{rate.hits} of {rate.all}" if rate.all else "no alarm" for rate in rates],
        "textposition": "outside",
        "textfont": {"size": 11},
        "constraintext": "none",
        "marker": {"color": colour},
        "hovertemplate": f"{kind} %{{text}}: %{{x:.2f}}<extra>%{{y}}</extra>",
    }


def _figure(
    traces: list[dict[str, Any]], axis: dict[str, Any], height: int, *, legend: bool
) -> go.Figure:
    layout = {
        "template": EMPTY,
        "height": height,
        "margin": {"l": 10, "r": 8, "t": 26, "b": 26},
        "uirevision": "measured",
        "showlegend": legend,
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}
        | {"traceorder": "reversed"},
        "bargap": 0.25,
        "xaxis": axis | {"fixedrange": True},
        "yaxis": {"automargin": True, "fixedrange": True, "showgrid": False, "ticksuffix": " "},
    }
    return go.Figure({"data": traces, "layout": layout}, _validate=False)
