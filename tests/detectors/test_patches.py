"""What a patch makes a detector forget, and what not."""

from __future__ import annotations

from ganlab.detectors import ScalingMismatch, TotalCollapse
from ganlab.detectors.specimen import IMAGE_FACTS
from ganlab.finding import Severity, Symptom
from ganlab.observation import Facts, Metrics, Observation

NARROW: Metrics = {"diversity": 0.05, "top_bin": 1.0}


def test_a_collapse_stands_until_the_samples_move_apart_whatever_is_patched() -> None:
    detector = TotalCollapse()
    for step in range(0, 2000, 50):
        detector.update(Observation(step, NARROW, IMAGE_FACTS if step == 0 else None))
    patched: Facts = {**IMAGE_FACTS, "loss": "relativistic", "head": "logits"}
    after = detector.update(Observation(2000, NARROW, patched))
    assert after is not None and after.symptom is Symptom.TOTAL_COLLAPSE
    assert detector.update(Observation(2050, {"diversity": 0.6, "top_bin": 0.2})) is None


def test_a_range_that_fits_again_closes_the_finding_at_once() -> None:
    detector = ScalingMismatch()
    sigmoid: Facts = {**IMAGE_FACTS, "output": "sigmoid", "unreachable": 0.8}
    opened = detector.update(Observation(0, {}, sigmoid))
    assert opened is not None and opened.severity is Severity.FAILURE
    assert detector.update(Observation(10, {}, IMAGE_FACTS)) is None
