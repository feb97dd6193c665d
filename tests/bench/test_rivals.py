"""Each baseline on a stream with its own sickness, on a calm one, and at its threshold."""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable

import pytest

from ganlab.bench.corpus import autotrainer, rivals, sagemaker
from ganlab.bench.corpus.readings import Judge, Looks
from ganlab.bench.corpus.rivals import RIVALS
from ganlab.detectors.specimen import IMAGE_FACTS, Curve, stream
from ganlab.observation import Facts

FACTS: Facts = {**IMAGE_FACTS, "epoch_steps": 100.0, "parameters_d": 10_000, "parameters_g": 10_000}


def noise(mean: float, spread: float) -> Curve:
    """The same noise whenever it is asked for."""
    return lambda step: mean + spread * random.Random(step).uniform(-1.0, 1.0)


def falling(start: float) -> Callable[[int], float]:
    """A loss that falls by a hundredth in ten steps."""
    return lambda step: start * math.exp(-step / 1000)


def jump(before: float, after: float, at: int) -> Callable[[int], float]:
    """One value until a step, another from it on."""
    return lambda step: before if step < at else after


CURVES: dict[str, Curve] = {
    "d_loss": falling(2.0),
    "g_loss": falling(1.0),
    "d_accuracy": lambda step: 0.9 - 0.3 * math.exp(-step / 300),  # of a classifier that learns
    "grad_norm_d": 1.0,
    "grad_norm_g": 1.0,
}
PROBES: dict[str, Curve] = {
    "dead_units_d": 0.1,
    "dead_units_g": 0.1,
    "update_ratio_d": 1e-3,
    "update_ratio_g": 1e-3,
}


def looks(facts: Facts | None = None, /, **changed: Curve) -> Looks:
    """The calm stream with some of its curves replaced."""
    curves = {name: changed.get(name, curve) for name, curve in CURVES.items()}
    probes = {name: changed.get(name, curve) for name, curve in PROBES.items()}
    return stream(facts or FACTS, curves, probes=probes, steps=2000)


# The others call a loss that falls all the time a change, and rightly.
_UNMOVED = [rival for rival in RIVALS if not rival.name.startswith(("ADWIN", "Page-Hinkley"))]


@pytest.mark.parametrize("rival", _UNMOVED, ids=lambda rival: rival.name)
def test_a_training_as_the_rules_want_it_is_calm(rival: rivals.Rival) -> None:
    assert rival.alarm(looks()) is None


