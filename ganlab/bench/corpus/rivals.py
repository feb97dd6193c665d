"""The baselines of the detectors' benchmark: other people's rules on the streams we record.

Defaults are those documented, never fitted here. SageMaker's rules are described, not published:
what they do is read from the developer guide (its text of 2023-03-17). AutoTrainer's thresholds
are those of its repository, which calls them the paper's. Both look at tensors layer by layer, a
stream has one number a network; each rule says below what was put in place of what. In doubt the
reading is the one that alarms less.

SageMaker's rules that a stream cannot answer: PoorWeightInitialization (variances and gradient
percentiles by layer), Overfit and Overtraining (a validation loss, which a GAN has not),
SaturatedActivation (tanh inputs beyond +-9.5; our share of outputs within 1.5 % of a bound begins
at 2.1 and is high for any picture with a black ground), and those that ask their user for a tensor
or a second run (AllZero, TensorVariance, UnchangedTensor, SimilarAcrossRuns). AutoTrainer's:
the ratio of the first layer's gradient to the last's, and its checks of the loss function's type.
ADA's r_t > 0.6 (Karras et al. 2020, arXiv:2006.06676) wants the mean sign of D's output on its
training reals, which no stream has: a mean of logits is another thing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from ganlab.detectors.base import Hold
from ganlab.observation import Facts, Observation

Looks = Sequence[Observation]
Judge = Callable[[Looks], int | None]
Says = Callable[[Observation, Facts], bool | None]  # None: nothing measured

LOSSES = ("d_loss", "g_loss")
NORMS = ("grad_norm_d", "grad_norm_g")
_TENSORS = (*LOSSES, "penalty", "logit_real", "logit_fake", *NORMS)
_UNBOUNDED = ("wgan", "wgan_gp")  # losses without a floor: no number is low or high


class Rival(Protocol):
    """Somebody else's way to say that a run has gone wrong."""

    @property
    def name(self) -> str:
        """As printed."""

    @property
    def source(self) -> str:
        """Where its rule is documented."""

    def alarm(self, looks: Looks) -> int | None:
        """The first step at which it would alarm; None: never."""


@dataclass(frozen=True)
class Rule:
    """A function as a rival."""

    name: str
    source: str
    judge: Judge

    def alarm(self, looks: Looks) -> int | None:
        """The first step at which it would alarm; None: never."""
        return self.judge(looks)


def number(look: Observation, name: str) -> float | None:
    """A metric's finite value; None where it was not measured or is not finite."""
    value = look.metrics.get(name)
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None


def readings(looks: Looks, name: str) -> Iterator[tuple[int, float]]:
    """Steps and finite values of a metric."""
    for look in looks:
        value = number(look, name)
        if value is not None:
            yield look.step, value


def with_facts(looks: Looks) -> Iterator[tuple[Observation, Facts]]:
    """Each look with the facts that hold at it."""
    facts: Facts = {}
    for look in looks:
        facts = facts if look.facts is None else look.facts
        yield look, facts


def beyond(looks: Looks, names: Sequence[str], low: float, high: float) -> int | None:
    """The first step at which one of the metrics is below low or above high."""
    steps = (
        step for name in names for step, value in readings(looks, name) if not low <= value <= high
    )
    return min(steps, default=None)


def earliest(looks: Looks, judges: Sequence[Judge]) -> int | None:
    """The first alarm of several rules."""
    steps = (judge(looks) for judge in judges)
    return min((step for step in steps if step is not None), default=None)


def every(looks: Looks, judge: Judge, steps: int) -> int | None:
    """A rule that sees one look in so many steps: the first at or after each multiple."""
    seen: list[Observation] = []
    for look in looks:
        if not seen or look.step // steps > seen[-1].step // steps:
            seen.append(look)
    return judge(seen)


def held(looks: Looks, says: Says, since: int, hold: int) -> int | None:
    """When a condition has held for so many steps, all of them from step `since` on."""
    holding = Hold(on=hold, off=0)
    for look, facts in with_facts(looks):
        said = says(look, facts) if look.step >= since else None
        if said is not None and holding.update(look.step, said):
            return look.step
    return None


# Folk rules.


def loss_threshold(
    looks: Looks, *, low: float = 0.05, high: float = 5.0, since: int = 500, hold: int = 100
) -> int | None:
    """D's loss below 0.05 or G's above 5 at every look of 100 steps, from step 500 on.

    Folklore says "D loss goes to 0" and leaves the number to the reader; these are ours.
    Wasserstein losses have no floor, and nothing is said of them. A smoothed label keeps D's
    cross-entropy above 0.05 for ever (target 0.9: above 0.32), which the rule does not know.
    """

    def wrong(look: Observation, facts: Facts, name: str) -> bool | None:
        value = number(look, name)
        if value is None or facts.get("loss") in _UNBOUNDED:
            return None
        return value < low if name == "d_loss" else value > high

    judges = [partial(held, says=partial(wrong, name=n), since=since, hold=hold) for n in LOSSES]
    return earliest(looks, judges)


def accuracy_threshold(
    looks: Looks, *, high: float = 0.99, since: int = 500, hold: int = 100
) -> int | None:
    """D's accuracy above 0.99 at every look of 100 steps, from step 500 on.

    Silent for losses that give D's output no point at which a sample counts as real.
    """

    def wrong(look: Observation, facts: Facts) -> bool | None:
        value = number(look, "d_accuracy")
        return None if value is None else value > high

    return held(looks, wrong, since, hold)


