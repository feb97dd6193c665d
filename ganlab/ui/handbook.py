"""The handbook's parts, drawn from the definitions of detectors, causes and remedies."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import groupby

import numpy as np
import streamlit as st

from ganlab import remedies as catalogue
from ganlab.causes import CAUSES
from ganlab.detectors import DETECTORS, Detector, Specimen
from ganlab.finding import Finding, Remedy, Severity, patch_as_row
from ganlab.observation import FACTS, METRICS
from ganlab.panel import DetectorPanel
from ganlab.ui import charts, plot
from ganlab.ui.charts import Column, Mark, View
from ganlab.ui.definitions import Threshold, thresholds_of
from ganlab.ui.timeline import evidence_words, patch_words, title

_CURVES = 2  # metrics drawn of a stream
_BY_NAME = {detector.name: detector for detector in DETECTORS}


def choose() -> type[Detector]:
    """The detector that the reader wants explained."""
    chosen = st.selectbox("Detector", list(_BY_NAME), key="handbook-detector")
    return _BY_NAME[chosen]


def detector(kind: type[Detector]) -> None:
    """What it sees, needs and compares with, its source, and the streams that specify it."""
    st.subheader(kind.name)
    st.markdown(kind.doc)
    symptoms = sorted({s.expects for s in kind.specimens() if s.expects})
    named = ", ".join(f"**{title(symptom)}**" for symptom in symptoms)
    st.markdown(f"It names {named}. :small[:gray[Source: {kind.source}]]")
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Thresholds**")
        st.markdown("\n".join(_threshold(item) for item in thresholds_of(kind)))
        st.caption(
            "Try others on a stored run without training: "
            f"`python -m ganlab diagnose RUN --set {kind.__name__}."
            f"{thresholds_of(kind)[0].name}=VALUE`"
        )
    with right:
        st.markdown("**Needs**")
        st.markdown("\n".join(_need(name) for name in sorted(kind.needs)) or "Any one of its own.")
    _streams(kind)


def _threshold(item: Threshold) -> str:
    meaning = f" — {item.meaning}" if item.meaning else ""
    return f"- `{item.name} = {item.value:g}`{meaning}"


def _need(name: str) -> str:
    unit = (METRICS | FACTS).get(name)
    return f"- `{name}`" + (f" — {unit.doc}" if unit else " (a fact of the run)")


def _streams(kind: type[Detector]) -> None:
    st.markdown("**The streams that specify it**")
    columns = st.columns(2, gap="medium")
    for place, specimen in enumerate(kind.specimens()):
        with columns[place % 2], st.container(border=True):
            _stream(kind, specimen, f"stream-{kind.__name__}-{place}")


def _stream(kind: type[Detector], specimen: Specimen, key: str) -> None:
    found = fired(kind, specimen.title)
    colour, icon = ("red", "error") if found else ("green", "check")
    said = f"{title(found.symptom)} at step {found.step}" if found else "silent"
    heading = f"{specimen.title[0].upper()}{specimen.title[1:]}"
    st.markdown(f":{colour}-badge[:material/{icon}: {said}] {heading}")
    columns = _columns(kind, specimen, found)
    if columns:
        marks = [] if found is None else [Mark(found.step, _loudness(found), said)]
        plot.draw(charts.curves(columns, View(key, smoothing=0.0), marks), key)
    if found:
        st.markdown(f":small[{evidence_words(found.as_row()['evidence'][0])}]")


def _loudness(found: Finding) -> str:
    return found.severity.name.lower()


@cache
def fired(kind: type[Detector], specimen_title: str) -> Finding | None:
    """The worst finding above notice that the detector opens on its specimen."""
    specimen = next(item for item in kind.specimens() if item.title == specimen_title)
    panel = DetectorPanel([kind()])
    events = [event for look in specimen.observations for event in panel.update(look)]
    loud = [event.finding for event in events
            if event.kind != "closed" and event.finding.severity > Severity.NOTICE]  # fmt: skip
    return max(loud, key=lambda finding: finding.severity, default=None)


def _columns(kind: type[Detector], specimen: Specimen, found: Finding | None) -> dict[str, Column]:
    """The metrics that the detector's findings speak of, as far as this stream has them."""
    proofs = found.evidence if found else _usual_evidence(kind)
    spoken = [item if isinstance(item, str) else item.metric for item in proofs]
    measured = {name for look in specimen.observations for name in look.metrics}
    names = [name for name in METRICS if name in measured and any(name in w for w in spoken)]
    names = names or [name for name in METRICS if name in measured & kind.needs]
    return {name: _column(specimen, name) for name in names[:_CURVES]}


def _usual_evidence(kind: type[Detector]) -> list[str]:
    """The metrics of all its findings, the most frequent first."""
    found = [fired(kind, specimen.title) for specimen in kind.specimens()]
    names = Counter(item.metric for finding in found if finding for item in finding.evidence)
    return [name for name, _ in names.most_common()]


def _column(specimen: Specimen, name: str) -> Column:
    looks = [look for look in specimen.observations if name in look.metrics]
    steps = np.array([look.step for look in looks], dtype=np.float64)
    values = np.array([look.metrics[name] for look in looks])  # type: ignore[literal-required]
    return steps, steps, values.astype(np.float64)


def causes() -> None:
    """The vocabulary of causes, group by group."""
    st.markdown("A symptom is measured, a cause is named. A diagnosis gives one of these.")
    for group, members in groupby(CAUSES.values(), key=lambda cause: cause.group):
        st.markdown(f"**{group}**")
        st.markdown("\n".join(f"- `{cause.slug}` — {cause.doc}" for cause in members))


def remedies() -> None:
    """The catalogue of cures with what each changes, why, and who says so."""
    for remedy in all_remedies():
        with st.container(border=True):
            how = ("green", "bolt", "live") if remedy.hot else ("blue", "fork_right", "new run")
            st.markdown(f"**{remedy.name}** :{how[0]}-badge[:material/{how[1]}: {how[2]}]")
            st.markdown(f"`{patch_words(patch_as_row(remedy.patch))}`  \n{remedy.rationale}")
            st.caption(f"Source: {remedy.source}")


def all_remedies() -> list[Remedy]:
    """Every remedy that the catalogue defines by name."""
    return [value for value in vars(catalogue).values() if isinstance(value, Remedy)]
