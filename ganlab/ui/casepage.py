"""An open case: what is claimed, what really happens, what to watch, what cures it."""

from __future__ import annotations

import streamlit as st

from ganlab.casebook import CASES
from ganlab.casebook.case import Case, Expectation, Fix
from ganlab.causes import CAUSES
from ganlab.presets import TITLES
from ganlab.ui import casewords, entries, session


def draw(case: Case) -> None:
    """Everything but the runs."""
    title, back = st.columns([8, 1], vertical_alignment="center")
    badges = f"{casewords.outcome_badge(case)} {casewords.verdict_badge(case)}"
    title.markdown(f"### {case.title} :small[{badges}]")
    back.button(
        "All cases",
        key="close-case",
        type="tertiary",
        icon=":material/arrow_back:",
        on_click=session.open_case,
        args=("",),
    )
    blocks = st.columns(3)
    for column, block in zip(blocks, (_claim, _truth, _signature), strict=True):
        with column, st.container(border=True, height="stretch"):
            block(case)
    with st.expander("Cause, settings, cure and control", icon=":material/healing:"):
        left, right = st.columns(2, gap="medium")
        with left:
            _cause(case)
        with right:
            _fixes(case)
        with st.container(horizontal=True):
            _link(case.control, "The healthy control")
            _link(case.shown_by, "What the claim says is shown by")


def _claim(case: Case) -> None:
    st.markdown("**What is claimed**")
    st.markdown(case.claim)
    st.caption(f"*{case.document.title}* — {case.passage}")


def _truth(case: Case) -> None:
    st.markdown("**What really happens**")
    st.markdown(case.truth)
    lines = [f"Measured on {line}." for line in casewords.measured_lines(case)]
    missing = [f"Not on {casewords.dataset(data)}: {why}." for data, why in case.absent.items()]
    if case.share[0] < case.share[1]:
        missing.append(f"Chance decides: {case.share[0]} of {case.share[1]} seeds show it.")
    for line in (*lines, *missing):
        st.caption(line)


def _signature(case: Case) -> None:
    st.markdown("**Signature to watch**")
    st.markdown(case.watch)
    if case.expects:
        st.caption("What the verdict below waits for:")
        st.markdown("\n".join(f"- :small[{_expected(item)}]" for item in case.expects))
    else:
        st.caption("The verdict below waits for silence: no finding above notice.")
    if case.healthy:
        st.caption(f"Healthy: {case.healthy}")


def _expected(item: Expectation) -> str:
    words = f"{casewords.expected_words(item)}, {casewords.deadline_words(item)}"
    if symptom := casewords.awaited(item):
        words += f" :orange-badge[detector of {symptom} to come]"
    return words


def _link(slug: str, words: str) -> None:
    if case := CASES.get(slug):
        st.button(
            f"{words}: {case.title}",
            key=f"see-{slug}-{words}",
            type="tertiary",
            icon=":material/arrow_forward:",
            on_click=session.open_case,
            args=(slug,),
        )


def _cause(case: Case) -> None:
    st.markdown(
        f"**Cause:** {entries.link(case.cause, f'`{case.cause}`')} — {CAUSES[case.cause].doc}"
    )
    st.markdown(f"**Settings:** the preset `{case.preset}` ({TITLES[case.preset]}), and")
    st.markdown("\n".join(f"- :small[{line}]" for line in casewords.settings(case)))


def _fixes(case: Case) -> None:
    if not case.tried:
        st.markdown("**Cure:** none needed." if not case.fails else "**Cure:** none is known.")
    for fix in case.tried:
        _fix(case, fix)


def _fix(case: Case, fix: Fix) -> None:
    kind = "Cure" if fix is case.cure else "Further fix"
    badge = ":green-badge[cures]" if fix.helps else ":red-badge[no cure]"
    found = casewords.fix_measured(case, fix)
    st.markdown(
        f"**{kind}:** {fix.name} {badge}  \n`{casewords.fix_patch(fix)}`  \n"
        f"{fix.reason} :small[:gray[{fix.source}{'; ' if found else ''}{found}]]"
    )
