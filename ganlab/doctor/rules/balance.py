"""Learning rates, momentum, strength: causes that only count with the symptom they explain."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ganlab.causes.history import LESSON_RATE, History
from ganlab.causes.suspect import Suspect
from ganlab.causes.trace import PLAYERS, Location, Player
from ganlab.doctor.rules.naming import suspicion
from ganlab.finding import Severity

_COLLAPSED = ("total-collapse", "partial-collapse", "mode-hopping")
_D_WINS = ("saturation", "discriminator-dominates", "clamp-death")
_BAD = (*_COLLAPSED, *_D_WINS, "scaling-mismatch", "output-saturation", "divergence",
        "false-equilibrium", "discriminator-blind", "oscillation", "dead-units")  # fmt: skip
_ADAM = ("adam", "adamw", "nadam", "radam", "amsgrad", "adamax")


def _rate(history: History, player: Player) -> float:
    optimiser = history.made_of.optimiser(player)
    return optimiser.rate if optimiser else 0.0


def _rule(history: History, player: Player) -> str:
    optimiser = history.made_of.optimiser(player)
    return optimiser.rule.lower() if optimiser else ""


def _beta1(history: History, player: Player) -> float:
    optimiser = history.made_of.optimiser(player)
    return optimiser.momentum if optimiser else 0.0


def _steps_ratio(history: History) -> float:
    d = history.median(lambda seen: float(seen.counts.get("d steps", 0)), 100)
    return d or 1.0


def _symptoms(history: History, names: tuple[str, ...]) -> list[str]:
    """Sentences of the symptoms above notice among these."""
    return [
        f"Symptom {name} ({each.severity.name.lower()}) since step {each.step}: {each.summary}"
        for name, each in history.symptoms.items()
        if name in names and each.severity > Severity.NOTICE
    ]


def overflow(history: History) -> Iterator[Suspect]:
    """Half precision, or updates that leave the finite numbers."""
    wrong = [
        seen
        for seen in history.rounds
        if any(not math.isfinite(v) for values in seen.losses.values() for v in values)
    ]
    if not wrong:
        return
    half = history.made_of.half
    evidence = (
        f"A loss was not finite in {len(wrong)} rounds looked at, first at update "
        f"{wrong[0].number}.",
    )
    if half:
        yield suspicion(
            "mixed-precision-overflow",
            0.9,
            (*evidence, "The losses were computed in half precision (autocast or .half())."),
            "Use bfloat16 or full precision for D and its penalties, GradScaler for the rest, or "
            "a smaller learning rate.",
            wrong[0].where.get("d loss") or history.where("d loss"),
            "float16 ends at 65 504.",
            "lucidrains/gigagan-pytorch #60",
        )
    else:
        yield suspicion(
            "learning-rate-too-high",
            0.6,
            (*evidence, f"Learning rates: D {_rate(history, 'd'):g}, G {_rate(history, 'g'):g}."),
            "Divide both learning rates by ten.",
            _made(history, "d"),
            "No half precision was seen.",
            harm="likely",
        )


def _made(history: History, player: Player) -> Location | None:
    optimiser = history.made_of.optimiser(player)
    return optimiser.where if optimiser else None


def learning_rate_high(history: History) -> Iterator[Suspect]:
    """Adam at 5e-3 or more, or weights that move by percents a step, with a symptom."""
    for player in PLAYERS:
        rate, moves = _rate(history, player), history.answers.get(f"update ratio {player}")
        adaptive = _rule(history, player) in (*_ADAM, "rmsprop")
        large = (adaptive and rate >= 4e-3) or rate >= 0.5
        bad = [*_symptoms(history, _BAD), *history.poor(soon=adaptive and rate >= 0.01)]
        if history.restless():
            bad.append(f"After {history.updates} updates the samples still jump from mode to mode.")
        if player == "d" and history.starved():
            bad.append(
                f"A copy of D with a learning rate of {LESSON_RATE:g} learned what D did not."
            )
        fast = moves is not None and moves > 0.02
        if not (large or (fast and bad)):
            continue
        ratio = f" and its weights move by {moves:.2%} of their norm a step" if moves else ""
        yield suspicion(
            "learning-rate-too-high",
            0.3 if not bad else 0.86 if adaptive and rate >= 4e-3 else 0.7,
            (f"{player.upper()}'s learning rate is {rate:g}{ratio}.", *bad[:2]),
            "Use 2e-4 with Adam's beta1 0.5.",
            _made(history, player),
            "A healthy network moves by 0.1 % to 0.5 % of its weights' norm a step.",
            "Radford et al. 2016 (arXiv:1511.06434)",
            harm="likely" if bad else "unclear",
        )
        return


def learning_rate_low(history: History) -> Iterator[Suspect]:
    """Weights that do not move."""
    for player in PLAYERS:
        moves, rate = history.answers.get(f"update ratio {player}"), _rate(history, player)
        adaptive = _rule(history, player) in _ADAM
        if moves is None or moves <= 0 or history.updates < 200:
            continue
        if moves < (1e-4 if adaptive and rate < 2e-5 else 1e-5):
            yield suspicion(
                "learning-rate-too-low",
                0.85,
                (
                    f"{player.upper()}'s weights moved by {moves:.2g} of their norm a step; its "
                    f"learning rate is {rate:g}.",
                    *_symptoms(history, _BAD)[:1],
                ),
                "Use 2e-4 with Adam's beta1 0.5.",
                _made(history, player),
                "Its gradients are finite and not zero.",
                harm="likely",
            )


def momentum(history: History) -> Iterator[Suspect]:
    """Adam's beta1 of 0.9 where the pair collapses or D wins."""
    betas: dict[Player, float] = {player: _beta1(history, player) for player in PLAYERS}
    if max(betas.values()) < 0.85 or not all(_rule(history, p) in _ADAM for p in betas):
        return
    bad = _symptoms(history, (*_COLLAPSED, *_D_WINS, "oscillation", "not-yet-diverse"))
    extreme = max(betas.values()) >= 0.95
    yield suspicion(
        "adam-momentum",
        0.8 if extreme else 0.62 if bad else 0.3,
        (
            f"Adam's beta1 is {betas['d']:g} for D and {betas['g']:g} for G (0.9 is torch's "
            "default).",
            *bad[:2],
        ),
        "betas=(0.5, 0.999) for both optimisers.",
        _made(history, "g"),
        "Many pairs train with 0.9 too, so without a symptom this is no cause.",
        "Radford et al. 2016 (arXiv:1511.06434), section 4",
        harm="likely" if extreme else "unclear",
    )


