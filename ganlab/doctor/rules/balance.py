"""Learning rates, momentum, strength: causes that only count with the symptom they explain."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ganlab.doctor.sheet import Sheet
from ganlab.doctor.trials import RATE as TRIAL_RATE
from ganlab.doctor.words import PLAYERS, Location, Player, Suspicion

_COLLAPSED = ("total-collapse", "partial-collapse", "mode-hopping")
_D_WINS = ("saturation", "discriminator-dominates", "clamp-death")
_BAD = (*_COLLAPSED, *_D_WINS, "scaling-mismatch", "output-saturation", "divergence",
        "false-equilibrium", "discriminator-blind", "oscillation", "dead-units")  # fmt: skip
_ADAM = ("adam", "adamw", "nadam", "radam", "amsgrad", "adamax")


def _rate(sheet: Sheet, player: Player) -> float:
    owner = sheet.owner(player)
    return float(owner.optimizer.param_groups[0].get("lr", 0.0)) if owner else 0.0


def _rule(sheet: Sheet, player: Player) -> str:
    owner = sheet.owner(player)
    return type(owner.optimizer).__name__.lower() if owner else ""


def _beta1(sheet: Sheet, player: Player) -> float:
    owner = sheet.owner(player)
    if owner is None:
        return 0.0
    group = owner.optimizer.param_groups[0]
    return float(group["betas"][0]) if "betas" in group else float(group.get("momentum", 0.0))


def _steps_ratio(sheet: Sheet) -> float:
    d = sheet.median(lambda seen: float(seen.counts.get("d steps", 0)), 100)
    return d or 1.0


def _symptoms(sheet: Sheet, names: tuple[str, ...]) -> list[str]:
    """Sentences of the symptoms above notice among these."""
    return [
        f"Symptom {name} ({severity}) since step {step}: {summary}"
        for name, (severity, step, summary) in sheet.symptoms.items()
        if name in names and severity != "notice"
    ]


def poor(sheet: Sheet, *, soon: bool = False) -> list[str]:
    """A sentence where G's samples are hardly like the data; `soon`: where 300 updates tell."""
    said = f"After {sheet.updates} updates the samples are hardly like the data."
    bad = sheet.fails() or (soon and sheet.updates >= 300 and sheet.far_off())
    return [said] if bad else []


def overflow(sheet: Sheet) -> Iterator[Suspicion]:
    """Half precision, or updates that leave the finite numbers."""
    wrong = [
        seen
        for seen in sheet.rounds
        if any(not math.isfinite(v) for values in seen.losses.values() for v in values)
    ]
    if not wrong:
        return
    half = sheet.recorder.half_seen or sheet.answers.get("half")
    evidence = (
        f"A loss was not finite in {len(wrong)} rounds looked at, first at update "
        f"{wrong[0].number}.",
    )
    if half:
        yield Suspicion(
            "mixed-precision-overflow",
            0.9,
            (*evidence, "The losses were computed in half precision (autocast or .half())."),
            "Use bfloat16 or full precision for D and its penalties, GradScaler for the rest, or "
            "a smaller learning rate.",
            wrong[0].where.get("d loss") or sheet.where("d loss"),
            "float16 ends at 65 504.",
            "lucidrains/gigagan-pytorch #60",
        )
    else:
        yield Suspicion(
            "learning-rate-too-high",
            0.6,
            (*evidence, f"Learning rates: D {_rate(sheet, 'd'):g}, G {_rate(sheet, 'g'):g}."),
            "Divide both learning rates by ten.",
            _made(sheet, "d"),
            "No half precision was seen.",
            harm="likely",
        )


def _made(sheet: Sheet, player: Player) -> Location | None:
    owner = sheet.owner(player)
    return owner.where if owner else None


