"""What others gave is shown as it is: on each page, and by the functions that make it plain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.runs.manager import RunManager
from ganlab.ui import plain, timeline
from tests.ui import hostile
from tests.ui.hostile import ATTACKS

ROOT = Path(__file__).parents[2]
# What is no Markdown: the values of fields, choices of a list, code, names of files and keys.
_LITERAL = re.compile(r"\.(options|code_text|id|query_string|raw_values?)$")
_FIELDS = ("text_input", "code", "download_button")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("[x](y) $z$ :red[_a_]", r"\[x\](y) \$z\$ \:red\[\_a\_\]"),
        ("  two\nlines\u2028here 2\u202f500 ", "two lines here 2\u202f500"),
        ("http://a", "http:\u2060//a"),
        ("www.a.b", "www\u2060.a.b"),
        ("me@a.b", "me@\u2060a.b"),
        (":material/bolt:", ":\u2060material/bolt:"),
        (":100: at 12:30", ":\u2060100: at 12:30"),
        ("a -> b <- c, -- --lr", "a -\u2060> b <\u2060- c, -\u2060- --lr"),
        ("12) x", r"12\) x"),
        ("- x", r"\- x"),
        ("> x", r"\> x"),
        ("<img src=x> &lt; <!--", r"\<img src=x> \&lt; \<!--"),
        ("turned \u202enpj.exe \x1b[31m", "turned npj.exe \\[31m"),
        ("lr_d, 0.5 < 1 > 0 & more: it's well-known (see 3.1)!", None),
    ],
)
def test_markup_is_escaped_and_prose_is_left_alone(given: str, shown: str | None) -> None:
    assert plain.text(given) == (given if shown is None else shown)


def test_code_ends_where_the_text_ends() -> None:
    assert plain.code("a `` b` :material/x:") == "``` a `` b` :\u2060material/x: ```"


def test_a_chart_shows_tags_as_text() -> None:
    assert plain.chart("<a href='x'>&") == "&lt;a href='x'&gt;&amp;"


def test_what_hovers_over_a_chart_has_no_tags() -> None:
    patch = {"step": 1, "patch": {"<a href=x>": {"set": "<b>"}}}
    finding = {"step": 1, "symptom": "<i>", "event": "<i>", "severity": "notice"}
    assert not [mark for mark in timeline.marks([patch], [finding]) if "<" in mark.text]


def test_html_is_drawn_by_few_and_never_with_markdown() -> None:
    sources = {file.stem: file.read_text() for file in (ROOT / "ganlab/ui").glob("*.py")}
    assert not [name for name, text in sources.items() if "unsafe_allow_html" in text]
    drawing = {name for name, text in sources.items() if "st.html(" in text}
    assert drawing == {"live", "doctor", "voice", "shell", "scroll"}  # gauges, and our own scripts


@pytest.fixture
def runs(lab: RunManager) -> list[str]:
    """The store of the pages, filled."""
    return hostile.fill(lab.store.root)


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("lab", {"run": "first"}), ("lab", {"run": ATTACKS[1]}),
        ("casebook", {"case": ATTACKS[1]}), ("doctor", {}), ("doctor", {"run": ATTACKS[1]}),
        ("handbook", {"entry": ATTACKS[1]}), ("runs", {}),
    ],
)  # fmt: skip
def test_no_page_takes_a_given_text_for_markup(
    app: AppTest, runs: list[str], page: str, query: dict[str, str]
) -> None:
    app.run()
    for name, value in query.items():
        app.query_params[name] = runs[0] if value == "first" else value
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    raw = [f"{path}: {text}" for path, text in _texts(app) if any(one in text for one in ATTACKS)]
    assert not raw


def _texts(app: AppTest) -> Iterator[tuple[str, str]]:
    """Every text of the page that the browser may take for markup."""
    for element in [*app.main, *app.sidebar]:
        if element.proto is None or element.type in _FIELDS:
            continue
        for path, text in _strings(element.proto, element.type):
            if not _LITERAL.search(path):
                yield path, text


def _strings(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """The texts in a protobuf message, each with its path."""
    if isinstance(value, str):
        yield path, value
    elif hasattr(value, "ListFields"):
        for field, each in value.ListFields():
            yield from _strings(each, f"{path}.{field.name}")
    elif isinstance(value, Iterable) and not isinstance(value, bytes):
        for each in value:
            yield from _strings(each, path)


def test_a_very_long_name_is_cut_where_it_is_quoted() -> None:
    assert plain.named("a" * 5000) == f"'{'a' * 60}…'"
    assert plain.named("no-such-run") == "'no-such-run'"
