"""Causes in the game: one player outruns the other, too few images, momentum, plain collapse."""

from __future__ import annotations

from ganlab.config import ADAPTIVE
from ganlab.diagnosis.scene import Rule, Scene, Suspect
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


def saturating_loss(scene: Scene) -> Suspect | None:
    """log(1 - D(G(z))) under a D that is sure."""
    if scene.facts.get("loss") != "saturating" or not scene.has(*_WINS):
        return None
    slope = scene.number("loss_slope")
    steep = "" if slope is None else f", and its slope at D's output is {slope:.2g}"
    return Suspect(
        "saturating-generator-loss",
        0.85,
        (f"G minimises log(1 - D(G(z))){steep}.", *scene.proof(*_WINS)),
        (),
        f"What made D sure is a second question: {scene.rates()}, "
        f"{scene.facts.get('n_critic', 1)} D steps for each of G's.",
    )


def strong_d(scene: Scene) -> Suspect | None:
    """D outruns G by steps, size or learning rate."""
    left_behind = scene.rate_ratio >= 10.0 and scene.has(Symptom.UPDATE_IMBALANCE)
    if not scene.adversarial or not (scene.has(*_WINS, *_COLLAPSED) or left_behind):
        return None
    steps, size, rate = scene.facts.get("n_critic", 1), scene.size_ratio, scene.rate_ratio
    reasons = []
    if steps > 1:
        reasons.append(f"D takes {steps} steps for each of G's.")
    if size >= 4.0:
        reasons.append(f"D has {size:.1f} times G's parameters.")
    structural = len(reasons)
    if rate >= 2.0:
        reasons.append(f"D's learning rate is {rate:g} times G's ({scene.rates()}).")
    if not reasons and not scene.has(*_WINS):
        return None
    auc = scene.number("auc")
    against = () if auc is None or auc > 0.9 else (f"D ranks only {auc:.0%} of the pairs right.",)
    return Suspect(
        "discriminator-too-strong",
        0.9 if structural else 0.8 if reasons else 0.35,
        (*reasons, *scene.proof(*_WINS, *_COLLAPSED, Symptom.UPDATE_IMBALANCE)[:2]),
        against if reasons else (*against, "Steps, sizes and learning rates are balanced."),
        "A D that is sure because of the ranges would be named range-mismatch; "
        f"{scene.facts.get('unreachable', 0.0):.0%} of the real values are out of G's reach.",
    )


def weak_d(scene: Scene) -> Suspect | None:
    """D cannot tell, and so teaches nothing."""
    slow = scene.rate_ratio <= 0.5
    if not (scene.has(*_LOST) or (slow and scene.has(*_COLLAPSED, *_ASTRAY))):
        return None
    against = () if slow else (f"The {scene.rates()} do not make D the slower one.",)
    words = (f"D's learning rate is {scene.rate_ratio:g} times G's ({scene.rates()}).",)
    sure = scene.has(*_WINS)
    return Suspect(
        "discriminator-too-weak",
        (0.85 if slow else 0.4) - (0.3 if sure else 0.0),
        (*(words if slow else ()), *scene.proof(*_LOST, *_COLLAPSED, *_ASTRAY)[:3]),
        (*against, *(("D was sure of every sample for a while.",) if sure else ())),
        _test_words(scene),
    )


def _test_words(scene: Scene) -> str:
    test, auc = scene.number("two_sample_auc"), scene.number("auc")
    if test is None or auc is None:
        return "Not an equilibrium: samples are wrong."
    return f"Not an equilibrium: a linear test tells fakes at {test:.2f}, D itself at {auc:.2f}."


def few_images(scene: Scene) -> Suspect | None:
    """D knows its images by heart."""
    if not scene.has(Symptom.MEMORISATION):
        return None
    size = scene.facts.get("train_size", 0)
    few = 0 < size < 5000
    return Suspect(
        "too-few-images",
        0.92 if few else 0.6,
        (f"D sees {size} real images.",
         *scene.proof(Symptom.MEMORISATION, Symptom.QUALITY_DECLINE)),
        () if few else (f"{size} images are not few; D has many parameters or many epochs.",),
        "Not a D that is too strong for G: held-out reals score lower as well, which only "
        "memorising explains.",
    )  # fmt: skip


