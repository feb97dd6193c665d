"""Causes in the code and the data: bugs, non-finite values, ranges."""

from __future__ import annotations

from ganlab.causes.history import History
from ganlab.causes.suspect import Suspect
from ganlab.finding import Finding, Symptom


def overflow(history: History) -> Suspect | None:
    """Values that are no longer finite, or explode, at steps too large."""
    if not history.has(Symptom.DIVERGENCE):
        return None
    finite = all(item.relation != "beyond" for item in
                 history.symptoms[Symptom.DIVERGENCE].evidence)  # fmt: skip
    if finite and history.has(Symptom.CLAMP_DEATH, Symptom.SCALING_MISMATCH):
        return None  # a consequence: what follows a death is no divergence of its own
    return Suspect(
        "learning-rate-too-high",
        0.45 if finite else 0.8,
        (*history.proof(Symptom.DIVERGENCE), f"The {history.rates()}."),
        ("All values are still finite.",) if finite else (),
        "Not half precision: the lab trains in float32, whose largest number is 3.4e38.",
    )


def range_mismatch(history: History) -> Suspect | None:
    """Real and generated values live in different ranges."""
    finding = history.symptoms.get(Symptom.SCALING_MISMATCH)
    if finding is None or not history.has(Symptom.SCALING_MISMATCH):
        return None
    output, data = (
        history.facts.get("output", "output"),
        history.facts.get("data_range", "the data"),
    )
    first = finding.evidence[0]
    static = first.metric in ("unreachable", "waste")
    narrow = not static and first.relation == "<"
    # A G that runs from mode to mode overshoots the range on its way.
    earlier = [] if static else history.since(Symptom.SCALING_MISMATCH, 200)
    wild = not static and history.has(
        Symptom.MODE_HOPPING, Symptom.FALSE_EQUILIBRIUM, Symptom.DISCRIMINATOR_BLIND
    )
    placed = not static and not narrow and history.points
    against = []
    if placed:
        against.append("Points need an output without bounds: G places samples wrongly, no more.")
    if narrow:
        against.append("G makes too narrow a range, which a G that stands still does too.")
    if earlier:
        against.append(f"It came more than 200 steps after {earlier[0]}.")
    if wild:
        against.append("G moves about while D cannot tell, and overshoots the range on its way.")
    if static and first.metric == "waste" and first.observed < 0.9:
        against.append("G can reach every real value, and may learn to use half of its range.")
    return Suspect(
        "range-mismatch",
        0.95 if static else 0.3 if narrow or earlier or wild or placed else 0.75,
        (
            f"G's output is {output}, the data lie in {data}.",
            history.summary(Symptom.SCALING_MISMATCH),
            str(first),
        ),
        tuple(against),
        _by_range(finding, history),
    )


def _by_range(finding: Finding, history: History) -> str:
    lost = history.facts.get("unreachable", 0.0)
    test = history.number("two_sample_auc")
    told = "" if test is None else f" A linear test tells fakes from reals at {test:.2f}."
    return (
        f"Not a D that is too strong by itself: {lost:.0%} of the real values lie where G cannot "
        f"go, and finding {finding.symptom} opened at step {finding.step}.{told}"
    )
