"""AutoTrainer's problems on a stream, as `rivals.py` says that they are read."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

from ganlab.bench.corpus.readings import (
    LOSSES,
    NORMS,
    Judge,
    Looks,
    beyond,
    earliest,
    number,
    with_facts,
)
from ganlab.bench.corpus.sagemaker import exploding_tensor


def gradient_vanished(looks: Looks, *, norm: float = 1e-4) -> int | None:
    """Vanishing gradient: the first layer's norm below 1e-4 (beta_2), and below 1e-3 of the last's.

    Ours is the whole network's norm, which the first layer's cannot exceed: below 1e-4 the first
    condition holds for sure. The ratio of layers is left out. So is the condition that the
    accuracy has not risen (above 0.6): no accuracy of a GAN ought to rise.
    """
    return beyond(looks, NORMS, norm, math.inf)


def gradient_exploded(looks: Looks, *, norm: float = 70.0) -> int | None:
    """Exploding gradient with its 70 (beta_3) held against the norm itself.

    Theirs is the ratio of the first layer's norm to the last's, which no stream has. This is
    another quantity with the same number, and no part of the rules taken together.
    """
    return beyond(looks, NORMS, -math.inf, norm)


def loss_blown(looks: Looks, *, large: float = 1e3) -> int | None:
    """NaN: a loss or a gradient that is not finite (or a logit), or a loss of 1000 and more.

    That a loss is negative, also a problem there, is none for a GAN's.
    """
    return earliest(
        looks,
        (exploding_tensor, partial(beyond, names=LOSSES, low=-math.inf, high=_under(large))),
    )


def _under(number: float) -> float:
    """The largest float below: theirs is >=, `beyond` is >."""
    return math.nextafter(number, -math.inf)


def relu_dying(looks: Looks, *, share: float = 0.7) -> int | None:
    """Dying ReLU: 70 % (gamma) of all gradient entries are zero.

    A unit that no input activates has no gradient in its incoming weights: the share of dead
    units stands for that of zero entries. Their condition on the accuracy is left out, as above.
    """
    return beyond(looks, ("dead_units_d", "dead_units_g"), -math.inf, _under(share))


def oscillating(
    looks: Looks,
    *,
    swing: float = 0.03,
    rate: float = 0.2,
    point: float = 0.3,
    epoch: float | None = None,
) -> int | None:
    """Oscillating loss, which they read from the accuracy: D's, its mean over each epoch.

    The n-th local maximum and the n-th local minimum of the epochs make a pair. An alarm is when
    as many pairs as a fifth (eta) of the epochs so far lie 0.03 (zeta) apart, from 30 % of the
    planned run on; the stream's end counts as its plan. A run of fewer than four epochs has no
    pair, and many of ours are shorter: `epoch` (steps) sets a length of its own. Without one, and
    without that of the facts: silence.
    """
    epochs = list(_epochs(looks, "d_accuracy", epoch))
    tops: list[float] = []
    bottoms: list[float] = []
    for index, (step, value) in enumerate(epochs):
        if index >= 2:
            before, middle = epochs[index - 2][1], epochs[index - 1][1]
            tops += [middle] if middle >= max(before, value) else []
            bottoms += [middle] if middle <= min(before, value) else []
        pairs = zip(tops, bottoms, strict=False)
        swings = sum(top - bottom >= swing for top, bottom in pairs)
        if index + 1 >= point * len(epochs) and swings >= rate * (index + 1):
            return step
    return None


def slow_convergence(
    looks: Looks,
    *,
    reached: float = 0.6,
    gain: float = 0.01,
    point: float = 0.3,
    epoch: float | None = None,
) -> int | None:
    """Slow convergence: no epoch's accuracy of 0.6 (Theta), none 0.01 (delta) above the one before.

    Of D, from 30 % of the planned run on, and from the second epoch on: a first one has no gain.
    A GAN that does well is a D that cannot tell; the rule was made for classifiers.
    """
    epochs = list(_epochs(looks, "d_accuracy", epoch))
    best, most = -math.inf, -math.inf
    for index, (step, value) in enumerate(epochs):
        best = max(best, value)
        most = max(most, value - epochs[index - 1][1]) if index else most
        if index and index + 1 >= point * len(epochs) and best < reached and most < gain:
            return step
    return None


def _epochs(looks: Looks, name: str, steps: float | None) -> Iterator[tuple[int, float]]:
    """Last step and mean of a metric, epoch by epoch; an epoch without a value is left out."""
    current, last, values = 0, 0, list[float]()
    for look, facts in with_facts(looks):
        length, value = steps or facts.get("epoch_steps", 0.0), number(look, name)
        if not length or value is None:
            continue
        epoch = math.ceil(look.step / length)
        if values and epoch > current:
            yield last, math.fsum(values) / len(values)
            values = []
        current, last = epoch, look.step
        values.append(value)
    if values:
        yield last, math.fsum(values) / len(values)


RULES: tuple[Judge, ...] = (
    gradient_vanished,
    loss_blown,
    relu_dying,
    oscillating,
    slow_convergence,
)
