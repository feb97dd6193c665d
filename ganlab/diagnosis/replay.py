"""A stream of observations shown to the detectors again: findings and causes, without training."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ganlab.causes.changes import Change
from ganlab.causes.roster import Thresholds
from ganlab.causes.suspect import Suspect
from ganlab.detectors import DETECTORS
from ganlab.diagnosis.assessment import State, assess
from ganlab.diagnosis.diagnosing import diagnose
from ganlab.diagnosis.episode import last_episode
from ganlab.finding import Finding
from ganlab.observation import Facts, Observation
from ganlab.panel import DetectorPanel


@dataclass(frozen=True)
class Replay:
    """What the detectors say of a run, and what that points to."""

    events: Sequence[Mapping[str, Any]]  # findings opened, worsened, closed, as stored
    findings: tuple[Finding, ...]
    suspects: tuple[Suspect, ...]
    going_on: bool  # whether something above notice stands at the last step
    state: State
    reason: str  # what founds the state, as a sentence


def replay(
    observations: Iterable[Observation],
    changed: Thresholds | None = None,
    error: str = "",
    changes: Sequence[Change] = (),
) -> Replay:
    """The detectors and causes, with the changed thresholds, over the observations. Trains nothing.

    The suspects are those of the last episode, whether or not it still goes on.
    """
    panel = DetectorPanel(d(**(changed or {}).get(d.__name__, {})) for d in DETECTORS)
    facts: Facts = {}
    metrics: dict[str, Any] = {}
    events: list[Mapping[str, Any]] = []
    step = 0
    for observation in observations:
        step = observation.step
        facts = {**facts, **(observation.facts or {})}
        metrics |= observation.metrics
        events += [event.as_row() for event in panel.update(observation)]
    findings, going_on = last_episode(events)
    suspects = diagnose(findings, facts, metrics, error, changes, step, changed)
    said = assess(events, facts, metrics, error, changes, step, changed)
    return Replay(events, findings, suspects, going_on, said.state, said.reason)
