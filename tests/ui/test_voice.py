"""What is said aloud of findings."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from ganlab.runs.manager import RunManager
from ganlab.ui import voice
from tests.ui.test_lab_page import finished


def test_open_findings_are_said_with_their_severity() -> None:
    rows = [
        {"symptom": "clamp-death", "severity": "failure"},
        {"symptom": "dead-units", "severity": "warning"},
    ]
    assert voice.findings(rows) == "Open findings: Clamp death, failure; Dead units, warning."
    assert voice.findings([]) == "No open findings."


def test_the_page_of_a_run_says_its_findings(app: AppTest, lab: RunManager) -> None:
    finished(app, lab, output="sigmoid")
    said = [each.proto.body for each in app.get("html") if "announce" in each.proto.body]
    assert any("Open findings: Scaling mismatch, warning." in text for text in said)
