"""Draws Plotly figures that keep their DOM node, zoom and legend. Knows no metric.

Streamlit's own Plotly element mounts a new chart at each change of its data (and shows the first
data for ever when only its key is made its identity), so figures go through a component that calls
`Plotly.react`; chart.js says how zoom and hover are shared.
"""

from __future__ import annotations

import functools
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st
from plotly.offline import get_plotlyjs

_LIBRARY = "ganlab.plotly"
_CHART = "ganlab.chart"
_HTML = '<div class="ganlab-chart" role="img"></div>'


def load_library() -> None:
    """Hands plotly.js to the browser, once for all charts; drawn outside the polling fragment."""
    st.components.v2.component(_LIBRARY, js=_library())(key=_LIBRARY, height=1)


@functools.cache
def _library() -> str:
    # Run again when the page is left and reopened, it must not replace itself under the charts.
    return f"if (!window.Plotly) {{{get_plotlyjs()}}}\nexport default function () {{}}"


@functools.cache
def _script() -> str:
    return Path(__file__).with_name("chart.js").read_text()


def draw(figure: go.Figure, key: str) -> None:
    """The figure under its key, updated in place.

    Its layout's `meta` may name the charts that it is linked with ("link"), the axes' ranges with
    everything in them ("full"), and the chart in one line ("summary").
    """
    chart = st.components.v2.component(_CHART, html=_HTML, js=_script(), isolate_styles=False)
    chart(
        key=key,
        data=figure.to_json(validate=False).encode(),
        height=round(figure.layout.height or 400),
    )


def placeholder(key: str, height: int) -> None:
    """What stands where a chart will be, as high as it."""
    with st.container(key=f"{key}-to-come"):
        st.skeleton(height=height)
