"""The handbook's parts, drawn from the definitions of detectors, causes and remedies."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from ganlab.causes import CAUSES
from ganlab.detectors import DETECTORS, Detector, Specimen
from ganlab.detectors.measured import Measured
from ganlab.finding import Finding, Remedy, patch_as_row
from ganlab.observation import FACTS, METRICS
from ganlab.remedies import catalogue
from ganlab.ui import charts, plot, scorewords
from ganlab.ui.charts import Mark, Panel, View
from ganlab.ui.definitions import Threshold, also_read, formula_of, thresholds_of
from ganlab.ui.streams import columns_of, fired
from ganlab.ui.timeline import evidence_words, patch_words, title

_NEAR_MISS = "near miss: "
_TERMS = {
    "probe": "A probe draws samples from private noise, usually every 50 steps.",
    "look": "A look is one row of measurements, usually every 10 steps.",
    "cross-entrop": "A cross-entropy takes D's output for a probability: the saturating and the "
    "non-saturating loss.",
    "better": "Better is a median of three probes that falls below the best so far by that share.",
    "warm-up": "The warm-up takes 200 steps or a quarter of an epoch, whichever is longer.",
}  # of the formulas, by the word
_BY_NAME = {detector.name: detector for detector in DETECTORS}


def choose() -> type[Detector]:
    """The detector that the reader wants explained."""
    chosen = st.selectbox("Detector", list(_BY_NAME), key="handbook-detector")
    return _BY_NAME[chosen]


def detector(kind: type[Detector], found: Measured | None) -> None:
    """What it sees, by which formula, how well, and the streams that specify it."""
    st.subheader(kind.name)
    st.markdown(kind.doc)
    symptoms = sorted({s.expects for s in kind.specimens() if s.expects})
    named = ", ".join(f"**{title(symptom)}**" for symptom in symptoms)
    st.markdown(f"It names {named}. :small[:gray[Source: {kind.source}]]")
    _formula(kind)
    score = found.detectors.get(kind.name) if found else None
    left, right = st.columns(2, gap="medium")
    with left:
        _thresholds(kind)
        _bullets("Measured", scorewords.detector_lines(score))
    with right:
        _bullets("Needs", [_need(name) for name in sorted(kind.needs)])
        _bullets("Reads where it is measured", [_need(name) for name in also_read(kind)])
        titles = [specimen.title for specimen in kind.specimens()]
        near = [text.removeprefix(_NEAR_MISS) for text in titles if text.startswith(_NEAR_MISS)]
        _bullets("Looks like it, and is not", near)
    _streams(kind)


def _bullets(heading: str, lines: Sequence[str]) -> None:
    if not lines:
        return
    st.markdown(f"**{heading}**")
    st.markdown("\n".join(f"- {line}" for line in lines))


def _formula(kind: type[Detector]) -> None:
    text = formula_of(kind)
    st.markdown("**It fires where**")
    st.code(text, language=None, wrap_lines=True)
    terms = [meaning for word, meaning in _TERMS.items() if word in text]
    if terms:
        st.caption(" ".join(terms))


def _thresholds(kind: type[Detector]) -> None:
    items = thresholds_of(kind)
    _bullets("Thresholds", [_threshold(item) for item in items])
    st.caption(
        "Try others on a stored run without training: "
        f"`python -m ganlab diagnose RUN --set {kind.__name__}.{items[0].name}=VALUE`"
    )


def _threshold(item: Threshold) -> str:
    meaning = f" — {item.meaning}" if item.meaning else ""
    return f"`{item.name} = {item.value:g}`{meaning}"


def _need(name: str) -> str:
    unit = (METRICS | FACTS).get(name)
    return f"`{name}`" + (f" — {unit.doc}" if unit else " (a fact of the run)")


def _streams(kind: type[Detector]) -> None:
    st.markdown("**The streams that specify it**")
    st.caption(
        "Made-up measurements that it is tested on: in the red ones it has to fire at that step "
        "(and to be over at the other), in the green ones it has to stay silent."
    )
    columns = st.columns(2, gap="medium")
    for place, specimen in enumerate(kind.specimens()):
        with columns[place % 2], st.container(border=True):
            _stream(kind, specimen, f"stream-{kind.__name__}-{place}")


def _stream(kind: type[Detector], specimen: Specimen, key: str) -> None:
    found = fired(kind, specimen.title)
    alarm = ("blue", "info") if kind.good_news else ("red", "error")
    colour, icon = alarm if found else ("green", "check")
    said = _said(found) if found else "silent"
    heading = f"{specimen.title[0].upper()}{specimen.title[1:]}"
    st.markdown(f":{colour}-badge[:material/{icon}: {said}] {heading}")
    columns = columns_of(kind, specimen)
    if columns:
        marks = [] if found is None else [Mark(found.step, found.severity.name.lower(), said)]
        panel = Panel("", columns, marks)
        plot.draw(charts.chart("", [panel], View(key, smoothing=0.0)), key)
    else:
        st.caption("Told from the settings and the data alone, before anything is measured.")
    if found:
        st.markdown(f":small[{evidence_words(found.as_row()['evidence'][0])}]")


def _said(found: Finding) -> str:
    over = "" if found.until is None else f", over at {found.until}"
    return f"{title(found.symptom)} at step {found.step}{over}"


def causes() -> None:
    """The vocabulary of causes, group by group."""
    st.markdown("A symptom is measured, a cause is named. A diagnosis gives one of these.")
    for group, members in groupby(CAUSES.values(), key=lambda cause: cause.group):
        st.markdown(f"**{group}**")
        st.markdown("\n".join(f"- `{cause.slug}` — {cause.doc}" for cause in members))


def remedies() -> None:
    """The catalogue of cures with what each changes, why, and who says so."""
    st.markdown(
        "A finding offers those that fit. :green-badge[:material/bolt: live] ones can be applied "
        "to the running GAN; the others change the networks themselves and need a "
        ":blue-badge[:material/fork_right: new run]."
    )
    columns = st.columns(2, gap="medium")
    for place, remedy in enumerate(all_remedies()):
        with columns[place % 2], st.container(border=True):
            how = ("green", "bolt", "live") if remedy.hot else ("blue", "fork_right", "new run")
            st.markdown(f"**{remedy.name}** :{how[0]}-badge[:material/{how[1]}: {how[2]}]")
            st.markdown(f"`{patch_words(patch_as_row(remedy.patch))}`  \n{remedy.rationale}")
            st.caption(f"Source: {remedy.source}")


def all_remedies() -> list[Remedy]:
    """Every remedy that the catalogue defines by name."""
    return [value for value in vars(catalogue).values() if isinstance(value, Remedy)]
