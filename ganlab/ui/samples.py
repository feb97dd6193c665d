"""What G makes beside what is real. Knows no curve."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from ganlab.runs.record import StoredSample
from ganlab.ui import pictures, plot, timeline

_GRID = 240  # pixels; a grid is enlarged by a whole factor, or shrunk to its column


def draw(run: str, fake: StoredSample | None, real: StoredSample | None) -> None:
    """Grids side by side, or points over D's surface."""
    if (figure := _points(run, fake, real)) is not None:
        plot.draw(figure, "points")
        return
    left, right = st.columns(2)
    with left:
        _grid("grid-fake", _title(fake), fake)
    with right:
        _grid("grid-real", "Real", real)


def one(run: str, fake: StoredSample | None, real: StoredSample | None) -> None:
    """What G makes alone, as large as a grid: for several runs on a page."""
    if (figure := _points(run, fake, real)) is not None:
        st.markdown(f"**{_title(fake)}**")
        plot.draw(_small(figure), f"points-{run}")
    else:
        _grid(f"grid-{run}", _title(fake), fake)


def _small(figure: go.Figure) -> go.Figure:
    """Without what explains D in a large figure, so that the points have room."""
    figure.update_traces(showscale=False, selector={"type": "heatmap"})
    figure.update_traces(showlegend=False, selector={"name": "D"})
    return figure.update_layout(height=_GRID, yaxis2={"visible": False})


def _points(run: str, fake: StoredSample | None, real: StoredSample | None) -> go.Figure | None:
    """The figure of samples that are no images; None for images and before the first."""
    if fake is None or fake.png is not None or real is None:
        return None
    clouds = fake.details.get("points", []), real.details.get("points", [])
    dimensions = {len(point) for cloud in clouds for point in cloud[:1]}
    if not all(clouds) or dimensions not in ({1}, {2}):
        return None
    surface = fake.details.get("surface")
    if surface and isinstance(surface["d"][0], list) != (dimensions == {2}):
        surface = None
    return pictures.points(*clouds, surface, run)


def _title(fake: StoredSample | None) -> str:
    return f"Generated at step {timeline.count(fake.step)}" if fake else "Generated"


def _grid(key: str, title: str, sample: StoredSample | None) -> None:
    st.markdown(f"**{title}**")
    with st.container(key=key, height=_GRID, border=False):
        if sample is not None and sample.png is not None:
            st.image(pictures.data_uri(sample.png), width=_width(sample.png), alt=title)
        else:
            st.caption("The first samples appear in a moment.")


def _width(png: bytes) -> int:
    """The width at which the image fits: a whole multiple of its own, or shrunk to the height."""
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))  # PNG's header
    return width * max(1, _GRID // width) if height <= _GRID else width * _GRID // height
