"""Samples as pictures: grids, points over D's surface, histograms. Pure; knows no run."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ganlab.ui.charts import EXTRA, D, G

_LAYOUT: dict[str, Any] = {
    "template": "none",
    "margin": {"l": 40, "r": 8, "t": 26, "b": 34},
    "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
}


def data_uri(png: bytes) -> str:
    """The image inside its own address: no second request, so no blank frame between two."""
    return "data:image/png;base64," + base64.b64encode(png).decode()


def histogram(rows: Mapping[str, Sequence[float]], run: str) -> go.Figure:
    """Densities of generated against real values."""
    edges = np.asarray(rows["edges"], dtype=np.float32)
    figure = go.Figure()
    for name, key, colour in (("real", "real", D), ("generated", "fake", G)):
        heights = np.asarray(rows[key], dtype=np.float32)
        figure.add_scatter(
            x=edges,
            y=np.append(heights, heights[-1:]),
            name=name,
            mode="lines",
            line={"shape": "hv", "color": colour, "width": 1.6},
            fill="tozeroy",
            hovertemplate="%{x:.3g}: %{y:.3g}",
        )
    return figure.update_layout(
        **_LAYOUT,
        height=230,
        uirevision=run,
        xaxis={"title": {"text": "value, data units"}},
        yaxis={"title": {"text": "density"}, "rangemode": "tozero"},
    )


def points(
    generated: Sequence[Sequence[float]],
    real: Sequence[Sequence[float]],
    surface: Mapping[str, Any] | None,
    run: str,
) -> go.Figure:
    """Generated points over the real density and D's decision surface."""
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
    figure.add_histogram2dcontour(
        x=reals[:, 0],
        y=reals[:, 1],
        name="real density",
        showscale=False,
        showlegend=True,
        contours={"coloring": "none"},
        line={"color": D, "width": 1},
        ncontours=8,
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=fakes[:, 0],
        y=fakes[:, 1],
        name="generated",
        mode="markers",
        marker={"color": G, "size": 4, "line": {"width": 0.5, "color": "white"}},
        hovertemplate="(%{x:.2f}, %{y:.2f})",
    )
    figure.update_yaxes(scaleanchor="x")


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
