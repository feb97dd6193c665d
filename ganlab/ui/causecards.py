"""The handbook's causes: one explained from its own definition, and the list of them all."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from ganlab.casebook import CASES
from ganlab.causes import CAUSES, Name
from ganlab.causes.base import Cause
from ganlab.causes.roster import BY_SLUG
from ganlab.causes.specimen import Specimen
from ganlab.causes.suspect import Suspect
from ganlab.remedies import Situation
from ganlab.ui import address, entries, handbook, plain
from ganlab.ui.entries import ENTRY
from ganlab.ui.timeline import title

_CHOICE = "handbook-cause"
_ORDER = sorted(CAUSES, key=lambda slug: slug not in BY_SLUG)  # those without a class last
_HARMS = {
    "certain": "harms for certain",
    "likely": "harms unless the samples are good",
    "unclear": "a note unless the samples are bad",
    "none": "a note at most",
}


def draw(asked: str = "") -> None:
    """The cause that the reader wants explained, then all of them."""
    st.markdown("A symptom is measured, a cause is named. A diagnosis gives one of these.")
    slug = _choose(asked)
    name, kind = CAUSES[slug], BY_SLUG.get(slug)
    with st.container(key=f"entry-{slug}"):
        st.subheader(title(slug))
        st.markdown(f"{name.doc[0].upper()}{name.doc[1:]}.{_cases(slug)}")
    source = f" :small[:gray[Source: {plain.text(kind.source)}]]" if kind else ""
    st.markdown(f"It is named `{slug}`, of the group **{name.group}**.{source}")
    if kind:
        _explain(kind)
    _list()


def _choose(asked: str) -> str:
    """That of the entry, until another is chosen."""
    if asked in CAUSES:
        st.session_state[_CHOICE] = asked
    return st.selectbox("Cause", _ORDER, key=_CHOICE, on_change=_chosen)


def _chosen() -> None:
    address.choose(ENTRY, st.session_state[_CHOICE])


def _explain(kind: type[Cause]) -> None:
    """When it is named, by which thresholds, what cures it, and the histories that specify it."""
    handbook.formula(kind, "It is named where")
    left, right = st.columns(2, gap="medium")
    with left:
        handbook.thresholds(kind)
        _about(kind)
    with right:
        handbook.bullets("Change in a script", [plain.text(fix) for fix in script_fixes(kind)])
        handbook.bullets("Remedies of the lab", lab_cures(kind))
    _specimens(kind)


def _about(kind: type[Cause]) -> None:
    words = " ".join((kind.__doc__ or "").split())
    st.markdown(f"**Why**  \n{plain.text(words)}")


def script_fixes(kind: type[Cause]) -> list[str]:
    """What it says to write instead, in its own specimens."""
    found = (said(kind, specimen) for specimen in kind.specimens())
    return list(dict.fromkeys(each.fix for each in found if each and each.fix))


def lab_cures(kind: type[Cause]) -> list[str]:
    """The remedies that answer it in its specimens of the lab, with their reasons."""
    histories = [each.history for each in kind.specimens() if each.history.build is None]
    situations = [Situation(each.facts, None, frozenset(each.loud)) for each in histories]
    cures = [cure for each in situations for cure in kind.cures(each)]
    return list(dict.fromkeys(f"{cure.name} — {cure.rationale}" for cure in cures))


def _specimens(kind: type[Cause]) -> None:
    st.markdown("**The histories that specify it**")
    st.caption(
        "Made-up runs of the lab and of scripts that it is tested on: it has to name those with a "
        "confidence, and to stay silent on the others."
    )
    for specimen, card in handbook.cards(kind.specimens()):
        with card:
            _specimen(said(kind, specimen), specimen)


def _specimen(found: Suspect | None, specimen: Specimen) -> None:
    script = specimen.history.build is not None
    sensor = "a script" if script and not specimen.title.startswith("a script") else ""
    heading = f"{specimen.title[0].upper()}{specimen.title[1:]}"
    about = f" :small[:gray[{sensor}]]" if sensor else ""
    if found is None:
        st.markdown(f":green-badge[:material/check: silent] {plain.text(heading)}{about}")
        return
    harm = f", {_HARMS[found.harm]}" if script else ""
    badge = f":red-badge[:material/error: {found.confidence:.0%} sure{harm}]"
    st.markdown(f"{badge} {plain.text(heading)}{about}")
    lines = [*found.evidence, *(f"Against it: {each}" for each in found.against)]
    st.markdown("\n".join(f"- :small[{plain.text(each)}]" for each in lines))
    st.caption(f"Checked: {plain.text(found.checked)}")


def said(kind: type[Cause], specimen: Specimen) -> Suspect | None:
    """What the cause says of one of its specimens."""
    return kind().explain(specimen.history)


def _list() -> None:
    """The vocabulary, group by group, each with the cases that show it."""
    st.divider()
    for group, members in groupby(CAUSES.values(), key=lambda name: name.group):
        st.markdown(f"**{group}**\n" + "\n".join(f"- {_line(name)}" for name in members))


def _line(name: Name) -> str:
    return f"{entries.link(name.slug, f'`{name.slug}`')} — {name.doc}{_cases(name.slug)}"


def _cases(cause: str) -> str:
    slugs = [case.slug for case in CASES.values() if case.cause == cause and case.fails]
    if not slugs:
        return ""
    links = ", ".join(f"[{slug}](casebook?case={slug})" for slug in slugs)
    return f" :small[:gray[In the casebook:]] :small[{links}]"
