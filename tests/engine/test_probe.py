"""Probes measure what they say, against data whose answer is known."""

from __future__ import annotations

import math

import pytest
import torch

from ganlab.engine.coverage import (
    Coverage,
    class_coverage,
    frechet_distance,
    mode_coverage,
    train_judge,
)
from ganlab.engine.data import Dataset, load
from ganlab.engine.facts import facts_of
from ganlab.engine.layers import ACTIVATIONS
from ganlab.engine.measure import between_over_within, dead_units, pairwise_auc
from ganlab.engine.quality import Reference
from ganlab.engine.trainer import Trainer
from ganlab.presets import preset


@pytest.fixture(scope="module")
def reference(digits: Dataset) -> Reference:
    return Reference.of(digits)


def raw(digits: Dataset, start: int, count: int) -> torch.Tensor:
    return digits.scaled(digits.train[start : start + count], "[0,1]")


def test_real_samples_are_as_diverse_as_real_samples(digits: Dataset, reference: Reference) -> None:
    embedded = reference.embedding(raw(digits, 500, 256))
    assert reference.diversity(embedded).item() == pytest.approx(1.0, abs=0.1)
    shares, outside = reference.histogram(embedded)
    assert reference.divergence(shares).item() < 0.1
    assert outside.item() < 0.02


def test_copies_of_one_image_have_no_diversity(digits: Dataset, reference: Reference) -> None:
    embedded = reference.embedding(raw(digits, 0, 1).expand(256, -1, -1, -1))
    shares, _ = reference.histogram(embedded)
    assert reference.diversity(embedded).item() == pytest.approx(0.0, abs=1e-2)
    assert shares.max().item() == 1.0
    assert 0.5 < reference.divergence(shares).item() <= math.log(2)


def test_drift_is_zero_while_g_stands_still(digits: Dataset) -> None:
    trainer = Trainer(preset("small-mlp"), data=digits)
    assert trainer.probe is not None
    assert "drift" not in trainer.probe.row()
    assert trainer.probe.row()["drift"].item() == 0.0


def test_the_auc_counts_ties_half() -> None:
    assert pairwise_auc(torch.tensor([2.0, 3.0]), torch.tensor([0.0, 1.0])).item() == 1.0
    assert pairwise_auc(torch.ones(4), torch.ones(4)).item() == 0.5
    assert pairwise_auc(torch.zeros(2), torch.ones(2)).item() == 0.0


@pytest.mark.parametrize(
    ("output", "data_range", "unreachable", "waste"),
    [
        ("tanh", "[-1,1]", (0.0, 0.0), (0.0, 0.01)),
        ("sigmoid", "[0,1]", (0.0, 0.0), (0.0, 0.01)),
        ("sigmoid", "[-1,1]", (0.5, 1.0), (0.0, 0.01)),
        ("tanh", "[0,1]", (0.0, 0.0), (0.49, 0.51)),
        ("tanh", "[0,255]", (0.1, 0.5), (0.0, 1.0)),
        ("x255", "[0,1]", (0.0, 0.0), (0.99, 1.0)),
        ("linear", "standardised", (0.0, 0.0), (0.0, 0.0)),
    ],
)
def test_facts_say_what_g_can_reach(
    digits: Dataset,
    reference: Reference,
    output: str,
    data_range: str,
    unreachable: tuple[float, float],
    waste: tuple[float, float],
) -> None:
    facts = facts_of(preset("small-mlp", output=output, data_range=data_range), digits, reference)
    assert unreachable[0] <= facts["unreachable"] <= unreachable[1]
    assert waste[0] <= facts["waste"] <= waste[1]


def count_modes(points: torch.Tensor) -> Coverage:
    return mode_coverage(points, load(preset("small-mlp", data="ring8")))


def test_the_true_mixture_covers_every_mode_at_the_known_quality() -> None:
    found = count_modes(load(preset("small-mlp", data="ring8")).train[:20_000])
    assert found.covered == found.classes == 8
    assert found.high_quality == pytest.approx(1 - math.exp(-4.5), abs=0.005)


