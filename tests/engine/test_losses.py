"""Names mean what the papers mean: held by values and gradients."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from ganlab.config import LOSSES, RunConfig
from ganlab.engine.losses import (
    gradient_penalty,
    loss_pair,
    mode_seeking,
    zero_centred_penalty,
)


def config(loss: str, **settings: object) -> RunConfig:
    return RunConfig.of({"head": "logits", "real_label": 1.0, "loss": loss, **settings})


def generator_slope(pair_config: RunConfig, logit: float) -> float:
    fake = torch.full((4,), logit, requires_grad=True)
    loss_pair(pair_config).generator(real=torch.zeros(4), fake=fake).backward()
    assert fake.grad is not None
    return fake.grad.sum().item()


def discriminator_slopes(pair_config: RunConfig, real: float, fake: float) -> tuple[float, float]:
    logits = [torch.full((4,), value, requires_grad=True) for value in (real, fake)]
    loss_pair(pair_config).discriminator(real=logits[0], fake=logits[1]).backward()
    return tuple(x.grad.sum().item() for x in logits if x.grad is not None)  # type: ignore[return-value]


@pytest.mark.parametrize("head", ["logits", "sigmoid"])
def test_minimax_gradient_vanishes_where_non_saturating_does_not(head: str) -> None:
    saturating = generator_slope(config("saturating", head=head), -25.0)
    non_saturating = generator_slope(config("non_saturating", head=head), -25.0)
    assert abs(saturating) < 1e-9
    assert non_saturating == pytest.approx(-1.0, abs=0.01)


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_teaches_d_to_part_and_g_to_rise(loss: str) -> None:
    real, fake = discriminator_slopes(config(loss), 0.4, 0.2)
    assert real < 0 < fake
    assert generator_slope(config(loss), 0.1) < 0


def test_bce_through_a_sigmoid_dies_on_its_clamp_and_on_logits_it_does_not() -> None:
    def on_fake(head: str) -> tuple[float, float]:
        logit = torch.full((4,), 17.0, requires_grad=True)
        pair = loss_pair(config("non_saturating", head=head))
        loss = pair.discriminator(real=torch.full((4,), 50.0), fake=logit)
        loss.backward()
        assert logit.grad is not None
        return loss.item(), logit.grad.abs().sum().item()

    assert on_fake("sigmoid") == (100.0, 0.0)
    loss, slope = on_fake("logits")
    assert loss == pytest.approx(17.0, abs=1e-3)
    assert slope == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("head", ["logits", "sigmoid"])
def test_one_sided_smoothing_pulls_d_back_above_its_optimum(head: str) -> None:
    smoothed = config("non_saturating", head=head, real_label=0.9)
    optimum = math.log(0.9 / 0.1)
    assert discriminator_slopes(smoothed, optimum, -5.0)[0] == pytest.approx(0.0, abs=1e-4)
    assert discriminator_slopes(smoothed, optimum + 1, -5.0)[0] > 0


def test_two_sided_smoothing_keeps_d_from_calling_fakes_impossible() -> None:
    smoothed = config("non_saturating", fake_label=0.1)
    assert discriminator_slopes(smoothed, 0.0, -math.log(9))[1] == pytest.approx(0.0, abs=1e-5)


def test_an_unflipped_generator_label_lets_g_agree_with_d() -> None:
    unflipped = config("non_saturating", generator_label=0.0)
    assert generator_slope(unflipped, 0.0) > 0


def test_least_squares_has_the_paper_s_halves() -> None:
    pair = loss_pair(config("least_squares"))
    real, fake = torch.full((3,), 0.5), torch.full((3,), 0.5)
    assert pair.discriminator(real=real, fake=fake).item() == pytest.approx(0.25)
    assert pair.generator(real=real, fake=fake).item() == pytest.approx(0.125)


def test_hinge_is_flat_beyond_its_margin_for_d_alone() -> None:
    assert discriminator_slopes(config("hinge"), 1.5, -1.5) == (0.0, 0.0)
    assert generator_slope(config("hinge"), 5.0) == pytest.approx(-1.0)


def test_a_wasserstein_critic_s_loss_is_the_gap() -> None:
    loss = loss_pair(config("wgan")).discriminator(real=torch.tensor([3.0]), fake=torch.zeros(1))
    assert loss.item() == -3.0


def test_relativistic_losses_ignore_a_common_shift() -> None:
    pair = loss_pair(config("relativistic"))
    real, fake = torch.randn(5), torch.randn(5)
    before = pair.discriminator(real=real, fake=fake)
    assert pair.discriminator(real=real + 7, fake=fake + 7).item() == pytest.approx(before.item())
    assert pair.paired


def test_a_score_loss_on_a_sigmoid_head_is_bounded() -> None:
    bounded = config("wgan", head="sigmoid", allow_faults=True)
    loss = loss_pair(bounded).discriminator(real=torch.tensor([99.0]), fake=torch.tensor([-99.0]))
    assert loss.item() == pytest.approx(-1.0)


WEIGHT = torch.tensor([[3.0, 0.0], [0.0, 4.0]])


def linear_critic(x: Tensor) -> Tensor:
    return (x * WEIGHT).sum(dim=(1, 2, 3))


def test_the_gradient_penalty_takes_the_norm_over_all_dimensions_of_a_sample() -> None:
    real, fake = torch.randn(6, 1, 2, 2), torch.randn(6, 1, 2, 2)
    penalty, norm = gradient_penalty(linear_critic, real=real, fake=fake, mix=torch.rand(6))
    assert norm.tolist() == pytest.approx([5.0] * 6)
    assert penalty.item() == pytest.approx(16.0)


def test_the_gradient_penalty_looks_at_interpolates() -> None:
    seen: list[Tensor] = []

    def critic(x: Tensor) -> Tensor:
        seen.append(x.detach())
        return x.sum(dim=(1, 2, 3))

    real, fake = torch.ones(2, 1, 2, 2), torch.zeros(2, 1, 2, 2)
    gradient_penalty(critic, real=real, fake=fake, mix=torch.tensor([0.25, 1.0]))
    assert seen[0][:, 0, 0, 0].tolist() == [0.25, 1.0]


def test_r1_is_half_the_squared_gradient_norm() -> None:
    penalty = zero_centred_penalty(linear_critic, torch.randn(6, 1, 2, 2))
    assert penalty.item() == pytest.approx(12.5)


def test_r1_agrees_with_finite_differences() -> None:
    network = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
    network.double()
    x, step = torch.randn(4, 3, dtype=torch.float64), 1e-5

    def critic(points: Tensor) -> Tensor:
        scores: Tensor = network(points).squeeze(1)
        return scores

    shifts = torch.eye(3, dtype=torch.float64) * step
    gradient = [(critic(x + s) - critic(x - s)) / (2 * step) for s in shifts]
    expected = 0.5 * torch.stack(gradient, dim=1).square().sum(dim=1).mean()
    assert zero_centred_penalty(critic, x).item() == pytest.approx(expected.item(), rel=1e-6)


def test_the_mode_seeking_term_falls_when_samples_move_apart() -> None:
    z = (torch.zeros(4, 2), torch.ones(4, 2))
    near = mode_seeking((torch.zeros(4, 3), torch.full((4, 3), 0.1)), z)
    far = mode_seeking((torch.zeros(4, 3), torch.full((4, 3), 1.0)), z)
    assert near.item() == pytest.approx(10.0, rel=1e-3)
    assert far.item() == pytest.approx(1.0, rel=1e-3)


def test_nan_comes_through_a_sigmoid_head_as_nan() -> None:
    pair = loss_pair(config("non_saturating", head="sigmoid"))
    broken = torch.tensor([0.0, math.nan], requires_grad=True)
    assert math.isnan(pair.generator(real=torch.zeros(2), fake=broken).item())
