"""What is said of a run of a case, sentence by sentence."""

from __future__ import annotations

from typing import Any

import pytest

from ganlab.casebook.case import Case, Expectation, Named, Refused, Signature
from ganlab.casebook.documents import OURS
from ganlab.casebook.verdict import Trace
from ganlab.config import RunConfig
from ganlab.diagnosis import Assessment, State
from ganlab.finding import Symptom
from ganlab.runs.record import RunInfo, Status
from ganlab.ui import verdictwords as words

SCALING = Named(Symptom.SCALING_MISMATCH, by_step=0)
CLAMP = Named(Symptom.CLAMP_DEATH, by_step=300)


HEALTHY = Assessment(State.HEALTHY, "A test does not tell samples from data.")


def case(*expects: Expectation) -> Case:
    return Case(
        slug="a-case", title="", document=OURS, passage="", claim="", verdict="ours", truth="",
        watch="", preset="small-mlp", settings={}, cause="range-mismatch", expects=expects,
    )  # fmt: skip


def finding(symptom: Symptom, step: int, severity: str = "failure") -> dict[str, Any]:
    return {"event": "opened", "symptom": symptom.value, "severity": severity, "step": step}


def trace(step: int, *findings: dict[str, Any], error: str = "", **metrics: Any) -> Trace:
    return Trace(step, metrics, findings, error)


def info(status: Status, step: int = 0, steps: int = 600, error: str = "") -> RunInfo:
    config = RunConfig(steps=steps)
    return RunInfo("run-1", "a-case", status, config, created=0.0, step=step, error=error)


def course(status: Status, step: int = 0, **kwargs: Any) -> words.Course:
    """A run of 600 steps."""
    return words.Course(info(status, step), steps=600, **kwargs)


def test_a_failure_that_is_fully_seen_names_the_step_of_its_last_part() -> None:
    seen = trace(60, finding(Symptom.SCALING_MISMATCH, 0), finding(Symptom.CLAMP_DEATH, 50))
    said = words.of_failure(case(SCALING, CLAMP), seen, course(Status.RUNNING))
    assert said.sentence == "This run showed what the case expects, by step 50."
    assert said.colour == "green"
    assert (
        "**[Scaling mismatch](handbook?entry=scaling-mismatch)** (failure): seen at step 0"
        in said.lines[0]
    )


def test_what_is_not_yet_seen_is_waited_for_until_its_step() -> None:
    early = trace(120, finding(Symptom.SCALING_MISMATCH, 0))
    said = words.of_failure(case(SCALING, CLAMP), early, course(Status.RUNNING))
    assert said.sentence == "Not yet: step 120 of 600."
    assert (
        "**[Clamp death](handbook?entry=clamp-death)** (failure): expected by step 300, not yet"
        in said.lines[1]
    )
    overdue = words.of_failure(case(CLAMP), trace(310), course(Status.RUNNING))
    assert "not seen by step 300" in overdue.lines[0]


def test_nothing_is_missed_before_the_first_measurement() -> None:
    said = words.of_failure(case(SCALING), trace(-1), course(Status.RUNNING))
    assert said.sentence == "Not yet: step 0 of 600."
    assert "expected at step 0, not yet" in said.lines[0]
    assert (
        "not seen at step 0"
        in words.of_failure(case(SCALING), trace(0), course(Status.RUNNING)).lines[0]
    )


def test_what_comes_late_is_said_to_be_late() -> None:
    late = trace(400, finding(Symptom.CLAMP_DEATH, 350))
    said = words.of_failure(case(CLAMP), late, course(Status.RUNNING))
    assert said.sentence == "This run showed it later than expected, by step 350."
    assert "seen at step 350, expected by step 300" in said.lines[0]


def test_a_run_that_showed_nothing_by_its_last_deadline_has_failed_to() -> None:
    said = words.of_failure(case(CLAMP), trace(310), course(Status.STOPPED, 310))
    assert said.sentence == "This run was stopped at step 310 without showing it."
    assert said.colour == "red"