def unsuited_optimizer(history: History) -> Iterator[Suspect]:
    """Plain SGD on a pair that it does not train."""
    bad = _symptoms(history, (*_COLLAPSED, *_D_WINS, "false-equilibrium", "discriminator-blind"))
    poor = history.falls_short()
    harms = bool(bad) or poor
    if _rule(history, "g") == "sgd" and _rule(history, "d") == "sgd":
        yield suspicion(
            "optimizer-unsuited",
            0.75 if harms else 0.3,
            (
                f"Both networks are trained with SGD (learning rate {_rate(history, 'g'):g}).",
                *bad[:2],
                *(("The samples are not like the data by now.",) if poor else ()),
            ),
            "Adam(lr=2e-4, betas=(0.5, 0.999)) for both.",
            _made(history, "g"),
            "Adam's step sizes for single weights train pairs that SGD does not.",
            "Radford et al. 2016 (arXiv:1511.06434)",
            harm="likely" if harms else "none",
        )


def strength(history: History) -> Iterator[Suspect]:
    """D outruns G, or cannot follow."""
    d_rate, g_rate = _rate(history, "d"), _rate(history, "g")
    turns = _steps_ratio(history)
    speed = d_rate * turns / g_rate if g_rate else 0.0
    same_rule = _rule(history, "d") == _rule(history, "g")
    sizes = [
        network.numbers for network in (history.made_of.discriminator, history.made_of.generator)
    ]
    capacity = sizes[0] / max(sizes[1], 1)
    shape = (
        f"D has {sizes[0]:,} parameters and G {sizes[1]:,}; learning rates {d_rate:g} and "
        f"{g_rate:g}; {turns:g} D steps for each G step."
    )
    unequal = (same_rule and speed >= 3) or capacity >= 8
    hops = _symptoms(history, _COLLAPSED)
    wins = _symptoms(history, _D_WINS) or (hops if unequal else [])
    # A Wasserstein critic is meant to be trained until it is sure.
    if wins and history.loss not in ("wgan", "wgan_gp"):
        yield suspicion(
            "discriminator-too-strong",
            0.8 if unequal else 0.45,
            (shape, *wins[:2]),
            "Slow D down (its learning rate by four, one step for each of G's), make it smaller, "
            "or regularise it (R1, spectral norm, label smoothing).",
            _made(history, "d"),
            "Wiring and ranges were found to be right, so it is the balance."
            if unequal
            else "Rates and sizes are about equal.",
            "Heusel et al. 2017 (arXiv:1706.08500)",
            harm="likely",
        )
    blind = _symptoms(history, ("discriminator-blind", "false-equilibrium"))
    slow = (same_rule and 0 < speed <= 0.34) or capacity <= 0.02
    if slow and not blind:
        hops = hops or _symptoms(history, _BAD)
    if blind or (hops and slow):
        yield suspicion(
            "discriminator-too-weak",
            0.8 if slow else 0.55,
            (shape, *(blind or hops)[:2]),
            "Give D the learning rate of G, more steps or more units.",
            _made(history, "d"),
            "A simple linear test does tell the samples apart."
            if blind
            else "G moves on before D has learned where it was.",
            "Heusel et al. 2017 (arXiv:1706.08500)",
            harm="likely",
        )


def collapse(history: History) -> Iterator[Suspect]:
    """Collapse with nothing behind it."""
    bad = _symptoms(history, _COLLAPSED)
    if bad:
        yield suspicion(
            "mode-collapse",
            0.5,
            (*bad[:2], *_latent(history)),
            "Try beta1 0.5, a WGAN-GP or relativistic loss with R1, minibatch standard deviation "
            "or PacGAN.",
            history.where("g loss"),
            "No wiring, range or loss fault was found behind it.",
            "Lin et al. 2018 (arXiv:1712.04086)",
            harm="likely",
        )


def _latent(history: History) -> Iterator[str]:
    apart = history.answers.get("latent matters")
    if apart is not None:
        yield f"Samples of different z lie {apart:.2g} of their own size apart (on a copy of G)."


RULES = (overflow, learning_rate_high, learning_rate_low, momentum, unsuited_optimizer, strength,
         collapse)  # fmt: skip
