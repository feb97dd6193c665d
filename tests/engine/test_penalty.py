"""R1 and R2 hold the logit's slope under every head; the gradient penalty what the loss sees."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from ganlab.config import RunConfig
from ganlab.engine.data import Dataset
from ganlab.engine.trainer import Trainer
from ganlab.presets import preset

_SURE = 30.0  # logits: a sigmoid is flat there


def penalty(digits: Dataset, config: RunConfig) -> tuple[float, list[Tensor]]:
    """The penalty of a D that calls everything real, and its gradient."""
    pair = Trainer(config, data=digits, monitor=False).pair
    with torch.no_grad():
        pair.discriminator.last.bias.fill_(_SURE)
    real, _ = pair.real_batch()
    value = pair.penalty(real, None, pair.generate().frozen(), None)
    assert value is not None
    value.backward()
    return value.item(), [
        p.grad.clone() for p in pair.discriminator.parameters() if p.grad is not None
    ]


def sure(head: str, **settings: object) -> RunConfig:
    """A narrow pair without dropout."""
    narrow = {"hidden_g": (32,), "hidden_d": (32,), "batch_size": 16, "dropout_d": 0.0}
    return preset("seed4-mlp", head=head, **narrow, **settings)


@pytest.mark.parametrize("weight", ["r1_weight", "r2_weight"])
def test_r1_and_r2_are_the_same_under_both_heads_where_d_is_sure(
    weight: str, digits: Dataset
) -> None:
    settings = {weight: 1.0}
    through_sigmoid, slopes = penalty(digits, sure("sigmoid", **settings))
    on_logits, expected = penalty(digits, sure("logits", **settings))
    assert through_sigmoid == pytest.approx(on_logits, rel=1e-6)
    assert on_logits > 1e-4
    assert all(torch.allclose(*pair, rtol=1e-5) for pair in zip(slopes, expected, strict=True))
    assert any(slope.abs().max() > 1e-4 for slope in slopes)


def test_a_gradient_penalty_sees_the_sigmoid_that_the_critic_ends_in(digits: Dataset) -> None:
    settings: dict[str, object] = {"loss": "wgan_gp", "gp_weight": 1.0}
    flat, _ = penalty(digits, sure("sigmoid", allow_faults=True, **settings))
    assert flat == pytest.approx(1.0, abs=1e-6)  # no slope at all: (0 - 1) squared
    assert penalty(digits, sure("logits", **settings))[0] < 0.99