def momentum(scene: Scene) -> Suspect | None:
    """Adam's default beta1."""
    betas = scene.facts.get("momentum_d", 0.0), scene.facts.get("momentum_g", 0.0)
    adaptive = any(rule in ADAPTIVE for rule in scene.optimisers())
    heavy = max(betas) >= 0.95
    symptoms = (*_COLLAPSED, Symptom.OSCILLATION, *_WINS, *(_ERRATIC if heavy else ()))
    if not adaptive or max(betas) < 0.9 or not scene.has(*symptoms):
        return None
    return Suspect(
        "adam-momentum",
        0.85 if heavy else 0.8,
        (f"Adam's beta1 is {betas[0]:g} (D) and {betas[1]:g} (G); 0 to 0.5 is usual for GANs.",
         *scene.proof(*symptoms)[:2]),
        (),
        f"Not an imbalance: the {scene.rates()}.",
    )  # fmt: skip


def optimiser(scene: Scene) -> Suspect | None:
    """Plain SGD where Adam is needed."""
    rules = scene.optimisers()
    symptoms = (*_COLLAPSED, *_WINS, *_UNMOVED)
    if not all(rule in ("sgd", "momentum") for rule in rules) or not scene.has(*symptoms):
        return None
    return Suspect(
        "optimizer-unsuited",
        0.8,
        (f"Both networks train with SGD at {scene.rates()}.", *scene.proof(*symptoms)[:2]),
        (),
        "Not steps that are too large: SGD at 0.2 or more is named learning-rate-too-high.",
    )


def slow_rate(scene: Scene) -> Suspect | None:
    """Updates so small that the label has no say yet."""
    finding = scene.findings.get(Symptom.CONDITIONAL_COLLAPSE)
    rate = max(scene.facts.get("lr_d", 1.0), scene.facts.get("lr_g", 1.0))
    ratio = scene.number("std_ratio") or 0.0
    conditional = scene.facts.get("conditional", "none") != "none"
    speckled = conditional and ratio > _SPECKLE
    if (finding is None and not speckled) or rate > _SLOW or scene.has(*_COLLAPSED):
        return None
    words = [f"The {scene.rates()}; 1e-3 is five times as much and still usual."]
    words += [scene.summary(Symptom.CONDITIONAL_COLLAPSE)] if finding else []
    words += [f"Generated pixels vary {ratio:.1f} times as much as real ones."] if speckled else []
    return Suspect(
        "learning-rate-too-low",
        0.7 if finding and scene.has(Symptom.CONDITIONAL_COLLAPSE) else 0.5,
        tuple(words),
        ("It may pass with longer training at the same rates.",),
        "Not a condition without information: real classes differ, and labels are drawn with them.",
    )


def collapse(scene: Scene) -> Suspect | None:
    """Few modes, and nothing behind it that is known."""
    if not scene.has(*_COLLAPSED):
        return None
    output = scene.facts.get("output", "")
    reason = (f"G ends in {output} without normalisation in between.",) if (
        "sigmoid" in output and scene.facts.get("norm_g") == "none"
    ) else ()  # fmt: skip
    return Suspect(
        "mode-collapse",
        0.6,
        (*scene.proof(*_COLLAPSED), *reason),
        (),
        f"Ranges fit ({scene.facts.get('unreachable', 0.0):.0%} of the real values out of reach), "
        f"{scene.rates()}, beta1 or momentum {scene.facts.get('momentum_g', 0.0):g}.",
    )


BALANCE: tuple[tuple[Rule, ...], ...] = (
    (saturating_loss, strong_d, weak_d),
    (few_images,),
    (momentum, optimiser, slow_rate),
    (collapse,),
)
