"""The catalogue of cures: what to change, why, and who says so."""

from __future__ import annotations

from ganlab.config import PROBABILITY_LOSSES, Scale, Set
from ganlab.finding import Remedy
from ganlab.observation import Facts

NON_SATURATING = Remedy(
    "Use the non-saturating loss",
    {"loss": Set("non_saturating")},
    "-log D(G(z)) keeps its slope where D is sure; log(1 - D(G(z))) is flat there.",
    "Goodfellow et al. 2014 (arXiv:1406.2661), section 3",
)
SLOWER_D = Remedy(
    "Slow D down",
    {"lr_d": Scale(0.1)},
    "A D that learns ten times more slowly leaves G time to follow.",
    "Heusel et al. 2017 (arXiv:1706.08500)",
)
INSTANCE_NOISE = Remedy(
    "Add instance noise",
    {"instance_noise": Set(0.1)},
    "Noise on D's inputs makes the two distributions overlap, so that D cannot be sure.",
    "Arjovsky & Bottou 2017 (arXiv:1701.04862)",
)
R1_PENALTY = Remedy(
    "Penalise D's gradient (R1)",
    {"r1_weight": Set(1.0)},
    "A flat D around the real data makes the game locally convergent.",
    "Mescheder et al. 2018 (arXiv:1801.04406)",
)
LOGITS_HEAD = Remedy(
    "Drop D's sigmoid, use the loss on logits",
    {"head": Set("logits")},
    "BCELoss clamps the logarithm: from logit 16.7 its gradient is exactly zero. "
    "The loss on logits has no such place.",
    "PyTorch, BCEWithLogitsLoss",
)
_ADAM_PAIR = {
    f"{name}_{player}": Set(value)
    for player in "dg"
    for name, value in (("optimizer", "adam"), ("lr", 2e-4), ("beta1", 0.5), ("beta2", 0.999))
}
ADAM = Remedy(
    "Train both with Adam (2e-4, 0.5, 0.999)",
    _ADAM_PAIR,
    "Adam's per-weight step sizes train pairs that plain SGD cannot.",
    "Radford et al. 2016 (arXiv:1511.06434)",
)
RELATIVISTIC = Remedy(
    "Compare real with fake (relativistic loss with R1)",
    {"loss": Set("relativistic"), "head": Set("logits"), "r1_weight": Set(1.0)},
    "D judges real against generated pairs, which leaves no single output that fools it.",
    "Huang et al. 2024 (arXiv:2501.05441)",
)
MINIBATCH_STD = Remedy(
    "Let D see the batch's variety",
    {"minibatch_std": Set(True)},
    "With the batch's standard deviation as a feature, D rejects batches of equal samples.",
    "Karras et al. 2018 (arXiv:1710.10196)",
)
GENERATOR_NORM = Remedy(
    "Normalise G's hidden layers",
    {"norm_g": Set("batch")},
    "Batch norm in G keeps different latents apart.",
    "Radford et al. 2016 (arXiv:1511.06434)",
)
GENTLER = Remedy(
    "Divide both learning rates by ten",
    {"lr_d": Scale(0.1), "lr_g": Scale(0.1)},
    "Updates this large overshoot; start again with smaller ones.",
    "Goodfellow et al. 2016, Deep Learning, section 8.3",
)

_FITTING_OUTPUT = {"[-1,1]": "tanh", "[0,1]": "sigmoid", "standardised": "linear"}


def for_saturation(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for a generator without gradient, the likeliest first."""
    flat = facts.get("loss") == "saturating"
    first = (NON_SATURATING,) if flat else ()
    return (*first, SLOWER_D, R1_PENALTY, INSTANCE_NOISE)


def for_clamp_death(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for a loss frozen at BCELoss's clamp."""
    usual = facts.get("optimizer_d") in ("adam", "adamw")
    return (LOGITS_HEAD, SLOWER_D) if usual else (LOGITS_HEAD, ADAM)


def for_collapse(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for a generator that ignores its latent."""
    plain = "adam" not in (facts.get("optimizer_d"), facts.get("optimizer_g"))
    first = (ADAM,) if plain else ()
    relativistic = (RELATIVISTIC,) if facts.get("loss") in PROBABILITY_LOSSES else ()
    return (*first, *relativistic, MINIBATCH_STD, GENERATOR_NORM)


def for_scaling(facts: Facts) -> tuple[Remedy, ...]:
    """Brings G's output and the data into one range."""
    data_range = facts.get("data_range", "[-1,1]")
    remedies = []
    if data_range in _FITTING_OUTPUT and facts.get("output") != _FITTING_OUTPUT[data_range]:
        output = _FITTING_OUTPUT[data_range]
        remedies.append(
            Remedy(
                f"Give G a {output} output",
                {"output": Set(output)},
                f"Real samples lie in {data_range}, which {output} can reach.",
                "Radford et al. 2016 (arXiv:1511.06434)",
            )
        )
    if data_range != "[-1,1]":
        remedies.append(
            Remedy(
                "Scale the data to [-1,1] and use tanh",
                {"data_range": Set("[-1,1]"), "output": Set("tanh")},
                "The pairing that the DCGAN paper and most working code use.",
                "Radford et al. 2016 (arXiv:1511.06434)",
            )
        )
    return tuple(remedies)


def for_divergence(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for a run that left the finite numbers; it has ended, so they start a new one."""
    return (GENTLER,)
