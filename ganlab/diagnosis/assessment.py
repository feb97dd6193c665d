"""A run in one word and one sentence: what is wrong, or how well an all-clear is founded."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ganlab.causes.changes import Change
from ganlab.causes.roster import Thresholds, spoken_of
from ganlab.causes.suspect import Suspect
from ganlab.diagnosis.diagnosing import diagnose
from ganlab.diagnosis.episode import last_episode
from ganlab.finding import Finding, Severity, Symptom
from ganlab.observation import Facts

_NAMED = 0.6  # confidence from which a cause counts as diagnosed
_REACHED = 0.9  # share of the modes with samples, from which none is called missing
_TOLD = 0.65  # AUC from which a linear test is said to tell samples from the data


class State(enum.StrEnum):
    """How a run stands. Only HEALTHY is an all-clear, and it is a measurement."""

    UNSEEN = "nothing wrong seen yet"  # young, or too little measured
    HEALTHY = "healthy"  # samples like the data, by the probe's own measures
    RECOVERING = "recovering"  # what was wrong has been removed, the samples are not back yet
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
    step: int | None = None,
    thresholds: Thresholds | None = None,
) -> Assessment:
    """The assessment of a run by its stored findings (all events), facts and last metrics.

    `step` is the run's last one, `thresholds` are of causes; see `diagnose`.
    """
    episode, going_on = last_episode(rows)
    suspects = diagnose(episode, facts, metrics, error, changes, step, thresholds)
    if error:
        return Assessment(State.FAILED, error.splitlines()[0], suspects)
    quiet, loud = _parted(episode)
    if going_on:
        standing = next(finding for finding in loud if finding.until is None)
        return Assessment(State.WRONG, standing.summary, suspects)
    # Wrong whatever is measured.
    built = diagnose(quiet, facts, metrics, changes=changes, thresholds=thresholds)
    if built and built[0].confidence >= _NAMED:
        return Assessment(State.WRONG, built[0].evidence[0], built)
    if like := [finding for finding in quiet if finding.symptom is Symptom.SAMPLES_LIKE_DATA]:
        return Assessment(State.HEALTHY, like[0].summary)
    if not loud:
        return Assessment(State.UNSEEN, _distance(metrics))
    return _after(suspects, loud, metrics, changes)


def _parted(episode: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """The findings up to a notice, and the graver ones."""
    quiet: list[Finding] = []
    loud: list[Finding] = []
    for finding in episode:
        (loud if finding.severity > Severity.NOTICE else quiet).append(finding)
    return quiet, loud


def _after(
    suspects: Sequence[Suspect],
    loud: Sequence[Finding],
    metrics: Mapping[str, Any],
    changes: Sequence[Change],
) -> Assessment:
    """What is said once the symptoms have passed and the samples are not like the data."""
    since = max(finding.step for finding in loud)
    later = {name for change in changes if change.step > since for name in change.after}
    cause = next((s for s in suspects if s.confidence >= _NAMED and _stands(s, later)), None)
    passed = ", ".join(dict.fromkeys(finding.symptom.value for finding in loud))
    if cause is not None:
        reason = f"{passed}: no longer measured, and the cause still stands. {cause.evidence[0]}"
        return Assessment(State.WRONG, reason, (cause,))
    return Assessment(State.RECOVERING, f"{passed}: over. {_distance(metrics)}")


def _stands(suspect: Suspect, later: Collection[str]) -> bool:
    """Whether a cause that was named is a setting still in force; a plain collapse is none.

    `later`: the settings that were changed since the symptoms; of those nothing is known any more.
    """
    if suspect.change is not None:
        return suspect.change.undone is None
    return suspect.cause != "mode-collapse" and not {*spoken_of(suspect.cause)} & {*later}


def _distance(metrics: Mapping[str, Any]) -> str:
    """How far the samples are from the data, in the probe's words."""
    test, missing = metrics.get("two_sample_auc"), metrics.get("missing_mass")
    if test is None or missing is None:
        return "Too little has been measured to say more."
    lacks = f"modes that hold {missing:.0%} are missing" if missing >= 1.0 - _REACHED else ""
    told = f"a linear test tells them at {test:.2f}" if test >= _TOLD else ""
    found = ", and ".join(filter(None, (told, lacks)))
    if found:
        return f"The samples are not like the data yet: {found}."
    return (
        f"A linear test hardly tells the samples from the data (AUC {test:.2f}; 0.5: chance). "
        "An all-clear takes every measure, over several probes."
    )
