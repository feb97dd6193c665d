"""Ranges of samples: those of many batches as one, and in words."""

from __future__ import annotations

import statistics

from ganlab.causes.history import History
from ganlab.causes.trace import Span
from ganlab.finding import Finding


def joined(spans: list[Span]) -> Span:
    """All of them as one."""
    return Span(
        min(s.low for s in spans),
        max(s.high for s in spans),
        statistics.mean(s.mean for s in spans),
        statistics.mean(s.std for s in spans),
    )


def words(history: History, real: Span, bounds: tuple[float, float]) -> str:
    """What a script's G reaches, and where the real samples lie."""
    return (
        f"G ends in {history.activation.lower()}, which reaches [{bounds[0]:g}, {bounds[1]:g}]; "
        f"the real samples that D gets lie in [{real.low:.3g}, {real.high:.3g}] (standard "
        f"deviation {real.std:.3g})."
    )


def by_range(finding: Finding, history: History) -> str:
    """Why it is the ranges, in the lab."""
    lost = history.facts.get("unreachable", 0.0)
    test = history.number("two_sample_auc")
    told = "" if test is None else f" A linear test tells fakes from reals at {test:.2f}."
    return (
        f"Not a D that is too strong by itself: {lost:.0%} of the real values lie where G cannot "
        f"go, and finding {finding.symptom} opened at step {finding.step}.{told}"
    )
