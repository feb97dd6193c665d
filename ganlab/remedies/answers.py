"""What answers a cause by the facts of a run: the first takes away what the cause rests on.

Whether they can act is asked when they are offered.
"""

from __future__ import annotations

from dataclasses import dataclass

from ganlab.config import RunConfig
from ganlab.finding import Remedy, Symptom
from ganlab.observation import Facts
from ganlab.patch import AtLeast, AtMost, Change, Set
from ganlab.rates import PLAIN, too_large, usual
from ganlab.remedies import catalogue as cures

_TWO_RATES = "Heusel et al. 2017 (arXiv:1706.08500), on learning rates of its own for each network"
_ADAM_RATES = "Radford et al. 2016 (arXiv:1511.06434)"
_SGD_RATES = "Goodfellow et al. 2016, Deep Learning, section 8.3"


@dataclass(frozen=True)
class Situation:
    """What an answer depends on: the run's facts, its settings where known, and what stands."""

    facts: Facts
    config: RunConfig | None = None
    symptoms: frozenset[Symptom] = frozenset()


def large_rates(situation: Situation) -> tuple[Remedy, ...]:
    """The rate that is too large, back to a usual one; both by ten where neither stands out.

    SGD at its usual rates trains few of these pairs, so Adam comes first where SGD overshoots. A
    usual rate alone leaves a D on BCELoss's clamp there: it has no gradient to come back by.
    """
    facts = situation.facts
    rates = _usual_rates(facts)
    if not rates:
        return (cures.GENTLER,)
    one = f"{next(iter(rates))[-1].upper()} a usual learning rate"
    who = one if len(rates) == 1 else "both players usual learning rates"
    usual_one = Remedy(
        f"Give {who}: {', '.join(dict.fromkeys(f'{rate:g}' for rate in rates.values()))}",
        {setting: Set(rate) for setting, rate in rates.items()},
        "Steps of the usual size do not overshoot.",
        _ADAM_RATES if max(rates.values()) < 0.01 else _SGD_RATES,
    )
    plain = any(facts.get(f"optimizer_{name[-1]}") in PLAIN for name in rates)
    first = (cures.ADAM,) if plain else ()
    if Symptom.CLAMP_DEATH in situation.symptoms and facts.get("head") == "sigmoid":
        first = (*first, _off_the_clamp(usual_one))
    return (*first, usual_one)


def _off_the_clamp(rates: Remedy) -> Remedy:
    return Remedy(
        f"{rates.name}, and drop D's sigmoid",
        {**rates.patch, **cures.LOGITS_HEAD.patch},
        f"{rates.rationale} {cures.LOGITS_HEAD.rationale}",
        f"{rates.source}; {cures.LOGITS_HEAD.source}",
    )


def _usual_rates(facts: Facts) -> dict[str, float]:
    """A usual rate for each player whose own is too large: the other's where that one is usual."""
    rules = {"d": facts.get("optimizer_d", "").lower(), "g": facts.get("optimizer_g", "").lower()}
    rates = {"d": facts.get("lr_d", 0.0), "g": facts.get("lr_g", 0.0)}
    found = {}
    for player, other in ("dg", "gd"):
        if not too_large(rules[player], rates[player]):
            continue
        common = usual(rules[player])
        shared = rules[player] == rules[other] and common <= rates[other] <= 5 * common
        found[f"lr_{player}"] = rates[other] if shared else common
    return found


def small_rates(situation: Situation) -> tuple[Remedy, ...]:
    """Usual rates, or those at which labels are learned."""
    labelled = situation.facts.get("conditional", "none") != "none"
    return (cures.LABEL_RATES, cures.USUAL_RATES) if labelled else (cures.USUAL_RATES,)


def strong_d(situation: Situation) -> tuple[Remedy, ...]:
    """Every advantage of D at once, then what slows it down in other ways."""
    return (*_balanced(situation), cures.SLOWER_D, cures.R1_PENALTY, cures.INSTANCE_NOISE)


def flat_loss(situation: Situation) -> tuple[Remedy, ...]:
    """A loss with a slope; together with what made D sure, where that is known."""
    return (*_balanced(situation), cures.NON_SATURATING, *strong_d(situation))


def _balanced(situation: Situation) -> tuple[Remedy, ...]:
    """D's steps, learning rate and size, each brought to G's where it is ahead."""
    facts, config = situation.facts, situation.config
    patch: dict[str, Change] = {}
    words = []
    if facts.get("n_critic", 1) > 1:
        patch["n_critic"] = AtMost(1)
        words.append("one D step for each of G's")
    lr_d, lr_g = facts.get("lr_d", 0.0), facts.get("lr_g", 0.0)
    if lr_d > lr_g > 0.0:
        patch["lr_d"] = AtMost(lr_g)
        words.append("G's learning rate for D")
    if config is not None and facts.get("parameters_d", 0) >= 4 * facts.get("parameters_g", 1):
        patch |= _g_size(config)
        words.append("G's widths for D")
    if not words:
        return ()
    if facts.get("loss") == "saturating":
        patch["loss"] = Set("non_saturating")
        words.append("the non-saturating loss")
    reason = "A D without a lead leaves G time to follow."
    return (Remedy(f"Balance the players: {', '.join(words)}", patch, reason, _TWO_RATES),)


def _g_size(config: RunConfig) -> dict[str, Change]:
    if config.architecture == "dcgan":
        return {"filters_d": Set(config.filters_g)}
    return {"hidden_d": Set(tuple(reversed(config.hidden_g)))}


def weak_d(situation: Situation) -> tuple[Remedy, ...]:
    """D as fast as G, then more steps for it."""
    faster = Remedy(
        "Give D the learning rate of G",
        {"lr_d": AtLeast(situation.facts.get("lr_g", 0.0))},
        "A D as fast as G answers what G has just changed.",
        _TWO_RATES,
    )
    return (faster, cures.FASTER_D)
