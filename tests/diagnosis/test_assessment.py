"""A live change is the first suspect of what follows it, and an all-clear is a measurement."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ganlab.config import KNOBS, RunConfig
from ganlab.diagnosis import Change, State, assess, changes_of, diagnose
from ganlab.diagnosis.blame import size
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.knob import Knob
from ganlab.observation import Facts

CONFIG = RunConfig()
FACTS: Facts = {
    "loss": "non_saturating", "head": "sigmoid", "lr_d": 0.02, "lr_g": 2e-4,
    "optimizer_d": "adam", "optimizer_g": "adam", "generator_label": 1.0, "dimensions": 784,
}  # fmt: skip
FAR = {"two_sample_auc": 0.97, "missing_mass": 0.4}


def finding(symptom: Symptom, step: int, severity: Severity = Severity.FAILURE) -> Finding:
    proof = (Evidence("codebook_js", 0.5, ">", 0.3),)
    return Finding(symptom, severity, step, "Samples are bad.", proof)


def rows(*events: tuple[str, Finding]) -> list[dict[str, Any]]:
    return [{"event": kind} | found.as_row() for kind, found in events]


def patches(*log: tuple[int, dict[str, Any]]) -> tuple[Change, ...]:
    return changes_of(
        CONFIG,
        [
            {"step": step, "patch": {name: {"set": value} for name, value in values.items()}}
            for step, values in log
        ],
    )


def test_what_follows_a_live_change_names_the_change_first_with_its_undo() -> None:
    changes = patches((700, {"lr_d": 0.02}))
    first, *others = diagnose([finding(Symptom.TOTAL_COLLAPSE, 760)], FACTS, {}, changes=changes)
    assert first.cause == "live-change" and first.change == changes[0]
    assert "lr_d was set from 0.0002 to 0.02 (×100) at step 700" in first.evidence[0]
    assert any(suspect.cause == "learning-rate-too-high" for suspect in others)


def test_of_two_changes_the_larger_one_is_named_first_whatever_their_order() -> None:
    small, large = {"lr_g": 1e-4}, {"optimizer_d": "sgd"}
    for log in (((600, small), (700, large)), ((600, large), (700, small))):
        changes = patches(*log)
        first = diagnose([finding(Symptom.OFF_DATA, 800)], FACTS, {}, changes=changes)[0]
        assert first.change is not None and first.change.after == large


def test_a_change_that_came_after_the_symptom_is_not_blamed_for_it() -> None:
    changes = patches((700, {"lr_d": 0.02}))
    found = diagnose([finding(Symptom.TOTAL_COLLAPSE, 650)], FACTS, {}, changes=changes)
    assert all(suspect.change is None for suspect in found)


def test_a_change_among_older_symptoms_is_only_a_possible_cause() -> None:
    changes = patches((700, {"lr_d": 0.02}))
    stood = [finding(Symptom.TOTAL_COLLAPSE, 650), finding(Symptom.DEAD_UNITS, 800)]
    (blamed,) = [s for s in diagnose(stood, FACTS, {}, changes=changes) if s.change]
    assert blamed.confidence < 0.5 and "total-collapse stood before it." in blamed.against


def test_a_change_that_makes_a_bad_run_worse_is_named_first_all_the_same() -> None:
    changes = patches((700, {"lr_d": 0.02}))
    warned = finding(Symptom.DISCRIMINATOR_DOMINATES, 650, Severity.WARNING)
    first = diagnose([warned, finding(Symptom.TOTAL_COLLAPSE, 800)], {}, {}, changes=changes)[0]
    assert first.change == changes[0] and "stood before it." in first.against[0]


def test_a_change_long_ago_is_not_blamed() -> None:
    changes = patches((100, {"lr_d": 0.02}))
    found = diagnose([finding(Symptom.TOTAL_COLLAPSE, 2000)], FACTS, {}, changes=changes)
    assert all(suspect.change is None for suspect in found)


def test_what_has_no_say_in_training_is_never_blamed() -> None:
    changes = patches((700, {"steps": 9000}), (710, {"sample_every": 10}))
    found = diagnose([finding(Symptom.TOTAL_COLLAPSE, 760)], FACTS, {}, changes=changes)
    assert all(suspect.change is None for suspect in found)


def test_a_change_that_ends_the_run_is_named_before_the_error() -> None:
    changes = patches((700, {"lr_d": 0.02}))
    first = diagnose([], FACTS, {}, "d_loss is nan", changes, step=702)[0]
    assert first.change == changes[0]
    assert first.evidence[1] == "The run stopped 2 steps later: d_loss is nan"
    assert diagnose([], FACTS, {}, "d_loss is nan", changes, step=2702) == ()


def test_an_undo_is_not_blamed_for_what_it_took_back() -> None:
    changes = patches((700, {"lr_d": 0.02}), (760, {"lr_d": 2e-4}))
    first = diagnose([finding(Symptom.DEAD_UNITS, 800)], FACTS, {}, changes=changes)[0]
    assert first.change == changes[0]
    assert "It was taken back at step 760." in first.against


@pytest.mark.parametrize("setting", sorted(name for name, value in CONFIG))
def test_every_setting_has_a_size_between_nothing_and_one(setting: str) -> None:
    value = dict(CONFIG)[setting]
    other = "x" if isinstance(value, str) else 0 if value else 1
    if not isinstance(value, tuple):
        assert 0.0 <= size(Change(1, {setting: value}, {setting: other})) <= 1.0


def test_a_young_run_has_nothing_wrong_seen_yet() -> None:
    said = assess([], FACTS | {"lr_d": 2e-4}, {})
    assert said.state is State.UNSEEN and "Too little" in said.reason


def test_silence_over_bad_samples_is_no_all_clear() -> None:
    said = assess([], FACTS, FAR)
    assert said.state is State.UNSEEN
    assert "a linear test tells them at 0.97, and modes that hold 40% are missing" in said.reason


@pytest.mark.parametrize(
    ("test", "missing", "reason"),
    [
        (0.97, 0.0, "The samples are not like the data yet: a linear test tells them at 0.97."),
        (0.5, 0.4, "The samples are not like the data yet: modes that hold 40% are missing."),
        (0.5, 0.0, "A linear test hardly tells the samples from the data (AUC 0.50; 0.5: chance)."),
    ],
)
def test_a_test_at_chance_is_no_reason_against_samples(
    test: float, missing: float, reason: str
) -> None:
    said = assess([], FACTS, {"two_sample_auc": test, "missing_mass": missing})
    assert said.state is State.UNSEEN and reason in said.reason


def test_samples_like_the_data_are_an_all_clear() -> None:
    like = finding(Symptom.SAMPLES_LIKE_DATA, 900, Severity.NOTICE)
    assert assess(rows(("opened", like)), FACTS, FAR).state is State.HEALTHY


def test_nothing_else_makes_an_all_clear_of_a_run_with_a_symptom_or_an_error() -> None:
    like = finding(Symptom.SAMPLES_LIKE_DATA, 900, Severity.NOTICE)
    bad = finding(Symptom.DEAD_UNITS, 950)
    events = rows(("opened", like), ("opened", bad))
    assert assess(events, FACTS, {}).state is State.WRONG
    assert assess(rows(("opened", like)), FACTS, {}, "boom\nmore").state is State.FAILED


def test_what_is_wrong_is_what_stands_and_not_what_has_closed() -> None:
    old, new = finding(Symptom.SATURATION, 300), finding(Symptom.TOTAL_COLLAPSE, 900)
    log = rows(("opened", replace(old, summary="G stands.")), ("opened", new), ("closed", old))
    assert assess(log, FACTS, FAR).reason == "Samples are bad."


def test_a_cause_that_still_stands_is_no_recovery() -> None:
    changes = patches((700, {"lr_d": 0.02}))
    bad = finding(Symptom.DEAD_UNITS, 760)
    events = rows(("opened", bad), ("closed", bad))
    said = assess(events, FACTS, FAR, changes=changes)
    assert said.state is State.WRONG and "the cause still stands" in said.reason
    undone = patches((700, {"lr_d": 0.02}), (900, {"lr_d": 2e-4}))
    said = assess(events, FACTS | {"lr_d": 2e-4}, FAR, changes=undone)
    assert said.state is State.RECOVERING and "dead-units: over." in said.reason


def test_a_setting_that_is_wrong_by_itself_is_said_before_any_symptom() -> None:
    flipped: Facts = FACTS | {"generator_label": 0.0}
    said = assess([], flipped, FAR)
    assert said.state is State.WRONG and said.suspects[0].cause == "generator-sign"


@pytest.mark.parametrize("mended", [True, False])
def test_a_cause_is_not_said_to_stand_once_its_setting_was_changed(mended: bool) -> None:
    mismatch = finding(Symptom.SCALING_MISMATCH, 100)
    events = rows(("opened", mismatch), ("closed", mismatch))
    facts: Facts = {**FACTS, "output": "tanh" if mended else "sigmoid", "data_range": "[-1,1]"}
    log = [(90, {"output": "sigmoid"}), (130, {"output": "tanh"})] if mended else []
    said = assess(events, facts, FAR, changes=patches(*log))
    assert said.state is (State.RECOVERING if mended else State.WRONG)
    assert ("the cause still stands" in said.reason) is not mended


NUMBERS = [knob for knob in KNOBS.values() if knob.hot and knob.kind in (int, float)]


@pytest.mark.parametrize("knob", NUMBERS, ids=lambda knob: knob.name)
def test_a_tiny_change_of_a_number_is_smaller_than_one_without_a_rule(knob: Knob) -> None:
    whole = knob.kind is int
    middle = int(knob.high / 2) if whole else knob.high / 2
    tiny = Change(1, {knob.name: middle}, {knob.name: middle + (1 if whole else 1e-6)})
    words = f"_RULES (diagnosis/blame.py) has to say how large a change of {knob.name} is"
    assert size(tiny) < 0.3, words