CUT_SHORT = pytest.mark.parametrize(
    ("status", "end"),
    [
        (Status.STOPPED, "it was stopped at step 90 of 600"),
        (Status.INTERRUPTED, "it was interrupted at step 90 of 600"),
        (Status.FAILED, "it failed at step 90 of 600"),
        (Status.FINISHED, "it ended at step 90 of 600"),  # after a live change of its steps
    ],
)


@CUT_SHORT
def test_a_failure_that_was_not_waited_for_gets_no_verdict(status: Status, end: str) -> None:
    said = words.of_failure(case(CLAMP), trace(90), course(status, 90))
    assert said.sentence == f"No verdict: {end}; not all was seen up to step 90."
    assert said.colour == "gray"
    assert "expected by step 300, watched only up to step 90" in said.lines[0]


@CUT_SHORT
def test_a_silent_run_that_was_not_watched_to_its_end_gets_no_verdict(
    status: Status, end: str
) -> None:
    said = words.of_silence(trace(90), course(status, 90, assessment=HEALTHY))
    assert said.sentence == f"No verdict: {end}; no finding above notice up to step 90."
    assert said.colour == "gray"


def test_a_run_whose_settings_were_changed_gets_no_verdict() -> None:
    changed = course(Status.FINISHED, 600, changed=("lr_d",), assessment=HEALTHY)
    said = words.of_silence(trace(600), changed)
    assert said.sentence.startswith("No verdict: its settings were changed; no finding")
    assert "Changed while it trained: `lr_d`." in said.lines[0]


def test_an_expected_error_is_a_success() -> None:
    failed = info(Status.FAILED, error="RuntimeError: must be between 0 and 1")
    seen = trace(0, error=failed.error)
    said = words.of_failure(case(Refused("between 0 and 1")), seen, words.Course(failed, 600))
    assert said.sentence == "This run showed what the case expects, at step 0."


def test_a_signature_is_seen_in_the_curve_and_names_the_detector_it_awaits() -> None:
    dead = case(Signature("d_loss", "<", 0.05, by_step=300, awaits="dead-loss"))
    steps = [float(step) for step in range(0, 210, 10)]
    seen = trace(200, d_loss=(steps, [0.01] * len(steps)))
    assert "seen at step 100" in words.of_failure(dead, seen, course(Status.RUNNING)).lines[0]
    waiting = words.of_failure(dead, trace(10), course(Status.RUNNING)).lines[0]
    assert "a detector of dead loss is still to come" in waiting


def test_a_cured_run_is_silent_so_far_and_to_its_end() -> None:
    notice = trace(250, finding(Symptom.NOT_YET_DIVERSE, 200, "notice"))
    running = words.of_silence(notice, course(Status.RUNNING))
    assert running.sentence == "Silent so far: no finding above notice up to step 250 of 600."
    said = words.of_silence(trace(600), course(Status.FINISHED, 600, assessment=HEALTHY))
    assert said.sentence == (
        "Silent to its end: no finding above notice up to step 600, and its samples are like the "
        "data."
    )
    assert said.colour == "green"


@pytest.mark.parametrize(
    ("state", "colour"),
    [(State.UNSEEN, "blue"), (State.RECOVERING, "blue"), (State.WRONG, "orange")],
)
def test_silence_over_samples_off_the_data_is_no_success(state: State, colour: str) -> None:
    found = Assessment(state, "The samples are not like the data yet.")
    said = words.of_silence(trace(600), course(Status.FINISHED, 600, assessment=found))
    assert said.sentence.startswith("Silent to its end")
    assert said.sentence.endswith("The samples are not like the data yet.")
    assert said.colour == colour


def test_an_untrained_run_is_not_yet_called_silent_in_green() -> None:
    assert words.of_silence(trace(0), course(Status.QUEUED)).colour == "blue"


def test_a_cured_run_that_raises_something_says_what_and_when() -> None:
    loud = trace(80, finding(Symptom.CLAMP_DEATH, 50), finding(Symptom.CLAMP_DEATH, 70))
    assert (
        words.of_silence(loud, course(Status.RUNNING)).sentence == "Raised Clamp death at step 50."
    )


def test_an_error_is_never_silence() -> None:
    said = words.of_silence(trace(0, error="RuntimeError: gone"), course(Status.FAILED))
    assert said.sentence == "Stopped with an error: RuntimeError: gone"