def learning_rate_high(sheet: Sheet) -> Iterator[Suspicion]:
    """Adam at 5e-3 or more, or weights that move by percents a step, with a symptom."""
    for player in PLAYERS:
        rate, moves = _rate(sheet, player), sheet.answers.get(f"update ratio {player}")
        adaptive = _rule(sheet, player) in (*_ADAM, "rmsprop")
        large = (adaptive and rate >= 4e-3) or rate >= 0.5
        bad = [*_symptoms(sheet, _BAD), *poor(sheet, soon=adaptive and rate >= 0.01)]
        if sheet.restless():
            bad.append(f"After {sheet.updates} updates the samples still jump from mode to mode.")
        if player == "d" and sheet.starved():
            bad.append(
                f"A copy of D with a learning rate of {TRIAL_RATE:g} learned what D did not."
            )
        fast = moves is not None and moves > 0.02
        if not (large or (fast and bad)):
            continue
        ratio = f" and its weights move by {moves:.2%} of their norm a step" if moves else ""
        yield Suspicion(
            "learning-rate-too-high",
            0.3 if not bad else 0.86 if adaptive and rate >= 4e-3 else 0.7,
            (f"{player.upper()}'s learning rate is {rate:g}{ratio}.", *bad[:2]),
            "Use 2e-4 with Adam's beta1 0.5.",
            _made(sheet, player),
            "A healthy network moves by 0.1 % to 0.5 % of its weights' norm a step.",
            "Radford et al. 2016 (arXiv:1511.06434)",
            harm="likely" if bad else "unclear",
        )
        return


def learning_rate_low(sheet: Sheet) -> Iterator[Suspicion]:
    """Weights that do not move."""
    for player in PLAYERS:
        moves, rate = sheet.answers.get(f"update ratio {player}"), _rate(sheet, player)
        adaptive = _rule(sheet, player) in _ADAM
        if moves is None or moves <= 0 or sheet.updates < 200:
            continue
        if moves < (1e-4 if adaptive and rate < 2e-5 else 1e-5):
            yield Suspicion(
                "learning-rate-too-low",
                0.85,
                (
                    f"{player.upper()}'s weights moved by {moves:.2g} of their norm a step; its "
                    f"learning rate is {rate:g}.",
                    *_symptoms(sheet, _BAD)[:1],
                ),
                "Use 2e-4 with Adam's beta1 0.5.",
                _made(sheet, player),
                "Its gradients are finite and not zero.",
                harm="likely",
            )


def momentum(sheet: Sheet) -> Iterator[Suspicion]:
    """Adam's beta1 of 0.9 where the pair collapses or D wins."""
    betas: dict[Player, float] = {player: _beta1(sheet, player) for player in PLAYERS}
    if max(betas.values()) < 0.85 or not all(_rule(sheet, p) in _ADAM for p in betas):
        return
    bad = _symptoms(sheet, (*_COLLAPSED, *_D_WINS, "oscillation", "not-yet-diverse"))
    extreme = max(betas.values()) >= 0.95
    yield Suspicion(
        "adam-momentum",
        0.8 if extreme else 0.62 if bad else 0.3,
        (
            f"Adam's beta1 is {betas['d']:g} for D and {betas['g']:g} for G (0.9 is torch's "
            "default).",
            *bad[:2],
        ),
        "betas=(0.5, 0.999) for both optimisers.",
        _made(sheet, "g"),
        "Many pairs train with 0.9 too, so without a symptom this is no cause.",
        "Radford et al. 2016 (arXiv:1511.06434), section 4",
        harm="likely" if extreme else "unclear",
    )


