"""The one diagnosis of a run: how it stands, what is likeliest to blame, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import streamlit as st

from ganlab.causes import CAUSES
from ganlab.config import Patch
from ganlab.diagnosis import Assessment, Change, State, Suspect, assess, cures, fitting
from ganlab.finding import Remedy, finding_of_row
from ganlab.observation import Facts
from ganlab.runs.history import RunHistory
from ganlab.runs.record import RunInfo
from ganlab.ui import cards, entries, plain, session, undo
from ganlab.ui.cards import Cure
from ganlab.ui.looks import look
from ganlab.ui.timeline import Row, open_findings

_SURE, _LIKELY = 0.75, 0.5  # confidence from which a cause is called so
_PROOFS = 3  # sentences of evidence shown at once
_OFFERS = 3  # remedies shown at once
_LOOK = {
    State.UNSEEN: ("gray", ":material/visibility:"),
    State.HEALTHY: ("green", ":material/check_circle:"),
    State.RECOVERING: ("blue", ":material/healing:"),
    State.WRONG: ("orange", ":material/warning:"),
    State.FAILED: ("red", ":material/error:"),
}


def assessment(info: RunInfo, history: RunHistory) -> Assessment:
    """How the run stands now, by all that is logged of it."""
    return assess(
        history.findings(),
        _facts(history),
        history.last(),
        info.error,
        undo.changes(info.id),
        history.last().get("step"),  # type: ignore[arg-type]
    )


def banner(info: RunInfo, history: RunHistory, said: Assessment, cure: Cure) -> None:
    """The state, the first suspect with its evidence, and the buttons: undo first, then cures."""
    rows = open_findings(history.findings())
    with st.container(border=True, key="diagnosis", gap="xsmall"):
        if said.state is State.FAILED:
            st.error(plain.text(info.error), icon=_LOOK[State.FAILED][1])
        else:
            st.markdown(f"{badge(said, rows)} {plain.text(said.reason)}")
        if said.suspects:
            first = said.suspects[0]
            st.markdown("  \n".join([_head(first), *_proofs(first)]))
        with st.container(horizontal=True, gap="xsmall"):
            _buttons(info, history, said, cure)


def details(info: RunInfo, history: RunHistory, said: Assessment, cure: Cure) -> None:
    """Folded away: all reasons of all suspects, and the open findings with their numbers."""
    with st.expander("All evidence, other suspects and findings", key="details"):
        for suspect in said.suspects:
            st.markdown(f"{_head(suspect)}: {_doc(suspect)}\n\n{_reasons(suspect)}")
        cards.findings(
            open_findings(history.findings()),
            history.patches(),
            live=info.status.live,
            cure=cure,
            offered=lambda found: fitting(
                found.remedies, said.suspects, _facts(history), info.config
            ),
        )


def line(said: Assessment, rows: Sequence[Row]) -> None:
    """The state, and the likeliest cause, in two lines; `rows` are the open findings."""
    st.markdown(f"{badge(said, rows)} :small[{plain.text(said.reason)}]")
    if said.suspects:
        st.markdown(f":violet-badge[:material/stethoscope:] {_head(said.suspects[0])}")


def badge(said: Assessment, rows: Sequence[Row]) -> str:
    """The state as coloured Markdown, with the gravest of the open findings in word and shape."""
    if said.state is State.WRONG and rows:
        worst = rows[0]["severity"]
        shown = look(worst)
        return f":{shown.colour}-badge[{shown.icon} {said.state}: {plain.text(worst)}]"
    colour, icon = _LOOK[said.state]
    return f":{colour}-badge[{icon} {said.state}]"


def _buttons(info: RunInfo, history: RunHistory, said: Assessment, cure: Cure) -> None:
    """The undo of the likeliest suspect first; of a less likely one after the remedies."""
    blamed = [each.change for each in said.suspects if each.change and each.change.undone is None]
    first = bool(blamed) and said.suspects[0].change is blamed[0]
    if first:
        _undo(info, blamed[0], first)
    rows = open_findings(history.findings())
    since = min((row["step"] for row in rows), default=0)
    # Of a live run they have a button of their own; an ended one is begun anew without the change.
    undone = [change.undo for change in blamed if info.status.live]
    for known in _offers(info, history, said, undone):
        cards.remedy(known, since, history.patches(), live=info.status.live, cure=cure)
    if blamed and not first:
        _undo(info, blamed[0], first)


def _offers(
    info: RunInfo, history: RunHistory, said: Assessment, besides: Sequence[Patch]
) -> list[Remedy]:
    found = [finding_of_row(row) for row in open_findings(history.findings())]
    offers = cures(said.suspects, found, _facts(history), info.config)
    return [each for each in offers if each.patch not in besides][:_OFFERS]


def _undo(info: RunInfo, change: Change, first: bool) -> None:
    if info.status.live:
        st.button(
            f"Undo: {plain.text(undo.words(change))}",
            key=f"undo-blamed-{info.id}--{change.step}",
            type="primary" if first else "secondary",
            icon=":material/undo:",
            on_click=session.act,
            args=(info.id, undo.take_back, info.id, change),
        )


def _facts(history: RunHistory) -> Facts:
    return cast(Facts, history.facts())


def _head(suspect: Suspect) -> str:
    return f"**{entries.link(suspect.cause)}** :small[:gray[{_certainty(suspect.confidence)}]]"


def _proofs(suspect: Suspect) -> list[str]:
    return [f":small[:material/add: {plain.text(text)}]" for text in suspect.evidence[:_PROOFS]]


def _certainty(confidence: float) -> str:
    word = "sure" if confidence >= _SURE else "likely" if confidence >= _LIKELY else "possible"
    return f"{word}, {confidence:.0%}"


def _doc(suspect: Suspect) -> str:
    doc = CAUSES[suspect.cause].doc
    return f"{doc[0].upper()}{doc[1:]}."


def _reasons(suspect: Suspect) -> str:
    rows = [
        *(f"- :green[:material/add:] {plain.text(text)}" for text in suspect.evidence),
        *(f"- :orange[:material/remove:] {plain.text(text)}" for text in suspect.against),
        f"- :gray[:material/search:] {plain.text(suspect.checked)}",
    ]
    return "\n".join(rows)
