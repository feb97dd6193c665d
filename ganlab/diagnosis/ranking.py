"""From symptoms and facts to ranked causes. Pure; knows no training, file or page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ganlab.diagnosis.balance import BALANCE
from ganlab.diagnosis.blame import End, blamed
from ganlab.diagnosis.changes import Change
from ganlab.diagnosis.players import PLAYERS
from ganlab.diagnosis.scene import Scene, Suspect
from ganlab.diagnosis.wiring import WIRING
from ganlab.finding import Finding
from ganlab.observation import Facts

_CLEAR = 0.6  # confidence from which a cause explains others away


def diagnose(
    findings: Sequence[Finding],
    facts: Facts,
    metrics: Mapping[str, Any],
    error: str = "",
    changes: Sequence[Change] = (),
    step: int | None = None,
) -> tuple[Suspect, ...]:
    """The causes that fit what stands, the likeliest first; empty when nothing is wrong.

    `step` is the run's last one: without it, an error is held against no live change.

    A live change that the symptoms followed comes first. Of the rest, a cause that comes earlier in
    the chain (bug, non-finite, scale, dead network, critic, balance, overfit, momentum, collapse)
    explains later ones away.
    """
    scene = Scene(findings, facts, metrics, error)
    found: list[Suspect] = []
    clear: list[Suspect] = []  # of the ranks before this one
    for rank in (*WIRING, *PLAYERS, *BALANCE):
        new = [suspect for rule in rank if (suspect := rule(scene))]
        found += [_behind(suspect, clear[0]) if clear else suspect for suspect in new]
        clear += [suspect for suspect in new if suspect.confidence >= _CLEAR]
    found.sort(key=lambda suspect: -suspect.confidence)
    named = [suspect.cause for suspect in found if suspect.confidence >= _CLEAR]
    end = End(step, error) if error and step is not None else None
    live = blamed(changes, findings, named, end)
    if live and live[0].confidence >= _CLEAR:
        return (live[0], *sorted((*live[1:], *found), key=lambda suspect: -suspect.confidence))
    return tuple(sorted((*found, *live), key=lambda suspect: -suspect.confidence))


def _behind(suspect: Suspect, first: Suspect) -> Suspect:
    """A suspect whose symptoms an earlier cause explains."""
    word = f"{first.cause} comes earlier and explains the same symptoms."
    return replace(
        suspect, confidence=round(suspect.confidence / 2, 3), against=(*suspect.against, word)
    )
