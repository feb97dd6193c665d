"""What counts as shown, and when, on hand-made traces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ganlab.casebook import find_case
from ganlab.casebook.case import Declined, Health, Named, Refused, Signature
from ganlab.casebook.verdict import Trace, alarms, is_healthy, judge, seen_at
from ganlab.finding import Severity, Symptom

CASE = find_case("x255-output")


def trace(values: Sequence[float] = (), **more: object) -> Trace:
    """A trace of `diversity`, one value every 10 steps."""
    steps = [10 * number for number in range(len(values))]
    plain = Trace(steps[-1] if steps else 0, {"diversity": (steps, values)}, [])
    return replace(plain, **more)  # type: ignore[arg-type]


def finding(
    step: int, symptom: str = "saturation", severity: str = "failure", event: str = "opened"
) -> dict[str, object]:
    return {"event": event, "symptom": symptom, "severity": severity, "step": step}


SATURATED = Named(Symptom.SATURATION, by_step=500)


@pytest.mark.parametrize(
    ("findings", "step"),
    [
        ([], None),
        ([finding(380)], 380),
        ([finding(510)], None),
        ([finding(380, severity="warning")], None),
        ([finding(380, event="closed")], None),
        ([finding(380, symptom="divergence")], None),
        ([finding(200, severity="notice"), finding(400, event="worsened")], 400),
    ],
)
def test_a_finding_counts_from_its_severity_and_until_its_step(
    findings: list[dict[str, object]], step: int | None
) -> None:
    assert seen_at(SATURATED, trace(findings=findings)) == step


def test_a_lower_severity_is_enough_where_it_is_asked_for() -> None:
    warned = Named(Symptom.SATURATION, 500, Severity.WARNING)
    assert seen_at(warned, trace(findings=[finding(90, severity="warning")])) == 90


LOW = Signature("diversity", "<", 0.2, by_step=200, window=50)


@pytest.mark.parametrize(
    ("values", "step"),
    [
        ([0.1] * 30, 50),
        ([0.9] * 5 + [0.1] * 6, 100),
        ([0.1] * 5, None),
        ([0.1] * 4 + [0.9] + [0.1] * 6, 100),
        ([0.9] * 16 + [0.1] * 20, None),
        ([float("nan")] * 30, None),
    ],
)
def test_a_signature_has_to_hold_for_its_whole_window(
    values: list[float], step: int | None
) -> None:
    assert seen_at(LOW, trace(values)) == step


def test_above_is_above() -> None:
    assert seen_at(Signature("diversity", ">", 0.5, 100, window=0), trace([0.1, 0.6])) == 10


def test_a_decline_is_seen_where_it_turned() -> None:
    falling, rising = [1.0 - 0.05 * k for k in range(15)], [0.3 + 0.05 * k for k in range(15)]
    declined = Declined("diversity", 2.0, by_step=1000, window=40)
    turned = seen_at(declined, trace([*falling, *rising]))
    assert turned is not None and 120 <= turned <= 170
    assert seen_at(declined, trace(falling)) is None
    assert seen_at(replace(declined, by_step=160), trace([*falling, *rising])) is None


def test_a_refusal_is_an_error_with_the_expected_words() -> None:
    refused = Refused("between 0 and 1")
    assert seen_at(refused, trace(error="all elements should be between 0 and 1")) == 0
    assert seen_at(refused, trace(error="another one")) is None
    assert seen_at(refused, trace()) is None


@pytest.mark.parametrize("kind", [Signature, Declined])
def test_a_metric_that_nobody_measures_is_refused(kind: type) -> None:
    with pytest.raises(ValueError, match="No metric 'fid'"):
        kind("fid", "<" if kind is Signature else 2.0, 1.0, 10)


def test_alarms_are_what_is_above_notice_each_once() -> None:
    rows = [
        finding(0, "not-yet-diverse", "notice"),
        finding(10, "scaling-mismatch", "warning"),
        finding(20, "scaling-mismatch", "failure", "worsened"),
        finding(30, "scaling-mismatch", "failure", "closed"),
    ]
    assert alarms(rows) == ["scaling-mismatch"]


def test_a_verdict_has_a_step_once_everything_was_seen() -> None:
    mismatch, clamp = finding(0, "scaling-mismatch"), finding(30, "clamp-death")
    assert judge(CASE, trace(findings=[mismatch])).step is None
    verdict = judge(CASE, trace(findings=[mismatch, clamp]))
    assert verdict.step == 30 and not verdict.silent
    assert judge(CASE, trace()).silent
    assert not judge(CASE, trace(error="out of memory")).silent


GOOD = {"covered": 9, "classes": 10, "variety": 0.6, "frechet": 0.5, "label_accuracy": 0.8}


@pytest.mark.parametrize(
    ("outcome", "healthy"),
    [
        (GOOD, True),
        (None, False),
        (GOOD | {"covered": 5}, False),
        (GOOD | {"variety": 0.1}, False),
        (GOOD | {"frechet": 1.5}, False),
        (GOOD | {"label_accuracy": 0.1}, False),
        ({"covered": 8, "classes": 8, "variety": 1.0}, True),
    ],
)
def test_an_outcome_is_healthy_in_every_known_part(
    outcome: dict[str, float] | None, healthy: bool
) -> None:
    assert is_healthy(outcome, Health(label_accuracy=0.3)) is healthy


def test_rows_become_a_trace_of_the_named_metrics() -> None:
    rows: list[dict[str, float]] = [
        {"step": 0},
        {"step": 10, "diversity": 0.5, "auc": 1.0},
        {"step": 20, "diversity": 0.6},
    ]
    found = Trace.of_rows(rows, [], ["diversity"])
    assert found.step == 20 and found.metrics == {"diversity": ([10, 20], [0.5, 0.6])}
