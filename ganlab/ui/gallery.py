"""The casebook's list: every case in one line, by document or by cause. Starts nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import streamlit as st

from ganlab.casebook import CASES
from ganlab.casebook.case import Case
from ganlab.casebook.documents import DOCUMENTS
from ganlab.causes import CAUSES
from ganlab.knob import nearest
from ganlab.ui import address, casewords, entries, plain, session

BY_DOCUMENT, BY_CAUSE = "by document", "by cause"


def choose() -> Case | None:
    """The case named in the URL or opened here; None for the list."""
    address.follow(session.CASE, session.CASE)
    slug = session.opened_case()
    if slug and slug not in CASES:
        st.warning(
            f"The casebook has no case {plain.named(slug)}.{nearest(slug, tuple(CASES))} "
            "Open one of the cases below."
        )
        session.open_case(slug := "")
    address.write(session.CASE, session.CASE, slug)
    return CASES.get(slug)


def draw() -> None:
    """The whole list, or what the filter leaves of it."""
    st.title("Casebook")
    st.markdown(
        "Failures (and successes) that documents on GANs describe, each re-created and measured. "
        "Open one to read what is claimed and what really happens; then **reproduce** it live, "
        "with its **cure** beside it."
    )
    order, text = _controls()
    cases = [case for case in CASES.values() if casewords.found_by(case, text)]
    st.caption(
        f"{len(cases)} of {len(CASES)} cases · {casewords.FAILS} goes wrong · "
        f"{casewords.TRAINS} trains · {casewords.QUICK} quick: shows it within a minute · "
        "the coloured badge: what we found of the document's claim"
    )
    if not cases:
        st.info(f"No case speaks of “{plain.text(text)}”. Clear the filter to see them all.")
    (_by_cause if order == BY_CAUSE else _by_document)(cases)


def _controls() -> tuple[str, str]:
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    with left:
        order = st.segmented_control(
            "Order",
            [BY_DOCUMENT, BY_CAUSE],
            default=BY_DOCUMENT,
            required=True,
            key="case-order",
            label_visibility="collapsed",
            persist_state="session",
        )
    with right:
        text = st.text_input(
            "Filter",
            key="case-filter",
            placeholder="filter: words of title, claim, cause or symptom",
            label_visibility="collapsed",
            icon=":material/search:",
            live=True,
            persist_state="session",
        )
    return order or BY_DOCUMENT, text or ""


def _by_document(cases: list[Case]) -> None:
    for document in DOCUMENTS:
        if own := [case for case in cases if case.document == document]:
            with _section(document.title, own):
                st.caption(document.about)
                _rows(own, lambda case: case.cause)


def _by_cause(cases: list[Case]) -> None:
    groups = list(dict.fromkeys(cause.group for cause in CAUSES.values()))
    for group in sorted(groups, key=lambda group: group == CAUSES["healthy"].group):
        if own := [case for case in cases if CAUSES[case.cause].group == group]:
            with _section(group, own):
                _causes(own)


def _causes(cases: list[Case]) -> None:
    for cause in CAUSES.values():
        if own := [case for case in cases if case.cause == cause.slug]:
            st.markdown(f"{entries.link(cause.slug, f'`{cause.slug}`')} :small[:gray[{cause.doc}]]")
            _rows(own, lambda case: f"document: {case.document.key}")


def _section(title: str, cases: list[Case]) -> AbstractContextManager[object]:
    return st.expander(f"**{title}** :gray[{len(cases)}]", expanded=True)


def _rows(cases: list[Case], about: Callable[[Case], str]) -> None:
    with st.container(gap="xsmall", key=f"cases-{cases[0].slug}"):
        for case in cases:
            _row(case, about(case))


def _row(case: Case, about: str) -> None:
    title, badges, found = st.columns([11, 5, 8], vertical_alignment="center")
    title.button(
        case.title,
        key=f"open-{case.slug}",
        type="tertiary",
        icon=casewords.FAILS if case.fails else casewords.TRAINS,
        help=f"Claim: {case.claim}",
        on_click=session.open_case,
        args=(case.slug,),
    )
    badges.markdown(f"{casewords.outcome_badge(case)} {casewords.verdict_badge(case)}")
    quick = f"{casewords.QUICK} quick · " if case.quick else ""
    words = " · ".join([about, *casewords.measured_lines(case)[:1]])
    found.markdown(f":small[:gray[{quick}{words}]]")