def unsuited_optimizer(sheet: Sheet) -> Iterator[Suspicion]:
    """Plain SGD on a pair that it does not train."""
    bad = _symptoms(sheet, (*_COLLAPSED, *_D_WINS, "false-equilibrium", "discriminator-blind"))
    poor = sheet.falls_short()
    harms = bool(bad) or poor
    if _rule(sheet, "g") == "sgd" and _rule(sheet, "d") == "sgd":
        yield Suspicion(
            "optimizer-unsuited",
            0.75 if harms else 0.3,
            (
                f"Both networks are trained with SGD (learning rate {_rate(sheet, 'g'):g}).",
                *bad[:2],
                *(("The samples are not like the data by now.",) if poor else ()),
            ),
            "Adam(lr=2e-4, betas=(0.5, 0.999)) for both.",
            _made(sheet, "g"),
            "Adam's step sizes for single weights train pairs that SGD does not.",
            "Radford et al. 2016 (arXiv:1511.06434)",
            harm="likely" if harms else "none",
        )


def strength(sheet: Sheet) -> Iterator[Suspicion]:
    """D outruns G, or cannot follow."""
    d_rate, g_rate = _rate(sheet, "d"), _rate(sheet, "g")
    turns = _steps_ratio(sheet)
    speed = d_rate * turns / g_rate if g_rate else 0.0
    same_rule = _rule(sheet, "d") == _rule(sheet, "g")
    sizes = [
        sum(p.numel() for p in network.parameters)
        for network in (sheet.cast.discriminator, sheet.cast.generator)
    ]
    capacity = sizes[0] / max(sizes[1], 1)
    shape = (
        f"D has {sizes[0]:,} parameters and G {sizes[1]:,}; learning rates {d_rate:g} and "
        f"{g_rate:g}; {turns:g} D steps for each G step."
    )
    unequal = (same_rule and speed >= 3) or capacity >= 8
    hops = _symptoms(sheet, _COLLAPSED)
    wins = _symptoms(sheet, _D_WINS) or (hops if unequal else [])
    # A Wasserstein critic is meant to be trained until it is sure.
    if wins and sheet.loss not in ("wgan", "wgan_gp"):
        yield Suspicion(
            "discriminator-too-strong",
            0.8 if unequal else 0.45,
            (shape, *wins[:2]),
            "Slow D down (its learning rate by four, one step for each of G's), make it smaller, "
            "or regularise it (R1, spectral norm, label smoothing).",
            _made(sheet, "d"),
            "Wiring and ranges were found to be right, so it is the balance."
            if unequal
            else "Rates and sizes are about equal.",
            "Heusel et al. 2017 (arXiv:1706.08500)",
            harm="likely",
        )
    blind = _symptoms(sheet, ("discriminator-blind", "false-equilibrium"))
    slow = (same_rule and 0 < speed <= 0.34) or capacity <= 0.02
    if slow and not blind:
        hops = hops or _symptoms(sheet, _BAD)
    if blind or (hops and slow):
        yield Suspicion(
            "discriminator-too-weak",
            0.8 if slow else 0.55,
            (shape, *(blind or hops)[:2]),
            "Give D the learning rate of G, more steps or more units.",
            _made(sheet, "d"),
            "A simple linear test does tell the samples apart."
            if blind
            else "G moves on before D has learned where it was.",
            "Heusel et al. 2017 (arXiv:1706.08500)",
            harm="likely",
        )


def collapse(sheet: Sheet) -> Iterator[Suspicion]:
    """Collapse with nothing behind it."""
    bad = _symptoms(sheet, _COLLAPSED)
    if bad:
        yield Suspicion(
            "mode-collapse",
            0.5,
            (*bad[:2], *_latent(sheet)),
            "Try beta1 0.5, a WGAN-GP or relativistic loss with R1, minibatch standard deviation "
            "or PacGAN.",
            sheet.where("g loss"),
            "No wiring, range or loss fault was found behind it.",
            "Lin et al. 2018 (arXiv:1712.04086)",
            harm="likely",
        )


def _latent(sheet: Sheet) -> Iterator[str]:
    apart = sheet.answers.get("latent matters")
    if apart is not None:
        yield f"Samples of different z lie {apart:.2g} of their own size apart (on a copy of G)."


RULES = (overflow, learning_rate_high, learning_rate_low, momentum, unsuited_optimizer, strength,
         collapse)  # fmt: skip
