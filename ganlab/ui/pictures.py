"""Samples as pictures: grids, points over D's surface, histograms. Pure; knows no run."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ganlab.ui.charts import EMPTY, EXTRA, HEIGHT, LEGEND, MARGIN, D, G, corner

_LAYOUT: dict[str, Any] = {
    "template": EMPTY,
    "margin": MARGIN,
    "legend": LEGEND,
}
_ROOM = 0.3  # of the real data's range, on each side of it
_BINS = 60  # of a density, over the range shown


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
    layout = {
        "xaxis": {"title": {"text": "value, data units"}},
        "yaxis": {"rangemode": "tozero"},
        "annotations": [corner("<b>Values</b> (density)", "x", 8 - MARGIN["l"])],
        "meta": {
            "summary": f"Densities of real and generated values, {edges[0]:g} to {edges[-1]:g}"
        },
    }
    return go.Figure(steps, _LAYOUT | layout | {"height": HEIGHT, "uirevision": run})


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
    """Generated over real points and D's decision surface.

    The range is that of the real data: the same at every step, and for every run on them.
    """
    fakes, reals = (np.asarray(rows, dtype=np.float32) for rows in (generated, real))
    low, high = shown = _room_around(reals)
    outside = int(((fakes < low) | (fakes > high)).any(axis=1).sum())
    words = f"{outside} of {len(fakes)} generated points lie outside" if outside else ""
    said = [f"{len(fakes)} generated over {len(reals)} real points", words]
    figure = go.Figure(
        layout={
            **_LAYOUT,
            "height": 420,
            "uirevision": run,
            "annotations": [corner(words, "x")] if words else [],
            "meta": {"summary": ", ".join(filter(None, said)), "full": _whole(fakes, reals, shown)},
        }
    )
    draw = _line_of_points if fakes.shape[1] == 1 else _plane_of_points
    draw(figure, fakes, reals, surface or {}, shown)
    return figure


def _whole(fakes: Any, reals: Any, shown: tuple[Any, Any]) -> dict[str, list[float]]:
    """The ranges that hold every point of a plane; a density's bins end at what is shown."""
    every = np.concatenate([fakes, reals, np.stack(shown)])
    every = every[np.isfinite(every).all(axis=1)]
    ends = np.stack([every.min(axis=0), every.max(axis=0)], axis=1).tolist()
    return dict(zip(("xaxis", "yaxis"), ends, strict=True)) if len(ends) == 2 else {}


def _room_around(reals: Any) -> tuple[Any, Any]:
    finite = reals[np.isfinite(reals).all(axis=1)]
    shown = finite if len(finite) else np.zeros((1, reals.shape[1]), np.float32)
    low, high = shown.min(axis=0), shown.max(axis=0)
    room = np.maximum(_ROOM * (high - low), 1e-3)
    return low - room, high + room


def _plane_of_points(
    figure: go.Figure, fakes: Any, reals: Any, surface: Mapping[str, Any], shown: tuple[Any, Any]
) -> None:
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
    (left, bottom), (right, top) = (end.tolist() for end in shown)
    figure.update_xaxes(zeroline=False, range=[left, right])
    figure.update_yaxes(zeroline=False, range=[bottom, top], scaleanchor="x")


def _line_of_points(
    figure: go.Figure, fakes: Any, reals: Any, surface: Mapping[str, Any], shown: tuple[Any, Any]
) -> None:
    low, high = (float(end[0]) for end in shown)
    for name, values, colour in (("real", reals, D), ("generated", fakes, G)):
        figure.add_histogram(
            x=values[:, 0],
            name=name,
            histnorm="probability density",
            marker={"color": colour},
            opacity=0.6,
            xbins={"start": low, "end": high, "size": (high - low) / _BINS},
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
        xaxis={"range": [low, high]},
        yaxis={"title": {"text": "density"}},
        yaxis2={"overlaying": "y", "side": "right", "range": [0, 1], "title": {"text": "D"}},
    )
