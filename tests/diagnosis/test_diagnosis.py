"""From symptoms and facts to causes: on recorded casebook runs, and rule by rule."""

from __future__ import annotations

import pytest

from ganlab.casebook import find_case
from ganlab.diagnosis import Suspect, diagnose, last_episode
from ganlab.diagnosis.replay import replay
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Facts
from tests.diagnosis.recorded import FOLDER, SLUGS, observations, recorded

FAILING = [slug for slug in SLUGS if find_case(slug).fails]
HEALTHY = [slug for slug in SLUGS if not find_case(slug).fails]


@pytest.mark.parametrize("slug", FAILING)
def test_a_recorded_failure_gets_its_cause(slug: str) -> None:
    found = replay(observations(slug), error=recorded(slug)["error"])
    assert found.suspects[0].cause == find_case(slug).cause


@pytest.mark.parametrize("slug", HEALTHY)
def test_a_recorded_healthy_run_gets_no_cause_and_no_alarm(slug: str) -> None:
    found = replay(observations(slug))
    assert found.suspects == ()
    assert not any(row["severity"] != "notice" for row in found.events)


@pytest.mark.parametrize("slug", FAILING)
def test_every_suspect_brings_numbers_and_a_counter_check(slug: str) -> None:
    for suspect in replay(observations(slug), error=recorded(slug)["error"]).suspects:
        assert any(character.isdigit() for text in suspect.evidence for character in text)
        assert suspect.checked and 0.0 < suspect.confidence <= 1.0


def test_the_recordings_stay_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 300_000


def finding(symptom: Symptom, step: int = 500, metric: str = "x") -> Finding:
    proof = Evidence(metric, 1.0, ">", 0.5)
    return Finding(symptom, Severity.FAILURE, step, "It stands.", (proof,))


ADAM: Facts = {"optimizer_d": "adam", "optimizer_g": "adam", "lr_d": 2e-4, "lr_g": 2e-4}


def test_a_bug_explains_what_follows_from_it() -> None:
    facts: Facts = {**ADAM, "loss": "non_saturating", "generator_label": 0.0, "n_critic": 5}
    first, *rest = diagnose([finding(Symptom.SATURATION)], facts, {})
    assert first.cause == "generator-sign"
    strong = next(suspect for suspect in rest if suspect.cause == "discriminator-too-strong")
    assert strong.confidence < 0.5
    assert "generator-sign comes earlier" in strong.against[-1]


def test_a_range_that_went_wrong_after_the_collapse_is_its_mark() -> None:
    facts: Facts = {**ADAM, "momentum_d": 0.9, "momentum_g": 0.9}
    findings = [
        finding(Symptom.TOTAL_COLLAPSE, 500),
        finding(Symptom.SCALING_MISMATCH, 1500, "overflow"),
    ]
    assert diagnose(findings, facts, {})[0].cause == "adam-momentum"


def test_without_symptoms_there_is_no_suspect() -> None:
    assert diagnose([], {**ADAM, "momentum_d": 0.9}, {"auc": 1.0}) == ()


def test_a_suspect_needs_evidence() -> None:
    with pytest.raises(ValueError, match="no evidence"):
        Suspect("mode-collapse", 0.5, (), (), "")


def event(kind: str, symptom: Symptom, step: int) -> dict[str, object]:
    return {"event": kind} | finding(symptom, step).as_row()


def test_an_episode_keeps_what_closed_while_it_lasted() -> None:
    rows = [
        event("opened", Symptom.DISCRIMINATOR_DOMINATES, 300),
        event("opened", Symptom.TOTAL_COLLAPSE, 900),
        event("closed", Symptom.DISCRIMINATOR_DOMINATES, 1000),
    ]
    findings, going_on = last_episode(rows)
    assert going_on
    assert [(found.symptom, found.step) for found in findings] == [
        (Symptom.DISCRIMINATOR_DOMINATES, 300),
        (Symptom.TOTAL_COLLAPSE, 900),
    ]
    rows += [
        event("closed", Symptom.TOTAL_COLLAPSE, 1200),
        event("opened", Symptom.MEMORISATION, 2000),
    ]
    assert [found.symptom for found in last_episode(rows)[0]] == [Symptom.MEMORISATION]


DOMINATED = Symptom.DISCRIMINATOR_DOMINATES


def test_what_has_closed_within_an_episode_is_spoken_of_as_past() -> None:
    rows = [
        event("opened", DOMINATED, 300),
        event("opened", Symptom.TOTAL_COLLAPSE, 900),
        event("closed", DOMINATED, 1000),
    ]
    findings, _ = last_episode(rows)
    first, *_ = diagnose(findings, {**ADAM, "n_critic": 5}, {})
    assert "discriminator-dominates from step 300 to 1000: x = 1 > 0.5" in first.evidence
    assert "total-collapse since step 900: x = 1 > 0.5" in first.evidence


def test_what_opens_again_is_no_longer_past() -> None:
    rows = [
        event("opened", DOMINATED, 300),
        event("opened", Symptom.TOTAL_COLLAPSE, 900),
        event("closed", DOMINATED, 1000),
        event("opened", DOMINATED, 1100),
    ]
    assert [finding.until for finding in last_episode(rows)[0]] == [None, None]


def test_a_range_that_fits_again_is_told_with_its_end() -> None:
    rows = [
        event("opened", Symptom.SCALING_MISMATCH, 300),
        event("opened", Symptom.TOTAL_COLLAPSE, 900),
        event("closed", Symptom.SCALING_MISMATCH, 1000),
    ]
    suspects = diagnose(last_episode(rows)[0], ADAM, {})
    mismatch = next(suspect for suspect in suspects if suspect.cause == "range-mismatch")
    assert "Until step 1000: It stands." in mismatch.evidence


def test_a_heavy_penalty_over_a_flat_critic_is_named_and_a_usual_one_is_not() -> None:
    facts: Facts = {**ADAM, "loss": "wgan_gp", "gp_weight": 10.0}
    flat = [finding(Symptom.CRITIC_FLAT), finding(Symptom.TOTAL_COLLAPSE)]
    assert diagnose(flat, {**facts, "gp_weight": 1e4}, {})[0].cause == "gradient-penalty-strong"
    assert diagnose(flat, facts, {})[0].cause == "mode-collapse"