def test_one_mode_is_one_mode() -> None:
    ring = load(preset("small-mlp", data="ring8"))
    assert ring.modes is not None
    assert count_modes(ring.modes[:1].expand(100, 2)).covered == 1


def test_a_mixture_is_as_varied_as_itself_and_one_point_is_not() -> None:
    ring = load(preset("small-mlp", data="ring8"))
    assert count_modes(ring.train[5000:7000]).variety == pytest.approx(1.0, abs=0.05)
    assert count_modes(ring.train[:1].expand(100, 2)).variety == 0.0


def test_the_only_mode_of_the_gaussian_is_judged() -> None:
    data = load(preset("small-mlp", data="gaussian1d"))
    assert mode_coverage(data.train[:1000], data).covered == 1
    assert mode_coverage(torch.zeros(100, 1), data).covered == 0


def test_images_without_modes_are_not_counted_as_a_mixture(digits: Dataset) -> None:
    with pytest.raises(ValueError, match="use class_coverage"):
        mode_coverage(raw(digits, 0, 10).flatten(1), digits)


def test_the_frechet_distance_of_shifted_gaussians_is_their_shift_squared() -> None:
    points = torch.randn(4000, 3, generator=torch.Generator().manual_seed(0))
    shifted = points + torch.tensor([3.0, 0.0, 4.0])
    assert frechet_distance(points, shifted) == pytest.approx(25.0, rel=1e-4)
    assert frechet_distance(points, 2 * points) == pytest.approx(3.0, rel=0.1)


def test_an_outcome_tells_reals_from_copies_and_knows_what_was_asked(digits: Dataset) -> None:
    judge = train_judge(digits, epochs=1)
    assert digits.train_labels is not None
    real = digits.scaled(digits.train[4000:6000], "[0,1]")
    good = class_coverage(real, judge, digits, digits.train_labels[4000:6000])
    assert good.covered == 10 and good.frechet is not None and good.frechet < 0.05
    assert good.variety == pytest.approx(1.0, abs=0.05)
    assert good.label_accuracy is not None and good.label_accuracy > 0.9
    bad = class_coverage(real[:1].expand(2000, -1, -1, -1), judge, digits)
    assert bad.covered == 1 and bad.variety == 0.0 and bad.label_accuracy is None
    assert bad.frechet is not None and bad.frechet > 0.9


def test_the_label_effect_is_one_for_classes_as_far_apart_as_the_real_ones() -> None:
    labels = torch.arange(2).repeat(50)
    points = torch.where(labels == 0, 1.0, -1.0)[:, None].repeat(1, 2)
    noise = torch.randn(100, 2, generator=torch.Generator().manual_seed(0))
    assert between_over_within(points + noise, labels, 2).item() == pytest.approx(1.0, abs=0.5)
    assert between_over_within(noise, labels, 2).item() < 0.1


def test_only_a_conditional_pair_has_a_label_effect(digits: Dataset) -> None:
    conditional = Trainer(preset("cgan-onehot"), data=digits)
    assert conditional.probe is not None and "label_effect" in conditional.probe.row()
    plain = Trainer(preset("small-mlp"), data=digits)
    assert plain.probe is not None and "label_effect" not in plain.probe.row()


def test_dead_units_are_counted_and_no_hook_is_left() -> None:
    layer = torch.nn.Linear(2, 4)
    layer.bias.data = torch.tensor([-100.0, 100.0, 100.0, 100.0])
    network = torch.nn.Sequential(layer, ACTIVATIONS["relu"]())
    with dead_units(network) as found:
        network(torch.randn(16, 2))
    assert torch.cat(found).tolist() == [1.0, 0.0, 0.0, 0.0]
    assert not any(module._forward_hooks for module in network.modules())


def test_dead_units_are_measured_where_there_is_a_relu(digits: Dataset) -> None:
    relu, leaky = (Trainer(preset(n), data=digits).probe for n in ("small-mlp", "seed4-mlp"))
    assert relu is not None and leaky is not None
    assert {"dead_units_g", "dead_units_d"} <= relu.row().keys()
    assert not {"dead_units_g", "dead_units_d"} & leaky.row().keys()
