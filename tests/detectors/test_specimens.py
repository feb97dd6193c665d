"""Every detector's own calm, sick and near-miss streams are its specification."""

from __future__ import annotations

import pytest

from ganlab.detectors import DETECTORS, Detector, Specimen
from ganlab.finding import Finding, Severity, Symptom, holds
from ganlab.panel import DetectorPanel, Event

CASES = [(detector, specimen) for detector in DETECTORS for specimen in detector.specimens()]
IDS = [f"{detector.__name__}: {specimen.title}" for detector, specimen in CASES]
CLOSING = [(detector, specimen) for detector, specimen in CASES if specimen.closes]
CLOSING_IDS = [f"{detector.__name__}: {specimen.title}" for detector, specimen in CLOSING]


def events_of(detector: type[Detector], specimen: Specimen) -> list[tuple[int, Event]]:
    """Every event with the step of the look at which it was said."""
    panel = DetectorPanel([detector()])
    return [(look.step, event) for look in specimen.observations for event in panel.update(look)]


def counts(detector: type[Detector], finding: Finding) -> bool:
    return detector.good_news or finding.severity > Severity.NOTICE


def loud_events(detector: type[Detector], specimen: Specimen) -> list[Event]:
    return [
        event
        for _, event in events_of(detector, specimen)
        if event.kind != "closed" and counts(detector, event.finding)
    ]


@pytest.mark.parametrize(("detector", "specimen"), CASES, ids=IDS)
def test_a_detector_says_what_its_specimen_expects(
    detector: type[Detector], specimen: Specimen
) -> None:
    events = loud_events(detector, specimen)
    if specimen.expects is None:
        assert events == []
        return
    worst = max(events, key=lambda event: event.finding.severity)
    assert worst.finding.symptom is specimen.expects
    earliest, latest = specimen.between
    assert earliest <= worst.finding.step <= latest


@pytest.mark.parametrize(("detector", "specimen"), CLOSING, ids=CLOSING_IDS)
def test_a_stream_that_turns_calm_is_left_in_peace(
    detector: type[Detector], specimen: Specimen
) -> None:
    assert specimen.closes is not None
    standing: dict[Symptom, Finding] = {}
    calm_from = 0
    for step, event in events_of(detector, specimen):
        if event.kind == "closed":
            gone = standing.pop(event.finding.symptom)
            calm_from = step if counts(detector, gone) else calm_from
        else:
            standing[event.finding.symptom] = event.finding
    assert not any(counts(detector, finding) for finding in standing.values())
    earliest, latest = specimen.closes
    assert earliest <= calm_from <= latest


@pytest.mark.parametrize(("detector", "specimen"), CASES, ids=IDS)
def test_what_is_said_is_true_when_it_is_said(detector: type[Detector], specimen: Specimen) -> None:
    standing: dict[Symptom, Finding] = {}
    for step, event in events_of(detector, specimen):
        found = event.finding
        assert all(holds(item.observed, item.relation, item.bound) for item in found.evidence)
        assert found.step == step
        if event.kind == "worsened":
            assert found.severity > standing[found.symptom].severity
        assert (found.symptom in standing) is (event.kind != "opened")
        if event.kind == "closed":
            del standing[found.symptom]
        else:
            standing[found.symptom] = found


@pytest.mark.parametrize("detector", DETECTORS)
def test_every_detector_shows_calm_sick_near_miss_and_sick_then_calm(
    detector: type[Detector],
) -> None:
    specimens = detector.specimens()
    assert any(specimen.expects for specimen in specimens)
    assert any("near miss" in specimen.title for specimen in specimens)
    assert any(not specimen.expects and "near miss" not in specimen.title for specimen in specimens)
    assert any(specimen.closes for specimen in specimens)


@pytest.mark.parametrize("detector", DETECTORS)
def test_titles_tell_the_streams_of_a_detector_apart(detector: type[Detector]) -> None:
    titles = [specimen.title for specimen in detector.specimens()]
    assert len(titles) == len(set(titles))
