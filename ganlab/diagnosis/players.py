"""Causes in one network: steps too large for it, or a critic without its bound."""

from __future__ import annotations

from ganlab.causes.history import History
from ganlab.causes.suspect import Suspect
from ganlab.config import ADAPTIVE
from ganlab.finding import Symptom
from ganlab.rates import SMALL, too_large, usual_words

_KILLED = (
    Symptom.CLAMP_DEATH,
    Symptom.DEAD_UNITS,
    Symptom.FALSE_EQUILIBRIUM,
    Symptom.OUTPUT_SATURATION,
    Symptom.TOTAL_COLLAPSE,
    Symptom.SATURATION,
    Symptom.PARTIAL_COLLAPSE,
    Symptom.OFF_DATA,
)


def too_large_steps(history: History) -> Suspect | None:
    """Steps so large that a network is thrown where it has no gradient."""
    proof = history.proof(*_KILLED)
    if not proof:
        return None
    rates = history.facts.get("lr_d", 0.0), history.facts.get("lr_g", 0.0)
    large = [
        f"{player}'s learning rate is {rate:g} with {rule or 'its optimiser'}; {usual_words(rule)}"
        for player, rule, rate in zip("dg", history.optimisers(), rates, strict=True)
        if rate and too_large(rule, rate)
    ]
    if large:
        return Suspect(
            "learning-rate-too-high",
            0.9,
            (*large, *proof[:2]),
            (),
            "Not saturation by D alone: units, logits or outputs left their active range within "
            f"{min(f.step for f in history.symptoms.values() if f.symptom in _KILLED)} steps.",
        )
    if not history.has(Symptom.DEAD_UNITS, Symptom.CLAMP_DEATH):
        return None
    return Suspect(
        "learning-rate-too-high",
        0.35,
        proof[:2],
        (f"The {history.rates()} are usual ones.",),
        "Another cause may have pushed the units off; see the next suspects.",
    )


def too_small_steps(history: History) -> Suspect | None:
    """Steps so small that both networks stay where they began."""
    rates = history.facts.get("lr_d", 0.0), history.facts.get("lr_g", 0.0)
    adaptive = all(rule in ADAPTIVE for rule in history.optimisers())
    if not adaptive or not 0.0 < max(rates) <= SMALL or not history.loud:
        return None
    moved = history.number("update_ratio_g")
    words = () if moved is None else (f"G's weights move by {moved:.2g} of themselves a step.",)
    return Suspect(
        "learning-rate-too-low",
        0.85,
        (f"The {history.rates()} with Adam; 2e-4 to 1e-3 are usual.", *words,
         *history.proof(*history.loud)[:2]),
        (),
        "Not one player against the other: both are slow.",
    )  # fmt: skip
