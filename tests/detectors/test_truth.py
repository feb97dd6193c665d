"""Whatever is measured, in whatever order: nothing raises, and nothing said is false."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from typing import Any, cast

import pytest

from ganlab.detectors import DETECTORS, Specimen
from ganlab.finding import Finding, Symptom, finding_of_row, holds
from ganlab.observation import METRICS, Facts, Metrics, Observation
from ganlab.panel import DetectorPanel, Event

SEEDS = range(40)
POOL = [specimen for detector in DETECTORS for specimen in detector.specimens()]
ODD = (math.nan, math.inf, -math.inf, 0.0, -1.0, 1e-30, 3.4e38)


def tracks(rng: random.Random) -> Iterator[Specimen]:
    """Specimens one after another, most of them sick."""
    sick = [specimen for specimen in POOL if specimen.expects]
    while True:
        yield rng.choice(sick if rng.random() < 0.7 else POOL)


class Playing:
    """One specimen after another, each cut off where it likes."""

    def __init__(self, rng: random.Random) -> None:
        self._rng, self._tracks = rng, tracks(rng)
        self.begin(0)

    def begin(self, place: int) -> None:
        self.specimen, self._begun = next(self._tracks), place

    def look(self, place: int) -> Observation | None:
        """None once it has ended, or is cut off."""
        shown = self.specimen.observations
        if place - self._begun >= len(shown) or self._rng.random() < 0.004:
            return None
        return shown[place - self._begun]


class Noise:
    """Measurements as they come from a bad day: gaps, jumps, and no numbers for a while."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._gaps, self._strength = rng.random() / 3, rng.random() / 2
        self._lost: dict[str, int] = {}  # metrics that are no number until a look

    def on(self, metrics: dict[str, float], place: int) -> dict[str, float]:
        rng = self._rng
        heard = {name: _disturbed(rng, value, self._strength)
                 for name, value in metrics.items() if rng.random() >= self._gaps}  # fmt: skip
        if heard and rng.random() < 0.01:
            self._lost[rng.choice(list(heard))] = place + rng.randrange(100)
        lost = {name for name, end in self._lost.items() if place < end}
        heard |= dict.fromkeys(lost & heard.keys(), math.nan)
        if rng.random() < 0.03:
            heard[rng.choice(list(METRICS))] = rng.choice(ODD)
        return heard


def observations(seed: int) -> list[Observation]:
    """Several specimens at a time: noisy, gappy, out of bounds."""
    rng = random.Random(seed)
    playing = [Playing(rng) for _ in range(4)]
    facts: dict[str, Any] = dict(playing[0].specimen.observations[0].facts or {})
    looks: list[Observation] = []
    step, changes, every = 0, 0, rng.choice((1, 10, 10, 50))
    noise = Noise(rng)
    for place in range(900):
        metrics: dict[str, float] = {}
        changed = place == 0
        for one in playing:
            look = one.look(place)
            if look is None:
                one.begin(place)
                if rng.random() < 0.5:
                    facts |= one.specimen.observations[0].facts or {}
                changes += rng.random() < 0.7
                changed = True
            else:
                metrics |= cast(dict[str, float], look.metrics)
        told = cast(Facts, facts | {"changes": changes}) if changed else None
        looks.append(Observation(step, cast(Metrics, noise.on(metrics, place)), told))
        step += every if rng.random() < 0.98 else rng.randrange(1, 400)
    return looks


def _disturbed(rng: random.Random, value: float, noise: float) -> float:
    odd = rng.random()
    if odd < 0.004:
        return rng.choice(ODD)
    if odd < 0.01:
        return value * 10 ** rng.uniform(-6.0, 6.0)
    return value * (1.0 + noise * rng.gauss(0.0, 0.2))


def said(seed: int) -> list[tuple[int, Event]]:
    panel = DetectorPanel()
    return [(look.step, event) for look in observations(seed) for event in panel.update(look)]


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_false_is_said_of_random_measurements(seed: int) -> None:
    standing: dict[Symptom, Finding] = {}
    for step, event in said(seed):
        found = event.finding
        assert found.step == step
        assert all(holds(item.observed, item.relation, item.bound) for item in found.evidence)
        row = json.loads(json.dumps(found.as_row()))
        assert finding_of_row(row).as_row() == row
        if event.kind == "worsened":
            assert found.severity > standing[found.symptom].severity
        if event.kind == "closed":
            assert found.evidence and standing.pop(found.symptom).severity <= found.severity
        else:
            standing[found.symptom] = found


def test_the_random_measurements_make_every_detector_speak_and_fall_silent() -> None:
    expected = {specimen.expects for specimen in POOL if specimen.expects}
    opened: set[Symptom] = set()
    closed: set[Symptom] = set()
    for seed in range(5 * len(SEEDS)):  # a new specimen deals all seeds anew
        for _, event in said(seed):
            (closed if event.kind == "closed" else opened).add(event.finding.symptom)
        if expected <= opened & closed:
            break
    assert not expected - opened, "never said in any of the random streams"
    assert not expected - closed, "said, and never taken back, in the random streams"
