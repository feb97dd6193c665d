"""Rows read as sentences."""

from __future__ import annotations

import math
from typing import Any

from ganlab.config import AtLeast, AtMost, Scale, Set
from ganlab.finding import Evidence, Finding, Remedy, Severity, Symptom, patch_as_row
from ganlab.ui import timeline


def finding(event: str = "opened", severity: Severity = Severity.WARNING, at: int = 40) -> Any:
    remedy = Remedy("Use tanh", {"output": Set("tanh")}, "It reaches -1.", "a paper")
    evidence = (Evidence("overflow", 0.25, ">", 0.05, window=200),)
    symptom = Symptom.SCALING_MISMATCH if severity > 1 else Symptom.NOT_YET_DIVERSE
    row = Finding(symptom, severity, at, "Values do not fit.", evidence, (remedy,)).as_row()
    return row | {"event": event}


def patch(step: int, origin: str = "user", error: str = "") -> dict[str, Any]:
    words = patch_as_row({"lr_d": Scale(0.5), "loss": Set("hinge")})
    return {"step": step, "patch": words, "origin": origin} | ({"error": error} if error else {})


def test_a_patch_reads_as_what_it_changes() -> None:
    assert timeline.patch_words(patch(3)["patch"]) == "lr_d × 0.5, loss = hinge"
    bounds = patch_as_row({"r1_weight": AtLeast(1.0), "beta1_d": AtMost(0.5)})
    assert timeline.patch_words(bounds) == "r1_weight at least 1, beta1_d at most 0.5"


def test_evidence_shows_the_number_against_its_bound_and_what_was_measured() -> None:
    words = timeline.evidence_words(finding()["evidence"][0])
    assert "overflow = 0.25` > `0.05` for 200 steps" in words
    assert "outside the real range" in words


def test_evidence_that_is_not_a_finite_number_is_shown_as_a_word() -> None:
    row = Evidence("d_loss", math.nan, "beyond", 3.4e38).as_row()
    assert timeline.evidence_words(row).startswith("`d_loss = nan`, no finite number — D's loss")


def test_evidence_of_an_earlier_version_is_shown_as_it_was_written() -> None:
    row = {"metric": "d_loss", "observed": "nan", "relation": "==", "bound": "nan", "window": 0}
    assert "`d_loss = nan` == `nan`" in timeline.evidence_words(row)


def test_a_bound_that_is_reached_reads_as_such() -> None:
    assert "= 20` ≥ `20`" in timeline.evidence_words(Evidence("ratio", 20.0, ">=", 20.0).as_row())


def test_a_closed_finding_is_not_open_and_the_gravest_comes_first() -> None:
    notice = finding(severity=Severity.NOTICE)
    assert timeline.open_findings([finding(), finding("closed")]) == []
    assert timeline.open_findings([notice, finding()]) == [finding(), notice]


def test_marks_stand_where_things_happened_and_leave_refused_patches_out() -> None:
    marks = timeline.marks([patch(10), patch(20, error="no")], [finding("closed", at=90)])
    assert [(mark.step, mark.kind) for mark in marks] == [(10, "patch"), (90, "warning")]


def test_the_story_tells_the_newest_first_with_origin_and_refusal() -> None:
    lines = timeline.story([patch(10), patch(20, "remedy: Use tanh", "no")], [finding()])
    assert [line.split(" · ")[0] for line in lines] == ["step 40", "step 20", "step 10"]
    assert "(remedy: Use tanh) — refused: no" in lines[1]


def test_a_remedy_counts_as_applied_only_since_the_finding_began() -> None:
    rows = [patch(30, "remedy: Use tanh"), patch(50, "remedy: Use tanh")]
    assert timeline.remedy_step(rows, "Use tanh", 40) == 50
    assert timeline.remedy_step(rows[:1], "Use tanh", 40) is None
