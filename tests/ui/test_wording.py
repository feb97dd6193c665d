"""One spelling in everything that a reader sees; the settings' own names apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.casebook import CASES
from ganlab.causes import CAUSES
from ganlab.config import KNOBS
from ganlab.presets import TITLES
from ganlab.ui import casewords, forms, timeline

ROOT = Path(__file__).parents[2]
_LITERAL = re.compile(r"```.*?```|`[^`]*`|^    .*$|optimizer_[dg]|optimizer-[a-z-]+", re.S | re.M)
_FOREIGN = re.compile(r"\boptimiz\w*", re.I)


def foreign(text: str) -> list[str]:
    """Words in the other spelling, code and names left out."""
    return _FOREIGN.findall(_LITERAL.sub("", text))


def said(app: AppTest) -> Iterator[str]:
    """Every word of a page: its text, labels and tooltips."""
    for element in [*app.main, *app.sidebar]:
        yield from (str(getattr(element, name, "")) for name in ("value", "label", "help"))


@pytest.mark.parametrize("page", ["lab", "casebook", "doctor", "handbook", "runs"])
def test_a_page_spells_in_one_way(app: AppTest, page: str) -> None:
    app.run()
    if page != "lab":
        app.switch_page(f"pages/{page}.py").run()
    words = "\n".join(said(app))
    assert len(words) > 100
    assert foreign(words) == []


def test_every_case_spells_in_one_way() -> None:
    for case in CASES.values():
        texts = [case.title, case.claim, case.truth, case.watch, case.healthy]
        texts += [text for fix in case.tried for text in (fix.name, fix.reason)]
        assert foreign("\n".join([*texts, *casewords.settings(case)])) == [], case.slug


def test_labels_causes_and_presets_spell_in_one_way() -> None:
    texts = [forms.label(knob) for knob in KNOBS.values()]
    texts += [forms.tooltip(knob) for knob in KNOBS.values()]
    texts += [text for cause in CAUSES.values() for text in (timeline.title(cause.slug), cause.doc)]
    assert foreign("\n".join([*texts, *TITLES.values()])) == []


def test_every_readme_spells_in_one_way() -> None:
    for file in (*ROOT.glob("*.md"), *ROOT.glob("ganlab/**/*.md"), *ROOT.glob("pages/*.md")):
        assert foreign(file.read_text()) == [], file
