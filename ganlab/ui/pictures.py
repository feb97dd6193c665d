"""Samples as pictures: grids, points over D's surface, histograms. Pure; knows no run."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ganlab.ui.charts import EMPTY, EXTRA, D, G

_LAYOUT: dict[str, Any] = {
    "template": EMPTY,
    "margin": {"l": 40, "r": 8, "t": 26, "b": 34},
    "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
}


def data_uri(png: bytes) -> str:
    """The image inside its own address: no second request, so no blank frame between two."""
    return "data:image/png;base64," + base64.b64encode(png).decode()


def histogram(rows: Mapping[str, Sequence[float]], run: str) -> go.Figure:
    """Densities of generated against real values."""
    edges = np.asarray(rows["edges"], dtype=np.float32)
    steps = [
        _outline(name, edges, np.asarray(rows[key], dtype=np.float32), colour)
        for name, key, colour in (("real", "real", D), ("generated", "fake", G))
    ]
    axes = {
        "xaxis": {"title": {"text": "value, data units"}},
        "yaxis": {"title": {"text": "density"}, "rangemode": "tozero"},
    }
    return go.Figure(steps, _LAYOUT | axes | {"height": 205, "uirevision": run})


def _outline(name: str, edges: Any, heights: Any, colour: str) -> go.Scatter:
    return go.Scatter(
        x=edges,
        y=np.append(heights, heights[-1:]),
        name=name,
        mode="lines",
        line={"shape": "hv", "color": colour, "width": 1.6},
        fill="tozeroy",
        hovertemplate="%{x:.3g}: %{y:.3g}",
    )


def points(
    generated: Sequence[Sequence[float]],
    real: Sequence[Sequence[float]],
    surface: Mapping[str, Any] | None,
    run: str,
) -> go.Figure:
    """Generated over real points and D's decision surface."""
    fakes, reals = (np.asarray(rows, dtype=np.float32) for rows in (generated, real))
    figure = go.Figure()
    draw = _line_of_points if fakes.shape[1] == 1 else _plane_of_points
    draw(figure, fakes, reals, surface or {})
    return figure.update_layout(**_LAYOUT, height=420, uirevision=run)


def _plane_of_points(figure: go.Figure, fakes: Any, reals: Any, surface: Mapping[str, Any]) -> None:
    if surface:
        figure.add_heatmap(
            x=np.asarray(surface["x"], dtype=np.float32),
            y=np.asarray(surface["y"], dtype=np.float32),
            z=np.asarray(surface["d"], dtype=np.float32),
            zmin=0,
            zmax=1,
            colorscale="RdBu",
            opacity=0.45,
            name="D",
            colorbar={"title": {"text": "D"}, "thickness": 10},
            hovertemplate="D = %{z:.3f}",
        )
    for name, cloud, colour, opacity in (("real", reals, D, 0.35), ("generated", fakes, G, 0.9)):
        figure.add_scatter(
            x=cloud[:, 0],
            y=cloud[:, 1],
            name=name,
            mode="markers",
            marker={"color": colour, "size": 4, "opacity": opacity},
            hovertemplate="(%{x:.2f}, %{y:.2f})",
        )
    figure.update_xaxes(zeroline=False)
    figure.update_yaxes(scaleanchor="x", zeroline=False)


def _line_of_points(figure: go.Figure, fakes: Any, reals: Any, surface: Mapping[str, Any]) -> None:
    for name, values, colour in (("real", reals, D), ("generated", fakes, G)):
        figure.add_histogram(
            x=values[:, 0],
            name=name,
            histnorm="probability density",
            marker={"color": colour},
            opacity=0.6,
            nbinsx=60,
        )
    if surface:
        figure.add_scatter(
            x=np.asarray(surface["x"], dtype=np.float32),
            y=np.asarray(surface["d"], dtype=np.float64).ravel(),
            name="D",
            yaxis="y2",
            line={"color": EXTRA, "width": 2},
        )
    figure.update_layout(
        barmode="overlay",
        yaxis={"title": {"text": "density"}},
        yaxis2={"overlaying": "y", "side": "right", "range": [0, 1], "title": {"text": "D"}},
    )