@pytest.mark.parametrize(
    ("judge", "name", "sick", "step"),
    [
        # 100 steps below the threshold.
        (rivals.loss_threshold, "d_loss", jump(0.06, 0.04, 1000), 1100),
        (rivals.loss_threshold, "d_loss", 0.04, 600),  # not before step 500
        (rivals.loss_threshold, "g_loss", jump(4.9, 5.1, 1000), 1100),
        (rivals.accuracy_threshold, "d_accuracy", jump(0.98, 1.0, 1000), 1100),
        (rivals.gradient_threshold, "grad_norm_g", jump(99.0, 101.0, 770), 770),
        # 10 000 parameters: a norm of 1e-5 is a mean of at most 1e-7.
        (sagemaker.vanishing_gradient, "grad_norm_g", jump(1.1e-5, 0.9e-5, 770), 770),
        (sagemaker.vanishing_gradient, "grad_norm_d", jump(1.1e-5, 0.0, 770), 770),
        (sagemaker.exploding_tensor, "d_loss", jump(1.0, math.nan, 770), 770),
        (sagemaker.exploding_tensor, "grad_norm_g", jump(1.0, math.inf, 770), 770),
        # The last fall is that of step 300, and step 310 is the first without one.
        (sagemaker.loss_not_decreasing, "g_loss", lambda step: 400.0 - min(step, 300), 310),
        (sagemaker.loss_not_decreasing, "d_loss", jump(1.0, 1.0, 0), 20),
        (sagemaker.dead_relu, "dead_units_g", jump(0.5, 0.51, 800), 800),
        (sagemaker.weight_update_ratio, "update_ratio_g", jump(1e-3, 11.0, 800), 800),
        (sagemaker.weight_update_ratio, "update_ratio_d", jump(1e-3, 0.9e-8, 800), 800),
        (autotrainer.gradient_vanished, "grad_norm_g", jump(1.1e-4, 0.9e-4, 770), 770),
        (autotrainer.gradient_exploded, "grad_norm_d", jump(69.0, 71.0, 770), 770),
        (autotrainer.loss_blown, "g_loss", jump(999.0, 1000.0, 770), 770),
        (autotrainer.loss_blown, "g_loss", jump(1.0, math.nan, 770), 770),
        (autotrainer.relu_dying, "dead_units_d", jump(0.69, 0.7, 800), 800),
        # Epochs of 100 steps, up and down by 0.1: judged from the sixth of 20 on.
        (
            autotrainer.oscillating,
            "d_accuracy",
            lambda s: 0.7 + 0.05 * (-1) ** ((s - 1) // 100),
            600,
        ),
        # Calm for 1000 steps, then the same, a pair with every second epoch: the fourth, of 19.
        (
            autotrainer.oscillating,
            "d_accuracy",
            lambda s: 0.7 + (0.05 * (-1) ** ((s - 1) // 100) if s > 1000 else s * 1e-5),
            1900,
        ),
        (autotrainer.slow_convergence, "d_accuracy", 0.55, 600),
    ],
)
def test_a_rule_finds_its_sickness_at_the_right_step(
    judge: Judge, name: str, sick: Curve, step: int
) -> None:
    assert judge(looks(**{name: sick})) == step


@pytest.mark.parametrize(
    ("judge", "name", "near"),
    [
        (rivals.loss_threshold, "d_loss", lambda s: 0.06 if s % 100 == 0 else 0.04),  # 90 steps
        (rivals.loss_threshold, "d_loss", lambda s: 0.04 if s < 500 else 0.06),
        (rivals.accuracy_threshold, "d_accuracy", 0.99),
        (rivals.gradient_threshold, "grad_norm_d", 100.0),
        (sagemaker.vanishing_gradient, "grad_norm_d", 1.1e-5),
        (sagemaker.exploding_tensor, "d_loss", 3e38),
        # A tenth of a percent is enough, and a rise of less than 5 % is tolerated.
        (sagemaker.loss_not_decreasing, "d_loss", lambda s: math.exp(-0.000101 * s)),
        (sagemaker.loss_not_decreasing, "d_loss", lambda s: math.exp(0.0048 * s)),
        (sagemaker.dead_relu, "dead_units_d", 0.5),
        (sagemaker.weight_update_ratio, "update_ratio_d", 10.0),
        (autotrainer.gradient_vanished, "grad_norm_d", 1.1e-4),
        (autotrainer.gradient_exploded, "grad_norm_d", 70.0),
        (autotrainer.loss_blown, "d_loss", 999.0),
        (autotrainer.loss_blown, "d_loss", -5.0),
        (autotrainer.relu_dying, "dead_units_g", 0.69),
        (autotrainer.oscillating, "d_accuracy", lambda s: 0.7 + 0.014 * (-1) ** ((s - 1) // 100)),
        (autotrainer.slow_convergence, "d_accuracy", 0.61),
        (autotrainer.slow_convergence, "d_accuracy", lambda s: 0.3 + 1.1e-4 * s),  # 0.011 an epoch
    ],
)
def test_a_rule_is_silent_this_side_of_its_threshold(judge: Judge, name: str, near: Curve) -> None:
    assert judge(looks(**{name: near})) is None


def test_a_critics_loss_has_no_threshold() -> None:
    critic: Facts = {**FACTS, "loss": "wgan_gp"}
    assert rivals.loss_threshold(looks(critic, d_loss=-3.0, g_loss=40.0)) is None


def test_without_its_size_a_networks_norm_is_taken_as_it_is() -> None:
    assert sagemaker.vanishing_gradient(looks(IMAGE_FACTS, grad_norm_g=2e-7)) is None
    assert sagemaker.vanishing_gradient(looks(IMAGE_FACTS, grad_norm_g=0.5e-7)) == 10


def test_without_an_epochs_length_there_are_no_epochs() -> None:
    facts: Facts = {"loss": "hinge"}
    assert autotrainer.slow_convergence(looks(facts, d_accuracy=0.5)) is None


def test_an_epochs_length_can_be_given() -> None:
    swings = looks({"loss": "hinge"}, d_accuracy=lambda s: 0.7 + 0.05 * (-1) ** ((s - 1) // 100))
    assert autotrainer.oscillating(swings) is None
    assert autotrainer.oscillating(swings, epoch=100) == 600


def test_a_missing_metric_is_not_a_broken_one() -> None:
    assert sagemaker.exploding_tensor(stream(FACTS, {"g_loss": 1.0})) is None


def test_what_is_saved_every_500_steps_is_seen_every_500_steps() -> None:
    rule = next(rival for rival in RIVALS if rival.name == "SageMaker, all five, every 500 steps")
    assert rule.alarm(looks(dead_units_g=jump(0.1, 0.6, 550))) == 1000
    between = looks(d_loss=lambda step: 2.0 * math.exp(-step / 1000) * (3 if step % 500 else 1))
    assert rule.alarm(between) is None  # a loss that leaps only where nobody looks


@pytest.mark.parametrize("together", ["SageMaker, all five", "AutoTrainer, all but exploding"])
def test_rules_together_alarm_with_the_first_of_them(together: str) -> None:
    rule = next(rival for rival in RIVALS if rival.name == together)
    dying = jump(0.1, 0.8, 800)
    assert rule.alarm(looks(dead_units_g=dying)) == 800
    assert rule.alarm(looks(dead_units_g=dying, grad_norm_d=jump(1.0, math.nan, 640))) == 640


@pytest.mark.parametrize("reads", [0, 500])
@pytest.mark.parametrize("kind", ["ADWIN", "PageHinkley"])
@pytest.mark.parametrize("name", ["d_loss", "g_loss"])
def test_a_change_of_level_is_a_drift(kind: str, name: str, reads: int) -> None:
    calm = {"d_loss": noise(1.2, 0.1), "g_loss": noise(1.0, 0.1)}
    assert rivals.drift(looks(**calm), kind=kind, reads=reads) is None
    step = rivals.drift(looks(**{**calm, name: jump(1.0, 4.0, 1000)}), kind=kind, reads=reads)
    assert step is not None
    assert 1000 < step <= 1400


@pytest.mark.parametrize("kind", ["ADWIN", "PageHinkley"])
def test_the_start_of_training_is_no_drift_to_who_has_not_seen_it(kind: str) -> None:
    start = looks(d_loss=jump(9.0, 1.0, 200), g_loss=1.0)
    assert rivals.drift(start, kind=kind, reads=500) is None


def test_a_drift_before_step_500_is_not_counted() -> None:
    start = looks(d_loss=jump(1.0, 9.0, 310), g_loss=1.0)
    early = rivals.drift(start, kind="PageHinkley", since=0)
    assert early is not None
    assert early < 500
    late = rivals.drift(start, kind="PageHinkley")
    assert late is None or late >= 500


def test_what_is_not_finite_is_no_drift() -> None:
    broken = looks(d_loss=jump(1.0, math.nan, 1000), g_loss=1.0)
    assert rivals.drift(broken, kind="ADWIN") is None


def test_without_river_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "river", None)
    with pytest.raises(ImportError, match="pip install river"):
        rivals.drift(looks(), kind="ADWIN")


@pytest.mark.parametrize("rival", RIVALS, ids=lambda rival: rival.name)
@pytest.mark.parametrize("nothing", [(), stream(FACTS, {})])
def test_nothing_measured_is_no_alarm(rival: rivals.Rival, nothing: Looks) -> None:
    assert rival.alarm(nothing) is None


def test_a_rising_loss_is_no_alarm_to_who_does_not_read_losses() -> None:
    alarms = {rival.name: rival.alarm(looks(g_loss=lambda step: step)) for rival in RIVALS}
    assert alarms["SageMaker LossNotDecreasing"] == alarms["SageMaker, all five"] == 20
    assert alarms["SageMaker, without LossNotDecreasing"] is None


def test_names_differ_and_sources_are_given() -> None:
    assert len({rival.name for rival in RIVALS}) == len(RIVALS)
    assert all(rival.source for rival in RIVALS)
