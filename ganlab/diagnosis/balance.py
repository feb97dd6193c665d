"""Causes in the game: one player outruns the other, too few images, momentum, plain collapse."""

from __future__ import annotations

from ganlab.causes.history import History
from ganlab.causes.suspect import Suspect
from ganlab.config import ADAPTIVE
from ganlab.finding import Symptom

_WINS = (Symptom.SATURATION, Symptom.DISCRIMINATOR_DOMINATES)
_COLLAPSED = (Symptom.TOTAL_COLLAPSE, Symptom.PARTIAL_COLLAPSE, Symptom.MODE_HOPPING)
_LOST = (Symptom.DISCRIMINATOR_BLIND, Symptom.FALSE_EQUILIBRIUM)
# What a G that overshoots leaves behind; seen with beta1 of 0.95 and more.
_ERRATIC = (
    Symptom.DEAD_UNITS,
    Symptom.SCALING_MISMATCH,
    Symptom.QUALITY_DECLINE,
    Symptom.OFF_DATA,
)
_UNMOVED = (
    Symptom.OFF_DATA,
    Symptom.BARELY_MOVING,
    Symptom.CLAMP_DEATH,
    Symptom.QUALITY_DECLINE,
)
_ASTRAY = (Symptom.OSCILLATION, Symptom.OFF_DATA)
_SLOW = 3e-4  # the largest learning rate at which the lab has seen labels ignored
_SPECKLE = 1.4  # pixelwise deviation of fakes / of reals


def strong_d(history: History) -> Suspect | None:
    """D outruns G by steps, size or learning rate."""
    left_behind = history.rate_ratio >= 10.0 and history.has(Symptom.UPDATE_IMBALANCE)
    if not history.adversarial or not (history.has(*_WINS, *_COLLAPSED) or left_behind):
        return None
    steps, size, rate = history.facts.get("n_critic", 1), history.size_ratio, history.rate_ratio
    reasons = []
    if steps > 1:
        reasons.append(f"D takes {steps} steps for each of G's.")
    if size >= 4.0:
        reasons.append(f"D has {size:.1f} times G's parameters.")
    structural = len(reasons)
    if rate >= 2.0:
        reasons.append(f"D's learning rate is {rate:g} times G's ({history.rates()}).")
    if not reasons and not history.has(*_WINS):
        return None
    auc = history.number("auc")
    against = () if auc is None or auc > 0.9 else (f"D ranks only {auc:.0%} of the pairs right.",)
    return Suspect(
        "discriminator-too-strong",
        0.9 if structural else 0.8 if reasons else 0.35,
        (*reasons, *history.proof(*_WINS, *_COLLAPSED, Symptom.UPDATE_IMBALANCE)[:2]),
        against if reasons else (*against, "Steps, sizes and learning rates are balanced."),
        "A D that is sure because of the ranges would be named range-mismatch; "
        f"{history.facts.get('unreachable', 0.0):.0%} of the real values are out of G's reach.",
    )


def weak_d(history: History) -> Suspect | None:
    """D cannot tell, and so teaches nothing."""
    slow = history.rate_ratio <= 0.5
    if not (history.has(*_LOST) or (slow and history.has(*_COLLAPSED, *_ASTRAY))):
        return None
    against = () if slow else (f"The {history.rates()} do not make D the slower one.",)
    words = (f"D's learning rate is {history.rate_ratio:g} times G's ({history.rates()}).",)
    sure = history.has(*_WINS)
    return Suspect(
        "discriminator-too-weak",
        (0.85 if slow else 0.4) - (0.3 if sure else 0.0),
        (*(words if slow else ()), *history.proof(*_LOST, *_COLLAPSED, *_ASTRAY)[:3]),
        (*against, *(("D was sure of every sample for a while.",) if sure else ())),
        _test_words(history),
    )


def _test_words(history: History) -> str:
    test, auc = history.number("two_sample_auc"), history.number("auc")
    if test is None or auc is None:
        return "Not an equilibrium: samples are wrong."
    return f"Not an equilibrium: a linear test tells fakes at {test:.2f}, D itself at {auc:.2f}."


def momentum(history: History) -> Suspect | None:
    """Adam's default beta1."""
    betas = history.facts.get("momentum_d", 0.0), history.facts.get("momentum_g", 0.0)
    adaptive = any(rule in ADAPTIVE for rule in history.optimisers())
    heavy = max(betas) >= 0.95
    symptoms = (*_COLLAPSED, Symptom.OSCILLATION, *_WINS, *(_ERRATIC if heavy else ()))
    if not adaptive or max(betas) < 0.9 or not history.has(*symptoms):
        return None
    return Suspect(
        "adam-momentum",
        0.85 if heavy else 0.8,
        (f"Adam's beta1 is {betas[0]:g} (D) and {betas[1]:g} (G); 0 to 0.5 is usual for GANs.",
         *history.proof(*symptoms)[:2]),
        (),
        f"Not an imbalance: the {history.rates()}.",
    )  # fmt: skip


def optimiser(history: History) -> Suspect | None:
    """Plain SGD where Adam is needed."""
    rules = history.optimisers()
    symptoms = (*_COLLAPSED, *_WINS, *_UNMOVED)
    if not all(rule in ("sgd", "momentum") for rule in rules) or not history.has(*symptoms):
        return None
    return Suspect(
        "optimizer-unsuited",
        0.8,
        (f"Both networks train with SGD at {history.rates()}.", *history.proof(*symptoms)[:2]),
        (),
        "Not steps that are too large: SGD at 0.2 or more is named learning-rate-too-high.",
    )


def slow_rate(history: History) -> Suspect | None:
    """Updates so small that the label has no say yet."""
    finding = history.symptoms.get(Symptom.CONDITIONAL_COLLAPSE)
    rate = max(history.facts.get("lr_d", 1.0), history.facts.get("lr_g", 1.0))
    ratio = history.number("std_ratio") or 0.0
    conditional = history.facts.get("conditional", "none") != "none"
    speckled = conditional and ratio > _SPECKLE
    if (finding is None and not speckled) or rate > _SLOW or history.has(*_COLLAPSED):
        return None
    words = [f"The {history.rates()}; 1e-3 is five times as much and still usual."]
    words += [history.summary(Symptom.CONDITIONAL_COLLAPSE)] if finding else []
    words += [f"Generated pixels vary {ratio:.1f} times as much as real ones."] if speckled else []
    return Suspect(
        "learning-rate-too-low",
        0.7 if finding and history.has(Symptom.CONDITIONAL_COLLAPSE) else 0.5,
        tuple(words),
        ("It may pass with longer training at the same rates.",),
        "Not a condition without information: real classes differ, and labels are drawn with them.",
    )


def collapse(history: History) -> Suspect | None:
    """Few modes, and nothing behind it that is known."""
    if not history.has(*_COLLAPSED):
        return None
    output = history.facts.get("output", "")
    reason = (f"G ends in {output} without normalisation in between.",) if (
        "sigmoid" in output and history.facts.get("norm_g") == "none"
    ) else ()  # fmt: skip
    return Suspect(
        "mode-collapse",
        0.6,
        (*history.proof(*_COLLAPSED), *reason),
        (),
        f"Ranges fit ({history.facts.get('unreachable', 0.0):.0%} of the real values out of "
        f"reach), {history.rates()}, beta1 or momentum {history.facts.get('momentum_g', 0.0):g}.",
    )
