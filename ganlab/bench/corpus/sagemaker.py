"""SageMaker's built-in rules on a stream, as `rivals.py` says that they are read."""

from __future__ import annotations

import math
from functools import partial

from ganlab.bench.corpus.readings import (
    LOSSES,
    NORMS,
    Judge,
    Looks,
    beyond,
    earliest,
    number,
    readings,
    with_facts,
)

_TENSORS = (*LOSSES, "penalty", "logit_real", "logit_fake", *NORMS)


def vanishing_gradient(looks: Looks, *, threshold: float = 1e-7) -> int | None:
    """VanishingGradient: a gradient's mean absolute value below 1e-7.

    Theirs is a tensor's mean, ours comes from the norm of a whole network with P parameters: the
    mean absolute value is at most norm / sqrt(P) (Cauchy and Schwarz), so that an alarm here is
    one of theirs too, while one vanished layer among others is not seen. Where the facts do not
    say P, it counts as 1.
    """
    for look, facts in with_facts(looks):
        counts = facts.get("parameters_d", 1), facts.get("parameters_g", 1)
        for name, count in zip(NORMS, counts, strict=True):
            norm = number(look, name)
            if norm is not None and norm / math.sqrt(max(count, 1)) < threshold:
                return look.step
    return None


def exploding_tensor(looks: Looks) -> int | None:
    """ExplodingTensor: NaN or infinity (only_nan is False) in a loss, a logit or a gradient norm.

    A metric that is missing was not measured; one that is there without a number was not finite.
    """
    for look in looks:
        if any(name in look.metrics and number(look, name) is None for name in _TENSORS):
            return look.step
    return None


def loss_not_decreasing(
    looks: Looks, *, fall: float = 0.1, rise: float = 5.0, steps: int = 10
) -> int | None:
    """LossNotDecreasing: diff_percent 0.1, increase_threshold_percent 5, num_steps 10. Both losses.

    Each is compared with its value at the last check, at least 10 steps before. It should have
    fallen by 0.1 %, and where it rose instead it may have risen by 5 %: an alarm is a loss that
    stood still or rose by more. (Older texts of the guide know no tolerance: any rise alarms.)
    """
    losses = (partial(_stands, name=name, fall=fall, rise=rise, steps=steps) for name in LOSSES)
    return earliest(looks, tuple(losses))


def _stands(looks: Looks, *, name: str, fall: float, rise: float, steps: int) -> int | None:
    checked: tuple[int, float] | None = None
    for step, value in readings(looks, name):
        if checked is None:
            checked = step, value
        elif step - checked[0] >= steps:
            percent = 100.0 * (value - checked[1]) / max(abs(checked[1]), 1e-12)
            if percent > rise or -fall < percent <= 0.0:
                return step
            checked = step, value
    return None


def dead_relu(looks: Looks, *, layer: float = 0.5) -> int | None:
    """DeadRelu: over 50 % of a layer's ReLUs active on under 1 % of the inputs (inactivity 1.0).

    Ours is the share of a network's units that no input of the probe activates. Both differences
    make it the smaller number: an alarm here is one of theirs, and they may see more.
    """
    return beyond(looks, ("dead_units_d", "dead_units_g"), -math.inf, layer)


def weight_update_ratio(looks: Looks, *, small: float = 1e-8, large: float = 10.0) -> int | None:
    """WeightUpdateRatio: a step moves the weights by over 10 or under 1e-8 of themselves.

    Theirs is a tensor's, ours a network's, as the mean of the steps since the last probe.
    """
    return beyond(looks, ("update_ratio_d", "update_ratio_g"), small, large)


RULES: tuple[Judge, ...] = (
    vanishing_gradient,
    exploding_tensor,
    loss_not_decreasing,
    dead_relu,
    weight_update_ratio,
)
