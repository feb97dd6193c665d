"""Which metrics show what a case is about, from what it expects and how that is proven. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from ganlab.casebook.case import Case, Declined, Expectation, Named, Signature
from ganlab.detectors import DETECTORS
from ganlab.finding import Finding, Symptom
from ganlab.observation import METRICS
from ganlab.panel import DetectorPanel

_EACH = 2  # metrics of a symptom: those that its evidence names first


def signature(case: Case) -> tuple[str, ...]:
    """The metrics to look at first: those that the case names, then those that prove it."""
    expected = [metric for item in case.expects for metric in _spoken_of(item)]
    return tuple(dict.fromkeys([*case.shows, *expected]))


def _spoken_of(expected: Expectation) -> tuple[str, ...]:
    if isinstance(expected, Signature | Declined):
        return (expected.metric,)
    return proof(expected.symptom)[:_EACH] if isinstance(expected, Named) else ()


@cache
def proof(symptom: Symptom) -> tuple[str, ...]:
    """The metrics in the evidence that a detector gives of the symptom.

    None where it is told from the settings and the data alone.
    """
    told = [
        metric
        for found in _every_finding()
        if found.symptom == symptom
        for metric in named_in(item.metric for item in found.evidence)
    ]
    return tuple(dict.fromkeys(told))


def named_in(evidence: Iterable[str]) -> list[str]:
    """The metrics of which the evidence speaks: "grad_norm_g / input_gradient" names two."""
    return [word for text in evidence for word in text.split() if word in METRICS]


@cache
def _every_finding() -> tuple[Finding, ...]:
    """What the detectors say of their own streams."""
    return tuple(
        event.finding
        for kind in DETECTORS
        for specimen in kind.specimens()
        for panel in [DetectorPanel([kind()])]
        for look in specimen.observations
        for event in panel.update(look)
    )
