"""A stream of observations shown to the detectors again: findings and causes, without training."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ganlab.detectors import DETECTORS
from ganlab.diagnosis import Suspect, diagnose, last_episode
from ganlab.finding import Finding
from ganlab.observation import Facts, Observation
from ganlab.panel import DetectorPanel

Thresholds = Mapping[str, Mapping[str, float]]  # by detector and by name


@dataclass(frozen=True)
class Replay:
    """What the detectors say of a run, and what that points to."""

    events: Sequence[Mapping[str, Any]]  # findings opened, worsened, closed, as stored
    findings: tuple[Finding, ...]
    suspects: tuple[Suspect, ...]
    going_on: bool  # whether something above notice stands at the last step


def replay(
    observations: Iterable[Observation], changed: Thresholds | None = None, error: str = ""
) -> Replay:
    """The detectors, with the changed thresholds, over the observations. Trains nothing."""
    panel = DetectorPanel(d(**(changed or {}).get(d.__name__, {})) for d in DETECTORS)
    facts: Facts = {}
    metrics: dict[str, Any] = {}
    events: list[Mapping[str, Any]] = []
    for observation in observations:
        facts = {**facts, **(observation.facts or {})}
        metrics |= observation.metrics
        events += [event.as_row() for event in panel.update(observation)]
    findings, going_on = last_episode(events)
    return Replay(events, findings, diagnose(findings, facts, metrics, error), going_on)
