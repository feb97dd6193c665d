"""Probes measure what they say, against data whose answer is known."""

from __future__ import annotations

import math

import pytest
import torch

from ganlab.engine.coverage import Coverage, mode_coverage
from ganlab.engine.data import Dataset, load
from ganlab.engine.facts import facts_of
from ganlab.engine.measure import pairwise_auc
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
    assert reference.divergence(reference.histogram(embedded)).item() < 0.1


def test_copies_of_one_image_have_no_diversity(digits: Dataset, reference: Reference) -> None:
    embedded = reference.embedding(raw(digits, 0, 1).expand(256, -1, -1, -1))
    shares = reference.histogram(embedded)
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
    ring = load(preset("small-mlp", data="ring8"))
    assert ring.modes is not None
    return mode_coverage(points, ring.modes, ring.mode_std)


def test_the_true_mixture_covers_every_mode_at_the_known_quality() -> None:
    found = count_modes(load(preset("small-mlp", data="ring8")).train[:20_000])
    assert found.covered == found.classes == 8
    assert found.high_quality == pytest.approx(1 - math.exp(-4.5), abs=0.005)


def test_one_mode_is_one_mode() -> None:
    ring = load(preset("small-mlp", data="ring8"))
    assert ring.modes is not None
    assert count_modes(ring.modes[:1].expand(100, 2)).covered == 1
