"""Every finding, cause and term has one address in the handbook."""

from __future__ import annotations

import re

import pytest

from ganlab.causes import CAUSES
from ganlab.finding import Symptom
from ganlab.ui import entries
from ganlab.ui.entries import SYMPTOMS, link, tab_of
from ganlab.ui.glossary import TERMS


def test_no_two_entries_share_an_address() -> None:
    assert not SYMPTOMS.keys() & CAUSES.keys()
    assert not SYMPTOMS.keys() & TERMS.keys() - {"critic"}
    assert not CAUSES.keys() & TERMS.keys()


@pytest.mark.parametrize("symptom", [each for each in Symptom if each != "worse-since-change"])
def test_every_symptom_leads_to_its_detector(symptom: Symptom) -> None:
    assert tab_of(symptom.value) == entries.DETECTORS_TAB


def test_every_cause_and_term_has_an_entry() -> None:
    assert {tab_of(slug) for slug in CAUSES} == {entries.CAUSES_TAB}
    assert {tab_of(slug) for slug in TERMS} == {entries.GLOSSARY_TAB}


def test_a_link_has_the_entrys_address_and_words() -> None:
    assert link("total-collapse") == "[Total collapse](handbook?entry=total-collapse)"
    assert link("nats", "0.69 nats") == "[0.69 nats](handbook?entry=nats)"
    assert link("no-such-thing") == "No such thing"


def test_every_meaning_is_one_or_two_sentences() -> None:
    for term in TERMS.values():
        assert term.meaning.endswith("."), term.slug
        assert len(re.findall(r"[.?](?=\s[A-Z0-9]|$)", term.meaning)) <= 2, term.slug
