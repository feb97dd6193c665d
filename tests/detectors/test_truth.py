"""Whatever is measured, in whatever order: nothing raises, and nothing said is false."""

from __future__ import annotations

import itertools
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


def observations(seed: int) -> list[Observation]:
    """Several specimens at a time, each cut off where it likes: noisy, gappy, out of bounds."""
    rng = random.Random(seed)
    sources = [tracks(rng) for _ in range(4)]
    playing = [(next(source), 0, 0) for source in sources]  # what, from which look, from which step
    facts: dict[str, Any] = dict(playing[0][0].observations[0].facts or {})
    looks: list[Observation] = []
    lost: dict[str, int] = {}  # metrics that are no number until a look
    changes = 0
    step, every, gaps, noise = 0, rng.choice((1, 10, 10, 50)), rng.random() / 3, rng.random() / 2
    for place in range(900):
        metrics: dict[str, float] = {}
        changed = place == 0
        for at, (specimen, begun, _) in enumerate(playing):
            shown = specimen.observations
            if place - begun >= len(shown) or rng.random() < 0.004:
                playing[at] = (next(sources[at]), place, step)
                facts |= playing[at][0].observations[0].facts or {} if rng.random() < 0.5 else {}
                changes += rng.random() < 0.7
                changed = True
                continue
            metrics |= cast(dict[str, float], shown[place - begun].metrics)
        metrics = {name: _disturbed(rng, value, noise)
                   for name, value in metrics.items() if rng.random() >= gaps}  # fmt: skip
        if metrics and rng.random() < 0.01:
            lost[rng.choice(list(metrics))] = place + rng.randrange(100)
        metrics |= {name: math.nan for name, end in lost.items() if place < end and name in metrics}
        if rng.random() < 0.03:
            metrics[rng.choice(list(METRICS))] = rng.choice(ODD)
        told = cast(Facts, facts | {"changes": changes}) if changed else None
        looks.append(Observation(step, cast(Metrics, metrics), told))
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
    for _, event in itertools.chain.from_iterable(map(said, SEEDS)):
        (closed if event.kind == "closed" else opened).add(event.finding.symptom)
    assert expected <= opened
    assert expected <= closed
