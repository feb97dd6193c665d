"""A loss that is linear in a bounded output: of a critic, or a generator's that has flat ends."""

from __future__ import annotations

from ganlab.causes.history import History


def is_bounded(history: History) -> bool:
    """Whether D's loss is linear in its output, and a sigmoid or tanh bounds that."""
    pairs = history.contracts("d real") | history.contracts("d fake")
    inside = any(inner in ("Sigmoid", "Tanh") for _, inner in pairs)
    return history.linear and (inside or any(seen.probability for seen in history.rounds))


def as_critic(history: History) -> bool:
    """Whether a penalty, clipping or several steps of D mark a Wasserstein critic."""
    penalised = any(seen.penalties for seen in history.rounds)
    clipped = history.made_of.discriminator.clipped or bool(history.answers.get("clip"))
    turns = history.median(lambda seen: float(seen.counts.get("d steps", 0))) or 1.0
    return penalised or clipped or turns > 1


def evidence(history: History) -> tuple[str, ...]:
    """What was seen of it."""
    slope = history.median(lambda seen: seen.slopes.get("g fake"))
    return (
        "D's loss is linear in its output (no logarithm, no target), and a sigmoid bounds that "
        "output to [0, 1].",
        *(
            (f"The slope of G's loss at D's logit is {slope:.3g} (median).",)
            if slope is not None
            else ()
        ),
    )
