"""Draws Plotly figures that keep their DOM node, zoom and legend. Knows no metric.

Streamlit's own Plotly element mounts a new chart at each change of its data (and shows the first
data for ever when only its key is made its identity), so figures go through a component that calls
`Plotly.react`.
"""

from __future__ import annotations

import functools

import plotly.graph_objects as go
import streamlit as st
from plotly.offline import get_plotlyjs

_LIBRARY = "ganlab.plotly"
_CHART = "ganlab.chart"
_CHART_JS = """
const library = () => window.Plotly
  ? Promise.resolve()
  : new Promise(done => {
      const poll = setInterval(() => { if (window.Plotly) { clearInterval(poll); done(); } }, 30);
    });

function themed(box, layout) {
  const style = getComputedStyle(box);
  const tone = name => style.getPropertyValue("--st-" + name).trim();
  const lines = { gridcolor: tone("border-color"), zerolinecolor: tone("border-color") };
  const result = { ...layout, autosize: true, height: box.clientHeight,
    paper_bgcolor: "transparent", plot_bgcolor: "transparent",
    font: { color: tone("text-color"), family: tone("font"), size: 12 } };
  for (const axis of Object.keys(layout).filter(key => /^[xy]axis/.test(key)))
    result[axis] = { ...lines, ...layout[axis] };
  return result;
}

function redraw(box) {
  // Nothing new, nobody looks, or the reader is just dragging a zoom box.
  const drawn = box.text + getComputedStyle(box).color;
  if (drawn === box.drawn || !box.seen || box._dragging || !box.isConnected) return;
  box.drawn = drawn;
  const figure = JSON.parse(box.text);
  box.style.height = figure.layout.height + "px";
  Plotly.react(box, figure.data, themed(box, figure.layout),
    { displayModeBar: false, doubleClick: "reset" });
}

function watch(box, parentElement) {
  if (box.watched) return;
  box.watched = true;
  new ResizeObserver(() => box.drawn && box.isConnected && Plotly.Plots.resize(box))
    .observe(parentElement);
  new IntersectionObserver(entries => {
    box.seen = entries.at(-1).isIntersecting;
    redraw(box);
  }).observe(box);
}

export default function ({ parentElement, data }) {
  const box = parentElement.querySelector(".ganlab-chart");
  box.text = new TextDecoder().decode(data);
  library().then(() => {
    watch(box, parentElement);
    redraw(box);
  });
}
"""


def load_library() -> None:
    """Hands plotly.js to the browser, once for all charts; drawn outside the polling fragment."""
    st.components.v2.component(_LIBRARY, js=_library())(key=_LIBRARY, height=1)


@functools.cache
def _library() -> str:
    # Run again when the page is left and reopened, it must not replace itself under the charts.
    return f"if (!window.Plotly) {{{get_plotlyjs()}}}\nexport default function () {{}}"


def draw(figure: go.Figure, key: str) -> None:
    """The figure under its key, updated in place."""
    chart = st.components.v2.component(
        _CHART, html='<div class="ganlab-chart"></div>', js=_CHART_JS, isolate_styles=False
    )
    chart(
        key=key,
        data=figure.to_json(validate=False).encode(),
        height=round(figure.layout.height or 400),
    )
