"""The panel opens, worsens and closes findings; nothing else is an event."""

from __future__ import annotations

from collections.abc import Iterable

from ganlab.detectors import Detector, Specimen
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Metrics, Observation
from ganlab.panel import DetectorPanel

Answer = tuple[Symptom, Severity] | None
COLLAPSE, SATURATION = Symptom.TOTAL_COLLAPSE, Symptom.SATURATION


class Scripted(Detector):
    """Says what it was told to, one answer an observation."""

    name = doc = source = "scripted"
    needs = frozenset[str]()

    def __init__(self, answers: Iterable[Answer]) -> None:
        self._answers = list(answers)
        super().__init__()

    def _reset(self) -> None:
        """Nothing to forget."""

    def _judge(self, observation: Observation) -> Finding | None:
        answer = self._answers[observation.step]
        if answer is None:
            return None
        proof = Evidence("x", 1.0, ">", 0.5)
        return Finding(answer[0], answer[1], observation.step, "scripted", (proof,))

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return ()


def events(*answers: Answer) -> list[tuple[int, str, str]]:
    panel = DetectorPanel([Scripted(answers)])
    return [
        (event.finding.step, event.kind, event.finding.severity.name)
        for step in range(len(answers))
        for event in panel.update(Observation(step, {}))
    ]


def test_a_finding_opens_once_and_closes() -> None:
    warning = (COLLAPSE, Severity.WARNING)
    assert events(None, warning, warning, None, None) == [
        (1, "opened", "WARNING"),
        (3, "closed", "WARNING"),
    ]


def test_a_finding_worsens() -> None:
    assert events((COLLAPSE, Severity.WARNING), (COLLAPSE, Severity.FAILURE)) == [
        (0, "opened", "WARNING"),
        (1, "worsened", "FAILURE"),
    ]


def test_another_or_a_milder_symptom_closes_the_first() -> None:
    assert events((COLLAPSE, Severity.FAILURE), (SATURATION, Severity.FAILURE)) == [
        (0, "opened", "FAILURE"),
        (1, "closed", "FAILURE"),
        (1, "opened", "FAILURE"),
    ]
    assert events((COLLAPSE, Severity.FAILURE), (COLLAPSE, Severity.NOTICE))[1:] == [
        (1, "closed", "FAILURE"),
        (1, "opened", "NOTICE"),
    ]


def test_what_stands_is_listed_worst_first() -> None:
    panel = DetectorPanel(
        [Scripted([(COLLAPSE, Severity.NOTICE)]), Scripted([(SATURATION, Severity.FAILURE)])]
    )
    panel.update(Observation(0, {}))
    assert [finding.symptom for finding in panel.open] == [SATURATION, COLLAPSE]


def test_a_user_s_loop_without_probes_is_no_error() -> None:
    panel = DetectorPanel()
    for step in range(0, 1000, 10):
        panel.update(Observation(step, {"d_loss": 1.0, "g_loss": 1.0}))
    assert panel.open == []


def test_a_detector_is_left_out_until_all_it_needs_has_been_measured() -> None:
    probes: Metrics = {"fake_low": -40.0, "fake_high": 40.0, "overflow": 0.9}
    panel = DetectorPanel()
    for step in range(0, 1000, 10):
        panel.update(Observation(step, probes))
    assert panel.open == []
