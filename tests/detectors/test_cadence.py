"""However often a run is looked at, the detectors see the same failure."""

from __future__ import annotations

import pytest

from ganlab.detectors import Saturation
from ganlab.detectors.specimen import IMAGE_FACTS, stream
from ganlab.finding import Symptom
from ganlab.observation import Facts

SATURATING: Facts = {**IMAGE_FACTS, "loss": "saturating"}
FLAT = {"d_loss": 1e-4, "g_loss": 1e-5, "auc": 1.0, "loss_slope": 1e-5}
ALIVE = {"d_loss": 1.0, "g_loss": 1.0, "auc": 0.97, "loss_slope": 0.4}


def first_saturation(curves: dict[str, float], drift: float, every: int) -> int | None:
    detector = Saturation()
    looks = stream(SATURATING, curves, probes={"drift": drift}, every=every, steps=4000)
    for look in looks:
        found = detector.update(look)
        if found and found.symptom is Symptom.SATURATION:
            return look.step
    return None


@pytest.mark.parametrize("every", [1, 2, 5, 10, 20, 25, 50, 100, 250])
def test_a_flat_loss_is_seen_at_every_cadence(every: int) -> None:
    step = first_saturation(FLAT, 0.1, every)
    assert step is not None and step <= max(700, 10 * every)


@pytest.mark.parametrize("every", [1, 10, 50, 250])
def test_a_live_loss_is_left_in_peace_at_every_cadence(every: int) -> None:
    assert first_saturation(ALIVE, 0.1, every) is None
