"""Which remedies answer a symptom, by the facts of the run, the likeliest first."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeAlias, cast

from ganlab.config import PROBABILITY_LOSSES
from ganlab.finding import Remedy
from ganlab.observation import Facts
from ganlab.patch import AtLeast, Set
from ganlab.remedies import catalogue as cures
from ganlab.remedies.acting import offered

_FITTING_OUTPUT = {"[-1,1]": "tanh", "[0,1]": "sigmoid", "standardised": "linear"}


Choice: TypeAlias = Callable[[Facts], tuple[Remedy, ...]]


def _remembered(choose: Choice) -> Choice:
    """A detector asks at every step that a finding stands, and facts hardly change."""

    @lru_cache(maxsize=64)
    def chosen(items: tuple[tuple[str, Any], ...]) -> tuple[Remedy, ...]:
        return choose(cast(Facts, dict(items)))

    @wraps(choose)
    def by_facts(facts: Facts) -> tuple[Remedy, ...]:
        return chosen(tuple(facts.items()))

    return by_facts


@_remembered
def for_saturation(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for a generator without gradient."""
    flat = facts.get("loss") == "saturating"
    first = (cures.NON_SATURATING,) if flat else ()
    return offered((*first, cures.SLOWER_D, cures.R1_PENALTY, cures.INSTANCE_NOISE), facts)


@_remembered
def for_clamp_death(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for a loss frozen at BCELoss's clamp."""
    usual = facts.get("optimizer_d") in ("adam", "adamw")
    return offered((cures.LOGITS_HEAD, cures.SLOWER_D if usual else cures.ADAM), facts)


@_remembered
def for_collapse(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for a generator that ignores its latent."""
    plain = "adam" not in (facts.get("optimizer_d"), facts.get("optimizer_g"))
    first = (cures.ADAM,) if plain else ()
    relativistic = (cures.RELATIVISTIC,) if facts.get("loss") in PROBABILITY_LOSSES else ()
    variety = (cures.MINIBATCH_STD, cures.PACKING, *_normalisation(facts))
    return offered((*first, *relativistic, *variety), facts)


def _normalisation(facts: Facts) -> tuple[Remedy, ...]:
    """Normalisation of G, where it has none."""
    return (cures.GENERATOR_NORM,) if facts.get("norm_g", "none") == "none" else ()


@_remembered
def for_scaling(facts: Facts) -> tuple[Remedy, ...]:
    """Brings G's output and the data into one range."""
    data_range = facts.get("data_range", "[-1,1]")
    remedies = []
    if data_range in _FITTING_OUTPUT:
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
        remedies.append(cures.TANH_PAIR)
    return offered(remedies, facts)


@_remembered
def for_divergence(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for a run that left the finite numbers; it has ended, so they start a new one."""
    return offered((cures.GENTLER,), facts)


@_remembered
def for_missing_modes(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for a G that leaves modes out or runs from one to the next."""
    first = balance(facts) if facts.get("lr_d", 0.0) < facts.get("lr_g", 0.0) else ()
    return (*first, *_calmer(facts), *for_collapse(facts))


@_remembered
def for_oscillation(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for players that circle each other."""
    return offered((*_calmer(facts), *balance(facts), cures.R1_PENALTY, cures.FASTER_D), facts)


@_remembered
def for_blind_d(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for a D that cannot tell what a simple test can."""
    return offered((*balance(facts), cures.FASTER_D, cures.GENTLER), facts)


@_remembered
def for_ignored_labels(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for a conditional pair whose labels say nothing."""
    return offered((cures.LABEL_RATES,), facts)


@_remembered
def for_critic(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for a Wasserstein critic off its Lipschitz bound."""
    return offered((cures.RAW_SCORES, cures.PENALTY_TEN), facts)


@_remembered
def for_memorisation(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for a D that knows its images by heart."""
    return offered((cures.ALL_IMAGES, cures.R1_PENALTY, cures.SLOWER_D), facts)


@_remembered
def for_dead_units(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for units that never fire."""
    plain = "adam" not in (facts.get("optimizer_d"), facts.get("optimizer_g"))
    return offered((cures.ADAM if plain else cures.GENTLER, cures.LEAKY), facts)


@_remembered
def for_imbalance(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for one network that outruns the other."""
    return balance(facts)


@_remembered
def for_pinned_output(facts: Facts) -> tuple[Remedy, ...]:
    """Cures for an output activation stuck on its flat ends."""
    return offered((cures.GENTLER, *_normalisation(facts)), facts)


@_remembered
def for_tiny_steps(facts: Facts) -> tuple[Remedy, ...]:
    """Steps that let the networks move."""
    return offered((cures.USUAL_RATES,), facts)


def _calmer(facts: Facts) -> tuple[Remedy, ...]:
    fast = max(facts.get("momentum_d", 0.0), facts.get("momentum_g", 0.0)) >= 0.9
    return offered((cures.LOWER_MOMENTUM,), facts) if fast else ()


def balance(facts: Facts) -> tuple[Remedy, ...]:
    """Equal learning rates, where they differ: the larger one of the two wins."""
    rates = {"lr_d": facts.get("lr_d", 0.0), "lr_g": facts.get("lr_g", 0.0)}
    fast = max(rates.values())
    slow = [name for name, rate in rates.items() if 0.0 < rate < fast]
    if not slow:
        return ()
    return (
        Remedy(
            f"Give {slow[0][-1].upper()} the learning rate of the other network",
            {slow[0]: AtLeast(fast)},
            "A network as fast as the other answers what it has just changed.",
            "Heusel et al. 2017 (arXiv:1706.08500), on learning rates of its own for each network",
        ),
    )
