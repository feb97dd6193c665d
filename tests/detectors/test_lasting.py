"""A hold keeps the finding it was opened with; what is not proven now cannot open."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ganlab.detectors import Detector, Specimen
from ganlab.detectors.base import Lasting, Window
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Observation
from ganlab.panel import DetectorPanel

BLIND, FALSE = Symptom.DISCRIMINATOR_BLIND, Symptom.FALSE_EQUILIBRIUM


def proof(step: int, symptom: Symptom = BLIND) -> Finding:
    evidence = (Evidence("auc", 0.5 + step / 1e6, "<", 0.6),)
    return Finding(symptom, Severity.WARNING, step, f"{step}", evidence)


def test_it_opens_once_proven_long_enough_and_closes_once_unproven_long_enough() -> None:
    lasting = Lasting(on=20, off=30)
    said = [lasting.update(step, proof(step) if step <= 50 else None) for step in range(0, 110, 10)]
    assert [found is not None for found in said] == [False] * 2 + [True] * 7 + [False] * 2


def test_it_says_what_was_last_proven_while_nothing_is() -> None:
    lasting = Lasting(on=0, off=100)
    lasting.update(0, proof(0))
    lasting.update(10, proof(10))
    assert lasting.update(20, None) == lasting.standing == proof(10)
    assert lasting.update(30, proof(30)) == proof(30)


def test_what_was_proven_before_it_opened_is_forgotten_with_it() -> None:
    lasting = Lasting(on=20, off=0)
    lasting.update(0, proof(0))
    assert lasting.update(10, None) is lasting.standing is None


class Two(Detector):
    """A false equilibrium that stands for 50 steps without proof, and a blind D for 500."""

    name = doc = source = formula = "scripted"
    needs = frozenset[str]()

    def __init__(self, false: Sequence[int], blind: Sequence[int]) -> None:
        self.proven = {FALSE: false, BLIND: blind}
        super().__init__()

    def _reset(self) -> None:
        self._lasting = {FALSE: Lasting(on=0, off=50), BLIND: Lasting(on=0, off=500)}

    def _judge(self, observation: Observation) -> Finding | None:
        step = observation.step
        return self._first(step, *(
            lasting.update(step, proof(step, symptom) if step in self.proven[symptom] else None)
            for symptom, lasting in self._lasting.items()
        ))  # fmt: skip

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return ()


def events(false: Sequence[int], blind: Sequence[int]) -> list[tuple[int, str, Symptom]]:
    panel = DetectorPanel([Two(false, blind)])
    return [
        (step, event.kind, event.finding.symptom)
        for step in range(0, 200, 10)
        for event in panel.update(Observation(step, {}))
    ]


def test_what_another_finding_hid_and_is_proven_no_more_does_not_open_after_it() -> None:
    assert events(false=[0, 10, 20], blind=[0]) == [(0, "opened", FALSE), (80, "closed", FALSE)]


def test_what_is_proven_again_opens() -> None:
    assert events(false=[0, 10, 20], blind=[0, 100])[2:] == [(100, "opened", BLIND)]


def test_what_is_proven_now_comes_before_what_may_not_open() -> None:
    assert events(false=[0], blind=range(0, 200, 10))[1:] == [
        (60, "closed", FALSE),
        (60, "opened", BLIND),
    ]


def test_a_window_with_a_value_that_is_no_number_has_no_median_and_no_spread() -> None:
    window = Window(100)
    for step, value in enumerate((1.0, math.nan, 3.0)):
        window.add(step, value)
    assert math.isnan(window.median()) and math.isnan(window.spread)
    for step in range(200, 300, 10):
        window.add(step, 2.0 + step / 1000)
    assert math.isclose(window.median(), 2.245) and math.isclose(window.spread, 0.09)
