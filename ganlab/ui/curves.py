"""A run's curves, or two runs' side by side: which metrics share a chart. Draws no line itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ganlab.curvegroups import DIVERSITY, GRADIENTS, LOSSES, OUTPUTS, SCORES, Group, label
from ganlab.observation import METRICS
from ganlab.runs.history import RunHistory
from ganlab.ui import charts, meters, plot, session, timeline
from ganlab.ui.charts import Panel, View

_FEWEST = 2  # points that make a curve


def groups_of(lasts: Sequence[Mapping[str, float]]) -> list[Group]:
    """The charts of runs whose latest values are given."""
    pairs = {meters.outputs(last) for last in lasts if last}
    penalty = ("penalty",) if any(last.get("penalty") for last in lasts) else ()
    return [
        replace(LOSSES, metrics=(*LOSSES.metrics, *penalty)),
        OUTPUTS if pairs == {OUTPUTS.metrics} else SCORES,
        GRADIENTS,
    ]


def ordered(groups: Iterable[Group], first: Sequence[str]) -> list[Group]:
    """The groups with the metrics `first` in front; those in none get charts of their own."""
    rest = list(groups)
    found: list[Group] = []
    grouped = {metric: group for group in rest for metric in group.metrics}
    for metric in first:
        group = grouped.get(metric) or _own(metric, [name for name in first if name not in grouped])
        if group not in found:
            found.append(group)
    return found + [group for group in rest if group not in found]


def _own(metric: str, others: Sequence[str]) -> Group:
    """A chart of the metric and of all others in its unit."""
    alike = tuple(name for name in others if METRICS[name].name == METRICS[metric].name)
    names = ", ".join(map(label, alike))
    return Group(f"signature-{alike[0]}", names[0].upper() + names[1:], alike)


def draw(view: View, history: RunHistory) -> None:
    """Losses, D's outputs and gradients, with what happened on their time axis."""
    waiting = history.rows() < _FEWEST and session.lab().info(view.run).status.live
    _draw(groups_of([history.last()]), [("", history)], view, live=waiting)


def beside(
    sides: Sequence[tuple[str, RunHistory]],
    view: View,
    *,
    live: bool,
    twin_to_come: bool,
    first: Sequence[str] = (),
) -> None:
    """The titled runs' curves on common axes, with room for the twin that is still to come.

    The metrics `first` are drawn on top.
    """
    groups = [*groups_of([history.last() for _, history in sides]), DIVERSITY]
    _draw(ordered(groups, first), sides, view, live=live, twin_to_come=twin_to_come)


def _draw(
    groups: Sequence[Group],
    sides: Sequence[tuple[str, RunHistory]],
    view: View,
    *,
    live: bool,
    twin_to_come: bool = False,
) -> None:
    """A chart has its place from the start; what an ended run never measured has none."""
    drawn = [(group, _panels(group, sides)) for group in groups]
    span = charts.x_span([panel for _, panels in drawn for panel in panels], view)
    for group, panels in drawn:
        most = max(len(column.steps) for panel in panels for column in panel.columns.values())
        if most < _FEWEST:
            if live:
                plot.placeholder(group.key, charts.HEIGHT)
            continue
        if twin_to_come:
            panels.append(Panel("", dict.fromkeys(group.metrics, charts.NOTHING)))
        log = group.over_decades or (view.log and group.key == "losses")
        scaled = replace(view, log=log)
        plot.draw(charts.chart(group.title, panels, scaled, span=span), group.key)


def _panels(group: Group, sides: Sequence[tuple[str, RunHistory]]) -> list[Panel]:
    return [
        Panel(
            title,
            {metric: history.curve(metric) for metric in group.metrics},
            timeline.marks(history.patches(), history.findings()),
        )
        for title, history in sides
    ]
