"""The one diagnosis of a run: its likeliest cause with what speaks for and against it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ganlab.causes import CAUSES
from ganlab.diagnosis import Suspect, diagnose, last_episode
from ganlab.finding import Severity
from ganlab.runs.history import RunHistory
from ganlab.runs.record import RunInfo
from ganlab.ui.timeline import title

_SURE, _LIKELY = 0.75, 0.5  # confidence from which a cause is called so


def suspects(info: RunInfo, history: RunHistory) -> tuple[Suspect, ...]:
    """The causes of what stands now; none once everything above notice has closed."""
    findings, going_on = last_episode(history.findings())
    if not going_on:
        findings = tuple(finding for finding in findings if finding.severity <= Severity.NOTICE)
    facts = history.facts()
    return diagnose(findings, facts, history.last(), info.error)  # type: ignore[arg-type]


def draw(found: Sequence[Suspect]) -> None:
    """The likeliest cause as a card, the others folded away; nothing without a suspect."""
    if not found:
        return
    first, *others = found
    with st.container(border=True, key="diagnosis"):
        st.markdown(f":violet-badge[:material/stethoscope: diagnosis] {_head(first)}")
        st.markdown(f"{_doc(first)}\n\n{_reasons(first)}")
        if others:
            with st.expander(f"{len(others)} less likely"):
                for suspect in others:
                    st.markdown(f"{_head(suspect)}: {_doc(suspect)}\n\n{_reasons(suspect)}")


def line(found: Sequence[Suspect]) -> None:
    """The likeliest cause in one line."""
    if found:
        st.markdown(f":violet-badge[:material/stethoscope:] {_head(found[0])}")


def _head(suspect: Suspect) -> str:
    return f"**{title(suspect.cause)}** :small[:gray[{_certainty(suspect.confidence)}]]"


def _certainty(confidence: float) -> str:
    word = "sure" if confidence >= _SURE else "likely" if confidence >= _LIKELY else "possible"
    return f"{word}, {confidence:.0%}"


def _doc(suspect: Suspect) -> str:
    doc = CAUSES[suspect.cause].doc
    return f"{doc[0].upper()}{doc[1:]}."


def _reasons(suspect: Suspect) -> str:
    rows = [
        *(f"- :green[:material/add:] {text}" for text in suspect.evidence),
        *(f"- :orange[:material/remove:] {text}" for text in suspect.against),
        f"- :gray[:material/search:] {suspect.checked}",
    ]
    return "\n".join(f"{row}" for row in rows)
