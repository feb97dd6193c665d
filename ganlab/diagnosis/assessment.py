"""A run in one word and one sentence: what is wrong, or how well an all-clear is founded."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ganlab.diagnosis.changes import Change
from ganlab.diagnosis.episode import last_episode
from ganlab.diagnosis.ranking import diagnose
from ganlab.diagnosis.scene import Suspect
from ganlab.finding import Severity, Symptom
from ganlab.observation import Facts


class State(enum.StrEnum):
    """How a run stands. Only HEALTHY is an all-clear, and it is a measurement."""

    UNSEEN = "nothing wrong seen yet"  # young, or too little measured
    HEALTHY = "healthy"  # samples like the data, by the probe's own measures
    RECOVERING = "recovering"  # what was wrong has passed, the samples are not back yet
    WRONG = "something is wrong"
    FAILED = "failed"  # an error ended it


@dataclass(frozen=True)
class Assessment:
    """The state, the sentence that founds it, and the suspects, the likeliest first."""

    state: State
    reason: str
    suspects: tuple[Suspect, ...] = ()


def assess(
    rows: Iterable[Mapping[str, Any]],
    facts: Facts,
    metrics: Mapping[str, Any],
    error: str = "",
    changes: Sequence[Change] = (),
) -> Assessment:
    """The assessment of a run by its stored findings (all events), facts and last metrics."""
    events = list(rows)
    findings, going_on = last_episode(events)
    if not going_on:
        findings = tuple(finding for finding in findings if finding.severity <= Severity.NOTICE)
    suspects = diagnose(findings, facts, metrics, error, changes)
    if error:
        return Assessment(State.FAILED, error.splitlines()[0], suspects)
    if going_on:
        loud = [finding for finding in findings if finding.severity > Severity.NOTICE]
        return Assessment(State.WRONG, loud[0].summary, suspects)
    like = [finding for finding in findings if finding.symptom is Symptom.SAMPLES_LIKE_DATA]
    if like:
        return Assessment(State.HEALTHY, like[0].summary, suspects)
    if any(row["severity"] != "notice" for row in events):
        return Assessment(
            State.RECOVERING, "No symptom stands, and samples are not like the data yet.", suspects
        )
    return Assessment(State.UNSEEN, "Samples are not like the data yet.", suspects)