def gradient_threshold(looks: Looks, *, high: float = 100.0) -> int | None:
    """Either network's gradient norm above 100, once."""
    return beyond(looks, NORMS, -math.inf, high)


# SageMaker Debugger's built-in rules.


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


_SAGEMAKER: tuple[Judge, ...] = (
    vanishing_gradient,
    exploding_tensor,
    loss_not_decreasing,
    dead_relu,
    weight_update_ratio,
)


# AutoTrainer's problems.


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


_AUTOTRAINER: tuple[Judge, ...] = (
    gradient_vanished,
    loss_blown,
    relu_dying,
    oscillating,
    slow_convergence,
)


# River's detectors of change.


def drift(looks: Looks, *, kind: str, reads: int = 0, since: int = 500) -> int | None:
    """The first change in either loss from step 500 on, by river's detector with its defaults.

    It reads the looks from step `reads` on: from the first one, it may take the end of training's
    start for a change and say so after step 500; from step 500, it has its own start still to
    learn. Values that are not finite are passed over.
    """
    judges = (partial(_drift, name=n, kind=kind, reads=reads, since=since) for n in LOSSES)
    return earliest(looks, tuple(judges))


def _drift(looks: Looks, *, name: str, kind: str, reads: int, since: int) -> int | None:
    detector = _river(kind)
    for step, value in readings(looks, name):
        if step < reads:
            continue
        detector.update(value)
        if detector.drift_detected and step >= since:
            return step
    return None


def _river(kind: str) -> Any:
    try:
        from river import drift as detectors
    except ImportError as error:
        raise ImportError(f"{kind} is river's. Install it: pip install river") from error
    return getattr(detectors, kind)()


_FOLK = "Chintala et al. 2016, How to train a GAN, 10 (github.com/soumith/ganhacks)"
_GUIDE = (
    "Amazon SageMaker developer guide, List of Debugger built-in rules "
    "(docs.aws.amazon.com/sagemaker/latest/dg/debugger-built-in-rules.html)"
)
_SAVED = f"{_GUIDE}; save_interval 500 (github.com/awslabs/sagemaker-debugger-rulesconfig)"
_ICSE = "Zhang et al. 2021 (AutoTrainer, ICSE); defaults: github.com/shiningrain/AUTOTRAINER"
_ADWIN = "Bifet and Gavalda 2007 (SDM); river.drift.ADWIN, delta 0.002"
_PAGE = "Page 1954 (Biometrika 41); river.drift.PageHinkley, delta 0.005, threshold 50"

RIVALS: tuple[Rival, ...] = (
    Rule("loss threshold", _FOLK, loss_threshold),
    Rule("accuracy threshold", _FOLK, accuracy_threshold),
    Rule("gradient norm 100", _FOLK, gradient_threshold),
    Rule("SageMaker VanishingGradient", _GUIDE, vanishing_gradient),
    Rule("SageMaker ExplodingTensor", _GUIDE, exploding_tensor),
    Rule("SageMaker LossNotDecreasing", _GUIDE, loss_not_decreasing),
    Rule("SageMaker DeadRelu", _GUIDE, dead_relu),
    Rule("SageMaker WeightUpdateRatio", _GUIDE, weight_update_ratio),
    Rule("SageMaker, all five", _GUIDE, partial(earliest, judges=_SAGEMAKER)),
    Rule(
        "SageMaker, without LossNotDecreasing",  # which no GAN's losses satisfy for long
        _GUIDE,
        partial(earliest, judges=[rule for rule in _SAGEMAKER if rule is not loss_not_decreasing]),
    ),
    Rule(
        "SageMaker, all five, every 500 steps",
        _SAVED,
        partial(every, judge=partial(earliest, judges=_SAGEMAKER), steps=500),
    ),
    Rule("AutoTrainer vanishing gradient", _ICSE, gradient_vanished),
    Rule("AutoTrainer exploding gradient, of the norm", _ICSE, gradient_exploded),
    Rule("AutoTrainer NaN loss", _ICSE, loss_blown),
    Rule("AutoTrainer dying ReLU", _ICSE, relu_dying),
    Rule("AutoTrainer oscillating loss", _ICSE, oscillating),
    Rule("AutoTrainer slow convergence", _ICSE, slow_convergence),
    Rule(
        "AutoTrainer oscillating loss, epochs of 100 steps", _ICSE, partial(oscillating, epoch=100)
    ),
    Rule(
        "AutoTrainer slow convergence, epochs of 100 steps",
        _ICSE,
        partial(slow_convergence, epoch=100),
    ),
    Rule("AutoTrainer, all but exploding", _ICSE, partial(earliest, judges=_AUTOTRAINER)),
    Rule("ADWIN", _ADWIN, partial(drift, kind="ADWIN")),
    Rule("ADWIN, from step 500", _ADWIN, partial(drift, kind="ADWIN", reads=500)),
    Rule("Page-Hinkley", _PAGE, partial(drift, kind="PageHinkley")),
    Rule("Page-Hinkley, from step 500", _PAGE, partial(drift, kind="PageHinkley", reads=500)),
)
