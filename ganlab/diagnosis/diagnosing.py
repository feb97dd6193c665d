"""From symptoms and facts to ranked causes, live changes among them. Knows no training or page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ganlab.causes.changes import Change
from ganlab.causes.history import History
from ganlab.causes.roster import Thresholds
from ganlab.causes.suspect import Suspect
from ganlab.causes.weigh import CLEAR, ranked, weight
from ganlab.diagnosis.blame import End, blamed
from ganlab.finding import Finding
from ganlab.observation import Facts


def diagnose(
    findings: Sequence[Finding],
    facts: Facts,
    metrics: Mapping[str, Any],
    error: str = "",
    changes: Sequence[Change] = (),
    step: int | None = None,
    thresholds: Thresholds | None = None,
) -> tuple[Suspect, ...]:
    """The causes that fit what stands, the likeliest first; empty when nothing is wrong.

    `step` is the run's last one: without it, an error is held against no live change.
    `thresholds` of causes are by class and name.

    A live change that the symptoms followed comes first.
    """
    found = ranked(History(tuple(findings), facts, dict(metrics), error), thresholds)
    named = [suspect.cause for suspect in found if suspect.confidence >= CLEAR]
    end = End(step, error) if error and step is not None else None
    live = blamed(changes, findings, named, end)
    first = live[:1] if live and live[0].confidence >= CLEAR else ()
    return (*first, *sorted((*found, *live[len(first) :]), key=weight))
