"""Failure, warning and notice are told apart in words and shapes, whatever one sees of colours."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ganlab.casebook import CASES
from ganlab.diagnosis import Assessment, State
from ganlab.finding import Severity
from ganlab.runs.record import Status
from ganlab.ui import cards, casewords, diagnosis, header, timeline
from ganlab.ui.charts import NOTHING, Mark, Panel, View, chart
from ganlab.ui.looks import LOOKS
from tests.ui.test_timeline import finding, patch

SEVERITIES = [severity.name.lower() for severity in Severity]


def plain(markdown: str) -> str:
    """What is left of a badge for somebody who sees no colour."""
    return re.sub(r":\w+(-badge)?\[", "[", markdown)


def test_each_kind_of_event_has_a_shape_a_glyph_and_an_icon_of_its_own() -> None:
    assert LOOKS.keys() == {*SEVERITIES, "patch"}
    for part in ("icon", "symbol", "glyph"):
        assert len({getattr(look, part) for look in LOOKS.values()}) == len(LOOKS)


def test_cards_name_the_severity_beside_its_icon() -> None:
    shown = {severity: plain(cards.badge(severity)) for severity in SEVERITIES}
    assert len({text.split()[0] for text in shown.values()}) == len(SEVERITIES)
    assert all(severity in text for severity, text in shown.items())


def test_the_banner_names_the_gravest_of_the_open_findings() -> None:
    said = Assessment(State.WRONG, "Values do not fit.")
    rows = [finding(severity=severity) for severity in (Severity.FAILURE, Severity.WARNING)]
    grave, mild = diagnosis.badge(said, rows), diagnosis.badge(said, rows[1:])
    assert "something is wrong: failure]" in grave and "something is wrong: warning]" in mild
    assert plain(grave).split()[0] != plain(mild).split()[0]


def test_the_banner_shows_each_state_by_another_icon_and_word() -> None:
    shown = [plain(diagnosis.badge(Assessment(state, ""), [])) for state in State]
    assert len({text.split()[0] for text in shown}) == len(State)
    assert all(str(state) in text for state, text in zip(State, shown, strict=True))


def test_the_state_of_a_run_in_the_list_has_an_icon_and_a_word() -> None:
    shown = {status: plain(header.badge(status)) for status in Status}
    assert len({text.split()[0] for text in shown.values()}) == len(Status)
    assert all(status.value in text for status, text in shown.items())


def test_the_verdict_on_a_claim_has_an_icon_and_words() -> None:
    shown = {case.verdict: plain(casewords.verdict_badge(case)) for case in CASES.values()}
    assert len(shown) > 1
    assert len({text.split()[0] for text in shown.values()}) == len(shown)


@pytest.mark.parametrize("severity", Severity)
def test_a_mark_on_the_curves_has_the_shape_of_its_line_in_the_story(severity: Severity) -> None:
    name = severity.name.lower()
    (line,) = timeline.story([], [finding(severity=severity)])
    assert f"{LOOKS[name].glyph} {name}: " in line
    (mark,) = timeline.marks([], [finding(severity=severity)])
    assert mark.text.endswith(f"opened ({name})")
    assert symbols([mark]) == [LOOKS[name].symbol]


def test_a_finding_that_ends_is_marked_by_a_hollow_shape() -> None:
    opened, closed = timeline.marks([], [finding(), finding("closed", at=90)])
    assert symbols([opened, closed]) == ["triangle-up", "triangle-up-open"]


def test_a_live_patch_is_marked_as_the_story_has_it() -> None:
    assert symbols(timeline.marks([patch(3)], [])) == [LOOKS["patch"].symbol]
    assert f"{LOOKS['patch'].glyph} live patch" in timeline.story([patch(3)], [])[0]


def test_a_patch_and_the_finding_that_follows_at_once_do_not_hide_each_other() -> None:
    marks = timeline.marks([patch(40)], [finding(at=40)])
    changed, found = drawn(marks)
    assert changed.x[0] == found.x[0]
    assert 0.05 <= changed.y[0] <= found.y[0] - 0.1


def symbols(marks: list[Mark]) -> list[str]:
    """The shapes in which the marks are drawn; each mark is the first of three points."""
    return [symbol for trace in drawn(marks) for symbol in trace.marker.symbol[::3]]


def drawn(marks: list[Mark]) -> list[Any]:
    """The traces of live patches and findings."""
    figure: Any = chart("", [Panel("", {"d_loss": NOTHING}, marks)], View("run"))
    return [trace for trace in figure.data if trace.name in ("live patch", "finding")]
