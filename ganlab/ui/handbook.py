"""The handbook's parts, drawn from the definitions of detectors, causes and remedies."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ganlab.causes import CAUSES
from ganlab.definitions import Kind, Threshold, also_read, formula_of, thresholds_of
from ganlab.detectors import DETECTORS, Detector, Specimen
from ganlab.detectors.measured import Measured
from ganlab.finding import Finding, Remedy, patch_as_row
from ganlab.knob import nearest
from ganlab.observation import FACTS, METRICS
from ganlab.remedies import catalogue
from ganlab.ui import address, charts, entries, pictures, plain, plot, scorewords, scroll
from ganlab.ui.charts import Mark, Panel, View
from ganlab.ui.entries import ENTRY
from ganlab.ui.glossary import TERMS
from ganlab.ui.shots import shots
from ganlab.ui.streams import columns_of, fired
from ganlab.ui.timeline import count, evidence_words, patch_words, title

T = TypeVar("T")
_NEAR_MISS = "near miss: "
_TERMS = {
    "probe": "probe",
    "look": "look",
    "cross-entrop": "cross-entropy",
    "warm-up": "warm-up",
    "codebook": "codebook",
    "two_sample": "two-sample-test",
    "drift": "drift",
    "diversity": "diversity",
    "auc": "auc",
    "logit": "logit",
    "d_fake": "d-g-z",
    "d_real": "d-x",
}  # slugs in the glossary, by the word of a formula
_BETTER = "Better is a median of three probes that falls below the best so far by that share."
_BY_NAME = {detector.name: detector for detector in DETECTORS}
_SHOWN = "handbook-shown"  # the entry that was scrolled to last
_CHOICE = "handbook-detector"


def entry() -> str:
    """The symptom, cause or term that the URL names; "" for none. Scrolls to it once."""
    address.follow(ENTRY, ENTRY)
    asked = address.chosen(ENTRY, ENTRY)
    if asked and not entries.tab_of(asked):
        known = (*entries.SYMPTOMS, *CAUSES, *TERMS)
        st.warning(f"The handbook has no entry {plain.named(asked)}.{nearest(asked, known)}")
        asked = ""
    address.write(ENTRY, ENTRY, asked)
    if asked and st.session_state.get(_SHOWN) != asked:
        scroll.ask(f"entry-{asked}")
    st.session_state[_SHOWN] = asked
    return asked


def choose(asked: str = "") -> type[Detector]:
    """The detector that the reader wants explained: that of the entry, until another is chosen."""
    if asked in entries.SYMPTOMS:
        st.session_state[_CHOICE] = entries.SYMPTOMS[asked].name
    chosen = st.selectbox("Detector", list(_BY_NAME), key=_CHOICE, on_change=_chosen)
    return _BY_NAME[chosen]


def _chosen() -> None:
    kind = _BY_NAME[st.session_state[_CHOICE]]
    address.choose(ENTRY, next((s for s, k in entries.SYMPTOMS.items() if k is kind), ""))


def detector(kind: type[Detector], found: Measured | None) -> None:
    """What it sees, by which formula, how well, and the streams that specify it."""
    symptoms = sorted(symptom for symptom, each in entries.SYMPTOMS.items() if each is kind)
    with contextlib.ExitStack() as places:
        for symptom in symptoms:  # an address each, all of them here
            places.enter_context(st.container(key=f"entry-{symptom}"))
        st.subheader(kind.name)
        st.markdown(kind.doc)
    named = ", ".join(f"**{title(symptom)}**" for symptom in symptoms)
    st.markdown(f"It names {named}. :small[:gray[Source: {kind.source}]]")
    _pictures(symptoms)
    formula(kind, "It fires where")
    score = found.detectors.get(kind.name) if found else None
    rest = scorewords.rest_line(kind.name, symptoms, found) if found else ""
    left, right = st.columns(2, gap="medium")
    with left:
        thresholds(kind)
        bullets("Measured", [*scorewords.detector_lines(score), *filter(None, [rest])])
    with right:
        bullets("Needs", [_need(name) for name in sorted(kind.needs)])
        bullets("Reads where it is measured", [_need(name) for name in also_read(kind)])
        titles = [specimen.title for specimen in kind.specimens()]
        near = [text.removeprefix(_NEAR_MISS) for text in titles if text.startswith(_NEAR_MISS)]
        bullets("Looks like it, and is not", near)
    _streams(kind)


def _pictures(symptoms: Sequence[str]) -> None:
    """What G made in a real run in which the symptom stood."""
    found = {symptom: shots()[symptom] for symptom in symptoms if symptom in shots()}
    if not found:
        return
    st.markdown("**What it looks like**")
    with st.container(horizontal=True, key="grid-shots"):
        for symptom, shot in found.items():
            with st.container(width=240):
                note = f"; {shot.note}" if shot.note else ""
                caption = f"{title(symptom)}: {shot.source}, step {count(shot.step)}{note}"
                st.image(pictures.data_uri(shot.png), width=224, alt=f"Samples under {caption}")
                st.caption(caption)
    st.caption("Samples of real runs with seed 0, on the embedded data. " + _POINTS)


_POINTS = "Points: blue are real, brown are generated."


def bullets(heading: str, lines: Sequence[str]) -> None:
    """A list under a heading, or nothing."""
    if not lines:
        return
    st.markdown(f"**{heading}**")
    st.markdown("\n".join(f"- {line}" for line in lines))


def formula(kind: Kind, heading: str) -> None:
    """By which formula, with its terms explained."""
    text = formula_of(kind)
    st.markdown(f"**{heading}**")
    st.code(text, language=None, wrap_lines=True)
    slugs = dict.fromkeys(slug for word, slug in _TERMS.items() if word in text)
    terms = [f"{entries.link(slug)}: {TERMS[slug].meaning}" for slug in slugs]
    better = [_BETTER] if "better" in text else []
    if terms or better:
        st.caption("  \n".join([*terms, *better]))


def thresholds(kind: Kind) -> None:
    """With their units, and how to try others."""
    items = thresholds_of(kind)
    if not items:
        return
    bullets("Thresholds", [_threshold(item) for item in items])
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
        "Made-up measurements that it is tested on: where a step is named it has to fire at it "
        "(and to be over at the other); in those called silent it has to stay so."
    )
    for place, (specimen, card) in enumerate(cards(kind.specimens())):
        with card:
            _stream(kind, specimen, f"stream-{kind.__name__}-{place}")


def cards(specimens: Iterable[T]) -> Iterator[tuple[T, DeltaGenerator]]:
    """Each with a framed place to draw it in, left and right by turns."""
    columns = st.columns(2, gap="medium")
    for specimen, column in zip(specimens, cycle(columns), strict=False):
        yield specimen, column.container(border=True)


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


def glossary(asked: str = "") -> None:
    """The words of the lab."""
    columns = st.columns(2, gap="medium")
    for place, term in enumerate(TERMS.values()):
        with columns[place % 2], st.container(key=f"entry-{term.slug}", border=term.slug == asked):
            st.markdown(f"**{term.title}**  \n{term.meaning}")


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
