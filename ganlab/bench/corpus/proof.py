"""Whether findings are proven by their own numbers: inequalities that do not hold, counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ganlab.finding import holds


@dataclass(frozen=True)
class Proof:
    """Findings that one run's detectors told, and those of them with evidence that is false."""

    said: int = 0  # opened or worsened
    false: int = 0
    closed: int = 0
    closed_false: int = 0


def proof_of(events: Iterable[Mapping[str, Any]]) -> Proof:
    """Counts the events of a run, as stored."""
    said: list[bool] = []
    closed: list[bool] = []
    for event in events:
        (closed if event["event"] == "closed" else said).append(_true(event))
    return Proof(len(said), said.count(False), len(closed), closed.count(False))


def _true(event: Mapping[str, Any]) -> bool:
    return all(
        holds(float(item["observed"]), item["relation"], float(item["bound"]))
        for item in event["evidence"]
    )


def told(proofs: Sequence[Proof]) -> str:
    """One line over the runs of the open part."""
    said, false = sum(p.said for p in proofs), sum(p.false for p in proofs)
    closed, stale = sum(p.closed for p in proofs), sum(p.closed_false for p in proofs)
    return (
        f"Open part, findings with false evidence: {false} of {said} (opened or worsened; in "
        f"{sum(bool(p.false) for p in proofs)} of {len(proofs)} runs), {stale} of {closed} closed "
        f"(in {sum(bool(p.closed_false) for p in proofs)} runs)."
    )
