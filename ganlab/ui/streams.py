"""A detector's own streams: where it fires on each, and which of its metrics show why. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np

from ganlab.definitions import also_read
from ganlab.detectors import Detector, Specimen
from ganlab.finding import Finding, Severity
from ganlab.observation import METRICS
from ganlab.panel import DetectorPanel
from ganlab.ui.charts import Column

_CURVES = 2  # metrics drawn of a stream


@cache
def fired(kind: type[Detector], specimen_title: str) -> Finding | None:
    """The worst finding that the detector opens on its specimen; notices count as good news only.

    Its `until` is the step at which the symptom has closed for good.
    """
    specimen = next(item for item in kind.specimens() if item.title == specimen_title)
    panel = DetectorPanel([kind()])
    events = [event for look in specimen.observations for event in panel.update(look)]
    least = Severity.NOTICE if kind.good_news else Severity.WARNING
    worst: Finding | None = None
    over: int | None = None
    for event in events:
        if event.kind == "closed" or event.finding.severity < least:
            over = over or event.finding.step
        else:
            over = None
            worst = max(worst or event.finding, event.finding, key=lambda each: each.severity)
    return worst and replace(worst, until=over)


def columns_of(kind: type[Detector], specimen: Specimen) -> dict[str, Column]:
    """What proves the finding, and what sets the stream apart from the detector's calm one."""
    measured = {name for look in specimen.observations for name in look.metrics}
    drawn = [name for name in _telling(kind, specimen) if name in measured]
    return {name: _column(specimen, name) for name in drawn[:_CURVES]}


def _telling(kind: type[Detector], specimen: Specimen) -> list[str]:
    """The metrics to show of a stream, the most telling first."""
    found = fired(kind, specimen.title)
    spoken = [item.metric for item in found.evidence] if found else _usual_evidence(kind)
    told = [name for name in METRICS if any(name in words for words in spoken)]
    read = [name for name in METRICS if name in {*kind.needs, *also_read(kind)}]
    calm = kind.specimens()[0]
    apart = [name for name in [*told, *read] if _differ(specimen, calm, name)]
    return list(dict.fromkeys([*told, *apart] if found else [*apart, *told, *read]))


def _usual_evidence(kind: type[Detector]) -> list[str]:
    """The metrics of all its findings, the most frequent first."""
    found = [fired(kind, specimen.title) for specimen in kind.specimens()]
    names = Counter(item.metric for finding in found if finding for item in finding.evidence)
    return [name for name, _ in names.most_common()]


def _differ(one: Specimen, other: Specimen, name: str) -> bool:
    return not np.array_equal(_column(one, name)[2], _column(other, name)[2])


def _column(specimen: Specimen, name: str) -> Column:
    looks = [look for look in specimen.observations if name in look.metrics]
    steps = np.array([look.step for look in looks], dtype=np.float64)
    values = np.array([look.metrics[name] for look in looks])  # type: ignore[literal-required]
    return Column(steps, steps, values.astype(np.float64))
