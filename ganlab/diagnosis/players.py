"""Causes in one network: steps too large for it, or a critic without its bound."""

from __future__ import annotations

from ganlab.config import ADAPTIVE
from ganlab.diagnosis.scene import Rule, Scene, Suspect
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


def too_large_steps(scene: Scene) -> Suspect | None:
    """Steps so large that a network is thrown where it has no gradient."""
    proof = scene.proof(*_KILLED)
    if not proof:
        return None
    rates = scene.facts.get("lr_d", 0.0), scene.facts.get("lr_g", 0.0)
    large = [
        f"{player}'s learning rate is {rate:g} with {rule or 'its optimiser'}; {usual_words(rule)}"
        for player, rule, rate in zip("dg", scene.optimisers(), rates, strict=True)
        if rate and too_large(rule, rate)
    ]
    if large:
        return Suspect(
            "learning-rate-too-high",
            0.9,
            (*large, *proof[:2]),
            (),
            "Not saturation by D alone: units, logits or outputs left their active range within "
            f"{min(f.step for f in scene.findings.values() if f.symptom in _KILLED)} steps.",
        )
    if not scene.has(Symptom.DEAD_UNITS, Symptom.CLAMP_DEATH):
        return None
    return Suspect(
        "learning-rate-too-high",
        0.35,
        proof[:2],
        (f"The {scene.rates()} are usual ones.",),
        "Another cause may have pushed the units off; see the next suspects.",
    )


def too_small_steps(scene: Scene) -> Suspect | None:
    """Steps so small that both networks stay where they began."""
    rates = scene.facts.get("lr_d", 0.0), scene.facts.get("lr_g", 0.0)
    adaptive = all(rule in ADAPTIVE for rule in scene.optimisers())
    if not adaptive or not 0.0 < max(rates) <= SMALL or not scene.loud:
        return None
    moved = scene.number("update_ratio_g")
    words = () if moved is None else (f"G's weights move by {moved:.2g} of themselves a step.",)
    return Suspect(
        "learning-rate-too-low",
        0.85,
        (f"The {scene.rates()} with Adam; 2e-4 to 1e-3 are usual.", *words,
         *scene.proof(*scene.loud)[:2]),
        (),
        "Not one player against the other: both are slow.",
    )  # fmt: skip


def sigmoid_critic(scene: Scene) -> Suspect | None:
    """A bounded score under a Wasserstein loss."""
    built = scene.facts.get("head") == "sigmoid" and not scene.adversarial
    if not scene.has(Symptom.CRITIC_BOUNDED) and not (built and scene.loud):
        return None
    return Suspect(
        "sigmoid-critic",
        0.97,
        ("D ends in a sigmoid under a Wasserstein loss: its score lies in [0, 1].",
         *(scene.proof(Symptom.CRITIC_BOUNDED) or scene.proof(*scene.loud)[:2])),
        (),
        f"Not the penalty: its weight is {scene.facts.get('gp_weight', 0.0):g}, and the norm stays "
        "below the target, not above it.",
    )  # fmt: skip


def lipschitz(scene: Scene) -> Suspect | None:
    """Nothing, or too little, holds the critic's slope."""
    if not scene.has(Symptom.CRITIC_UNBOUNDED):
        return None
    weight, clip = scene.facts.get("gp_weight", 0.0), scene.facts.get("weight_clip", 0.0)
    proof = scene.proof(Symptom.CRITIC_UNBOUNDED)
    if not weight and not clip:
        text = "No gradient penalty and no weight clipping is in force."
        return Suspect("no-lipschitz-control", 0.95, (text, *proof), (),
                       "Not a weak penalty: there is none.")  # fmt: skip
    weak = weight < 1.0
    return Suspect(
        "gradient-penalty-weak",
        0.95 if weak else 0.5,
        (f"The penalty's lambda is {weight:g}; 10 is usual.", *proof),
        () if weak else (f"Lambda {weight:g} holds other critics.",),
        "Not a sigmoid on the critic: its slope is above the target, not below.",
    )


def strong_penalty(scene: Scene) -> Suspect | None:
    """A penalty that leaves the critic nothing else to do."""
    if not scene.has(Symptom.CRITIC_OVERPENALISED, Symptom.CRITIC_FLAT):
        return None
    weight = scene.facts.get("gp_weight", 0.0)
    heavy = weight > 100.0
    sure = 0.9 if scene.has(Symptom.CRITIC_OVERPENALISED) else 0.7
    return Suspect(
        "gradient-penalty-strong",
        sure if heavy else 0.4,
        (f"The penalty's lambda is {weight:g}; 10 is usual.",
         *scene.proof(Symptom.CRITIC_OVERPENALISED, Symptom.CRITIC_FLAT)),
        () if heavy else (f"Lambda {weight:g} leaves other critics room.",),
        "Not an equilibrium: a linear test tells fakes from reals.",
    )  # fmt: skip


PLAYERS: tuple[tuple[Rule, ...], ...] = (
    (too_large_steps, too_small_steps),
    (sigmoid_critic, lipschitz, strong_penalty),
)
