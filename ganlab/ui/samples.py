"""What G makes beside what is real. Knows no curve."""

from __future__ import annotations

import streamlit as st

from ganlab.runs.record import StoredSample
from ganlab.ui import pictures, plot, timeline

_GRID = 240  # pixels; a grid is enlarged by a whole factor, or shrunk to its column


def draw(run: str, fake: StoredSample | None, real: StoredSample | None) -> None:
    """Grids side by side, or points over D's surface."""
    if fake is not None and fake.png is None and "points" in fake.details and real is not None:
        figure = pictures.points(
            fake.details["points"], real.details["points"], fake.details.get("surface"), run
        )
        plot.draw(figure, "points")
        return
    left, right = st.columns(2)
    with left:
        _grid(
            "grid-fake",
            f"Generated at step {timeline.count(fake.step)}" if fake else "Generated",
            fake,
        )
    with right:
        _grid("grid-real", "Real", real)


def _grid(key: str, title: str, sample: StoredSample | None) -> None:
    st.markdown(f"**{title}**")
    with st.container(key=key, height=_GRID, border=False):
        if sample is not None and sample.png is not None:
            st.image(pictures.data_uri(sample.png), width=_width(sample.png), alt=title)
        else:
            st.caption("The first samples appear in a moment.")


def _width(png: bytes) -> int:
    """The largest whole multiple of the image's own width that fits."""
    own = int.from_bytes(png[16:20], "big")  # the PNG header's width
    return own * max(1, _GRID // own)
