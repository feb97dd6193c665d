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
USUAL_RATES = Remedy(
    "Take usual learning rates",
    {"lr_d": Set(2e-4), "lr_g": Set(2e-4)},
    "Adam at 2e-4 moves each weight by about 2e-4 a step; a hundredth of it takes a hundred times "
    "as long.",
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
PACKING = Remedy(
    "Show D two samples at a time (packing)",
    {"pack": Set(2)},
    "A pair of generated samples gives missing variety away: it is more alike than real pairs are.",
    "Lin et al. 2018, PacGAN (arXiv:1712.04086)",
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

LOWER_MOMENTUM = Remedy(
    "Lower Adam's beta1 to 0.5",
    {"beta1_d": Set(0.5), "beta1_g": Set(0.5)},
    "With less momentum neither player overshoots what the other has just changed.",
    "Radford et al. 2016 (arXiv:1511.06434), section 4",
)
FASTER_D = Remedy(
    "Train D five steps for each step of G",
    {"n_critic": Set(5)},
    "D catches up with G before G moves on.",
    "Goodfellow et al. 2014 (arXiv:1406.2661), algorithm 1",
)
LABEL_RATES = Remedy(
    "Raise both learning rates to 1e-3",
    {"lr_d": Set(1e-3), "lr_g": Set(1e-3)},
    "The few weights of the label inputs grow large enough to matter within the run.",
    "Kingma & Ba 2015 (arXiv:1412.6980), section 2.1, for Adam's step size",
)
PENALTY_TEN = Remedy(
    "Set the penalty's lambda to 10",
    {"gp_weight": Set(10.0)},
    "The value that the WGAN-GP paper used throughout.",
    "Gulrajani et al. 2017 (arXiv:1704.00028)",
)
RAW_SCORES = Remedy(
    "Remove the critic's sigmoid",
    {"head": Set("logits")},
    "A critic's score has to be unbounded.",
    "Arjovsky et al. 2017 (arXiv:1701.07875)",
)
ALL_IMAGES = Remedy(
    "Train on all images",
    {"data_limit": Set(0)},
    "D cannot memorise them as fast.",
    "Karras et al. 2020 (arXiv:2006.06676), figure 1",
)
LEAKY = Remedy(
    "LeakyReLU in both networks",
    {"activation_d": Set("leaky_relu"), "activation_g": Set("leaky_relu")},
    "A unit off its active side keeps a gradient and can come back.",
    "Radford et al. 2016 (arXiv:1511.06434)",
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
    return (*first, *relativistic, MINIBATCH_STD, *_packing(facts), GENERATOR_NORM)


def _packing(facts: Facts) -> tuple[Remedy, ...]:
    """Packing, where it is off and would run: it needs pairs without labels."""
    free = facts.get("pack", 1) == 1 and facts.get("conditional", "none") == "none"
    return (PACKING,) if free and facts.get("batch_size", 2) % 2 == 0 else ()


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


def for_missing_modes(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for a G that leaves modes out or runs from one to the next."""
    first = _balance(facts) if facts.get("lr_d", 0.0) < facts.get("lr_g", 0.0) else ()
    calmer = (LOWER_MOMENTUM,) if _fast_momentum(facts) else ()
    return (*first, *calmer, *for_collapse(facts))


def for_oscillation(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for players that circle each other."""
    calmer = (LOWER_MOMENTUM,) if _fast_momentum(facts) else ()
    return (*calmer, *_balance(facts), R1_PENALTY, FASTER_D)


def for_blind_d(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for a D that cannot tell what a simple test can."""
    return (*_balance(facts), FASTER_D, GENTLER)


def for_ignored_labels(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for a conditional pair whose labels say nothing."""
    return (LABEL_RATES,)


def for_critic(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for a Wasserstein critic off its Lipschitz bound."""
    bounded = (RAW_SCORES,) if facts.get("head") == "sigmoid" else ()
    weight = (PENALTY_TEN,) if facts.get("gp_weight") != 10.0 else ()
    return (*bounded, *weight)


def for_memorisation(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for a D that knows its images by heart."""
    return (ALL_IMAGES, R1_PENALTY, SLOWER_D)


def for_dead_units(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for units that never fire."""
    plain = "adam" not in (facts.get("optimizer_d"), facts.get("optimizer_g"))
    return ((ADAM,) if plain else (GENTLER,)) + (LEAKY,)


def for_imbalance(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for one network that outruns the other."""
    return _balance(facts)


def _fast_momentum(facts: Facts) -> bool:
    return max(facts.get("momentum_d", 0.0), facts.get("momentum_g", 0.0)) >= 0.9


def _balance(facts: Facts) -> tuple[Remedy, ...]:
    """Equal learning rates, where they differ: the larger one of the two wins."""
    rates = {"lr_d": facts.get("lr_d", 0.0), "lr_g": facts.get("lr_g", 0.0)}
    fast = max(rates.values())
    slow = [name for name, rate in rates.items() if 0.0 < rate < fast]
    if not slow:
        return ()
    return (
        Remedy(
            f"Give {slow[0][-1].upper()} the learning rate of the other network",
            {slow[0]: Set(fast)},
            "A network as fast as the other answers what it has just changed.",
            "Heusel et al. 2017 (arXiv:1706.08500), on learning rates of its own for each network",
        ),
    )


def for_pinned_output(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for an output activation stuck on its flat ends."""
    return (GENTLER, GENERATOR_NORM)


def for_tiny_steps(facts: Facts) -> tuple[Remedy, ...]:
    """Steps that let the networks move."""
    return (USUAL_RATES,)
