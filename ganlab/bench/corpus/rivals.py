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
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from ganlab.bench.corpus import autotrainer, sagemaker
from ganlab.bench.corpus.readings import (
    LOSSES,
    NORMS,
    UNBOUNDED,
    Judge,
    Looks,
    beyond,
    earliest,
    every,
    held,
    number,
    readings,
)
from ganlab.observation import Facts, Observation


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
        if value is None or facts.get("loss") in UNBOUNDED:
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
    Rule("SageMaker VanishingGradient", _GUIDE, sagemaker.vanishing_gradient),
    Rule("SageMaker ExplodingTensor", _GUIDE, sagemaker.exploding_tensor),
    Rule("SageMaker LossNotDecreasing", _GUIDE, sagemaker.loss_not_decreasing),
    Rule("SageMaker DeadRelu", _GUIDE, sagemaker.dead_relu),
    Rule("SageMaker WeightUpdateRatio", _GUIDE, sagemaker.weight_update_ratio),
    Rule("SageMaker, all five", _GUIDE, partial(earliest, judges=sagemaker.RULES)),
    Rule(
        "SageMaker, without LossNotDecreasing",  # which no GAN's losses satisfy for long
        _GUIDE,
        partial(
            earliest,
            judges=[rule for rule in sagemaker.RULES if rule is not sagemaker.loss_not_decreasing],
        ),
    ),
    Rule(
        "SageMaker, all five, every 500 steps",
        _SAVED,
        partial(every, judge=partial(earliest, judges=sagemaker.RULES), steps=500),
    ),
    Rule("AutoTrainer vanishing gradient", _ICSE, autotrainer.gradient_vanished),
    Rule("AutoTrainer exploding gradient, of the norm", _ICSE, autotrainer.gradient_exploded),
    Rule("AutoTrainer NaN loss", _ICSE, autotrainer.loss_blown),
    Rule("AutoTrainer dying ReLU", _ICSE, autotrainer.relu_dying),
    Rule("AutoTrainer oscillating loss", _ICSE, autotrainer.oscillating),
    Rule("AutoTrainer slow convergence", _ICSE, autotrainer.slow_convergence),
    Rule(
        "AutoTrainer oscillating loss, epochs of 100 steps",
        _ICSE,
        partial(autotrainer.oscillating, epoch=100),
    ),
    Rule(
        "AutoTrainer slow convergence, epochs of 100 steps",
        _ICSE,
        partial(autotrainer.slow_convergence, epoch=100),
    ),
    Rule("AutoTrainer, all but exploding", _ICSE, partial(earliest, judges=autotrainer.RULES)),
    Rule("ADWIN", _ADWIN, partial(drift, kind="ADWIN")),
    Rule("ADWIN, from step 500", _ADWIN, partial(drift, kind="ADWIN", reads=500)),
    Rule("Page-Hinkley", _PAGE, partial(drift, kind="PageHinkley")),
    Rule("Page-Hinkley, from step 500", _PAGE, partial(drift, kind="PageHinkley", reads=500)),
)
