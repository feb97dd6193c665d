"""Addresses inside the handbook: one for each symptom, cause and term. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from ganlab.causes import CAUSES
from ganlab.detectors import DETECTORS, Detector
from ganlab.finding import Symptom
from ganlab.ui import plain
from ganlab.ui.glossary import TERMS
from ganlab.ui.timeline import title

ENTRY = "entry"  # the entry that the handbook shows, in the state and in the URL
PAGE = "handbook"
TABS = DETECTORS_TAB, CAUSES_TAB, REMEDIES_TAB, GLOSSARY_TAB = (
    "Detectors", "Causes", "Remedies", "Glossary",
)  # fmt: skip


def _symptoms() -> dict[str, type[Detector]]:
    """The detector of each symptom: the first whose streams expect it, else that declares it."""
    found: dict[str, type[Detector]] = {}
    for kind in DETECTORS:
        for specimen in kind.specimens():
            if specimen.expects:
                found.setdefault(specimen.expects.value, kind)
    for symptom, kind in _SAID_BESIDE.items():
        found.setdefault(symptom.value, kind)
    return found


_KINDS = {kind.__name__: kind for kind in DETECTORS}
_SAID_BESIDE = {
    Symptom.EQUILIBRIUM: _KINDS["Equilibrium"],
    Symptom.NOT_YET_DIVERSE: _KINDS["TotalCollapse"],
}
SYMPTOMS: Mapping[str, type[Detector]] = _symptoms()


def tab_of(entry: str) -> str:
    """The part of the handbook that holds the entry; "" for none."""
    holders = ((SYMPTOMS, DETECTORS_TAB), (CAUSES, CAUSES_TAB), (TERMS, GLOSSARY_TAB))
    return next((tab for names, tab in holders if entry in names), "")


def link(entry: str, words: str = "") -> str:
    """Markdown that leads to the entry, or names it where there is none; so are `words`."""
    name = TERMS[entry].title if entry in TERMS else title(entry)
    shown = words or plain.text(name)
    return f"[{shown}]({PAGE}?{ENTRY}={entry})" if tab_of(entry) else shown
