"""Every detector's own calm, sick and near-miss streams are its specification."""

from __future__ import annotations

import pytest

from ganlab.detectors import DETECTORS, Detector, Specimen
from ganlab.finding import Severity
from ganlab.panel import DetectorPanel, Event

CASES = [(detector, specimen) for detector in DETECTORS for specimen in detector.specimens()]
IDS = [f"{detector.__name__}: {specimen.title}" for detector, specimen in CASES]


def loud_events(detector: type[Detector], specimen: Specimen) -> list[Event]:
    panel = DetectorPanel([detector()])
    events = [event for look in specimen.observations for event in panel.update(look)]
    return [
        event
        for event in events
        if event.kind != "closed"
        and (detector.good_news or event.finding.severity > Severity.NOTICE)
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


@pytest.mark.parametrize("detector", DETECTORS)
def test_every_detector_shows_calm_sick_and_near_miss(detector: type[Detector]) -> None:
    specimens = detector.specimens()
    assert any(specimen.expects for specimen in specimens)
    assert any("near miss" in specimen.title for specimen in specimens)
    assert any(not specimen.expects and "near miss" not in specimen.title for specimen in specimens)
