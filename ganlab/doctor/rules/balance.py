"""Learning rates: causes that only count with the symptom they explain."""

from __future__ import annotations

from collections.abc import Iterator

from ganlab.causes.balance.mixed_precision_overflow import not_finite, said
from ganlab.causes.balance.symptoms import ADAM, BAD
from ganlab.causes.history import LESSON_RATE, History
from ganlab.causes.suspect import Suspect
from ganlab.causes.trace import PLAYERS
from ganlab.doctor.rules.naming import suspicion


def overflow(history: History) -> Iterator[Suspect]:
    """Updates that leave the finite numbers."""
    wrong, build = not_finite(history), history.made_of
    if not wrong or build.half:
        return
    yield suspicion(
        "learning-rate-too-high",
        0.6,
        (said(wrong), f"Learning rates: D {build.rate('d'):g}, G {build.rate('g'):g}."),
        "Divide both learning rates by ten.",
        build.made("d"),
        "No half precision was seen.",
        harm="likely",
    )


def learning_rate_high(history: History) -> Iterator[Suspect]:
    """Adam at 5e-3 or more, or weights that move by percents a step, with a symptom."""
    for player in PLAYERS:
        rate, moves = history.made_of.rate(player), history.answers.get(f"update ratio {player}")
        adaptive = history.made_of.rule(player) in (*ADAM, "rmsprop")
        large = (adaptive and rate >= 4e-3) or rate >= 0.5
        bad = [*history.sentences(*BAD), *history.poor(soon=adaptive and rate >= 0.01)]
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
            history.made_of.made(player),
            "A healthy network moves by 0.1 % to 0.5 % of its weights' norm a step.",
            "Radford et al. 2016 (arXiv:1511.06434)",
            harm="likely" if bad else "unclear",
        )
        return


def learning_rate_low(history: History) -> Iterator[Suspect]:
    """Weights that do not move."""
    for player in PLAYERS:
        moves, rate = history.answers.get(f"update ratio {player}"), history.made_of.rate(player)
        adaptive = history.made_of.rule(player) in ADAM
        if moves is None or moves <= 0 or history.updates < 200:
            continue
        if moves < (1e-4 if adaptive and rate < 2e-5 else 1e-5):
            yield suspicion(
                "learning-rate-too-low",
                0.85,
                (
                    f"{player.upper()}'s weights moved by {moves:.2g} of their norm a step; its "
                    f"learning rate is {rate:g}.",
                    *history.sentences(*BAD)[:1],
                ),
                "Use 2e-4 with Adam's beta1 0.5.",
                history.made_of.made(player),
                "Its gradients are finite and not zero.",
                harm="likely",
            )


RULES = (overflow, learning_rate_high, learning_rate_low)
