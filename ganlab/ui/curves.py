"""A run's curves, or two runs' side by side: which metrics share a chart. Draws no line itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ganlab.runs.history import RunHistory
from ganlab.ui import charts, meters, plot, timeline
from ganlab.ui.charts import Panel, View

_SCORES = ("logit_real", "logit_fake")
_NOTHING = (np.empty(0), np.empty(0), np.empty(0))


def draw(view: View, history: RunHistory) -> None:
    """Losses, D's outputs and gradients, with what happened on their time axis."""
    last = history.last()
    groups: Mapping[str, tuple[str, ...]] = {
        "losses": ("d_loss", "g_loss", *(("penalty",) if last.get("penalty") else ())),
        "outputs": meters.outputs(last),
        "gradients": ("grad_norm_d", "grad_norm_g"),
    }
    for name, metrics in groups.items():
        _chart(name, [_panel("", history, metrics)], view)


def beside(sides: Sequence[tuple[str, RunHistory]], view: View, *, twin_to_come: bool) -> None:
    """The titled runs' curves on common axes, with room for the twin that is still to come."""
    lasts = [history.last() for _, history in sides]
    outputs = {meters.outputs(last) for last in lasts if last}
    penalty = ("penalty",) if any(last.get("penalty") for last in lasts) else ()
    groups: dict[str, tuple[str, ...]] = {
        "losses": ("d_loss", "g_loss", *penalty),
        "outputs": outputs.pop() if len(outputs) == 1 else _SCORES,
        "gradients": ("grad_norm_d", "grad_norm_g"),
        "diversity": ("diversity",),
    }
    for name, metrics in groups.items():
        panels = [_panel(title, history, metrics) for title, history in sides]
        if twin_to_come:
            panels.append(Panel("", dict.fromkeys(metrics, _NOTHING)))
        _chart(name, panels, view)


def _panel(title: str, history: RunHistory, metrics: tuple[str, ...]) -> Panel:
    columns = {metric: history.column(metric) for metric in metrics}
    return Panel(title, columns, timeline.marks(history.patches(), history.findings()))


def _chart(name: str, panels: list[Panel], view: View) -> None:
    # Probabilities keep their whole range; gradient norms spread over decades.
    axis = {"range": [-0.02, 1.02]} if "d_real" in panels[0].columns else {}
    scaled = replace(view, log=name == "gradients" or (view.log and name == "losses"))
    figure = (
        charts.beside(panels, scaled, **axis)
        if len(panels) == 2
        else charts.curves(panels[0].columns, scaled, panels[0].marks, **axis)
    )
    plot.draw(figure, name)
