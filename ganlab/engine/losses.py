"""What D and G minimise, by the papers' names. All take raw logits, one for each input of D.

D's input is one sample, or `pack` of them: (B,) or (B / pack,) logits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from ganlab.config import PROBABILITY_LOSSES, RunConfig


class Loss(Protocol):
    """A scalar from D's logits on real and on generated samples."""

    def __call__(self, *, real: Tensor, fake: Tensor) -> Tensor: ...


@dataclass(frozen=True)
class LossPair:
    """The two players' losses; `paired` ones need D's logits on real in G's step too."""

    discriminator: Loss
    generator: Loss
    paired: bool = False


def loss_pair(config: RunConfig) -> LossPair:
    """The losses of a config; D's head is part of them."""
    if config.loss in PROBABILITY_LOSSES:
        return _cross_entropy(config)
    pair = _SCORE_LOSSES[config.loss]
    return _on_probabilities(pair) if config.head == "sigmoid" else pair


def bce(logits: Tensor, target: float, head: str) -> Tensor:
    """Binary cross-entropy against one target.

    Through a sigmoid head it is torch's BCELoss, whose logarithm is clamped at -100: from
    logit 16.7 the loss on a fake is exactly 100 and its gradient exactly 0.
    """
    if head == "sigmoid":
        probability = torch.sigmoid(logits)
        # torch's function stops at NaN, on CUDA the whole process: NaN goes around it.
        number = probability.nan_to_num(0.5)
        loss = F.binary_cross_entropy(number, torch.full_like(number, target))
        return loss + (probability - number).detach().sum()
    if head == "raw":
        return _on_raw_output(logits, target)
    return (F.softplus(logits) - target * logits).mean() if target else F.softplus(logits).mean()


def _on_raw_output(output: Tensor, target: float) -> Tensor:
    """BCELoss without the sigmoid it needs. Raises RuntimeError outside [0, 1], as torch does.

    On CUDA torch's own check would end the whole process, so it is made here first.
    """
    low, high = output.min().item(), output.max().item()
    if not (low >= 0.0 and high <= 1.0):
        raise RuntimeError(
            "BCELoss: all elements of input should be between 0 and 1, and D's raw output lies in "
            f"[{low:.3g}, {high:.3g}]. End D in a sigmoid, or use the loss on logits."
        )
    return F.binary_cross_entropy(output, torch.full_like(output, target))


def _cross_entropy(config: RunConfig) -> LossPair:
    """Goodfellow et al. 2014: minimax (G minimises log(1 - D(G(z)))) or non-saturating."""
    head = config.head

    def discriminator(*, real: Tensor, fake: Tensor) -> Tensor:
        return bce(real, config.real_label, head) + bce(fake, config.fake_label, head)

    def non_saturating(*, real: Tensor, fake: Tensor) -> Tensor:
        return bce(fake, config.generator_label, head)

    def saturating(*, real: Tensor, fake: Tensor) -> Tensor:
        return -bce(fake, 0.0, head)

    return LossPair(discriminator, saturating if config.loss == "saturating" else non_saturating)


def _least_squares_d(*, real: Tensor, fake: Tensor) -> Tensor:
    return 0.5 * ((real - 1.0).square().mean() + fake.square().mean())


def _least_squares_g(*, real: Tensor, fake: Tensor) -> Tensor:
    return 0.5 * (fake - 1.0).square().mean()


def _hinge_d(*, real: Tensor, fake: Tensor) -> Tensor:
    return F.relu(1.0 - real).mean() + F.relu(1.0 + fake).mean()


def _wasserstein_d(*, real: Tensor, fake: Tensor) -> Tensor:
    return fake.mean() - real.mean()


def _raise_score(*, real: Tensor, fake: Tensor) -> Tensor:
    return -fake.mean()


def _relativistic_d(*, real: Tensor, fake: Tensor) -> Tensor:
    return F.softplus(fake - real).mean()


def _relativistic_g(*, real: Tensor, fake: Tensor) -> Tensor:
    return F.softplus(real - fake).mean()


_SCORE_LOSSES = {
    "least_squares": LossPair(_least_squares_d, _least_squares_g),  # Mao et al. 2017, a=0 b=c=1
    "hinge": LossPair(_hinge_d, _raise_score),  # Lim & Ye 2017
    "wgan": LossPair(_wasserstein_d, _raise_score),  # Arjovsky et al. 2017
    "wgan_gp": LossPair(_wasserstein_d, _raise_score),  # Gulrajani et al. 2017
    "relativistic": LossPair(_relativistic_d, _relativistic_g, paired=True),  # RpGAN, 2018
}


def _on_probabilities(pair: LossPair) -> LossPair:
    """A score loss on a bounded head: a known fault, built only when it is asked for."""

    def bounded(loss: Loss) -> Loss:
        def on_sigmoid(*, real: Tensor, fake: Tensor) -> Tensor:
            return loss(real=torch.sigmoid(real), fake=torch.sigmoid(fake))

        return on_sigmoid

    return LossPair(bounded(pair.discriminator), bounded(pair.generator), pair.paired)


def mode_seeking(samples: tuple[Tensor, Tensor], latents: tuple[Tensor, Tensor]) -> Tensor:
    """The mode-seeking term: latent distance over image distance, to be minimised.

    Mao et al. 2019 (arXiv:1903.05628), equation 2, L1 means as in the authors' text.
    """
    image = (samples[0] - samples[1]).abs().mean()
    latent = (latents[0] - latents[1]).abs().mean()
    return latent / (image + 1e-5)


Critic = Callable[[Tensor], Tensor]


def gradient_penalty(
    critic: Critic, *, real: Tensor, fake: Tensor, mix: Tensor
) -> tuple[Tensor, Tensor]:
    """Mean squared distance of the critic's gradient norm from 1, and the norms themselves.

    One mixing weight an input, the norm over all dimensions of an input (Gulrajani et al. 2017).
    `mix` and the norms have the shape of the logits; mix is uniform in [0, 1].
    """
    mix = mix.repeat_interleave(len(real) // len(mix))
    weight = mix.view(-1, *[1] * (real.dim() - 1))
    interpolates = torch.lerp(fake, real, weight).requires_grad_()
    norm = _input_gradient(critic, interpolates).norm(2, dim=1)
    return (norm - 1.0).square().mean(), norm.detach()


def zero_centred_penalty(critic: Critic, x: Tensor) -> Tensor:
    """Half the mean squared gradient norm at x: R1 on real, R2 on generated samples.

    Mescheder et al. 2018 (arXiv:1801.04406), equation 9, without its gamma.
    """
    gradient = _input_gradient(critic, x.detach().requires_grad_())
    return 0.5 * gradient.square().sum(dim=1).mean()


def _input_gradient(critic: Critic, x: Tensor) -> Tensor:
    """(inputs, numbers in one input): a pack has one gradient."""
    logits = critic(x)
    (gradient,) = torch.autograd.grad(logits.sum(), x, create_graph=True)
    return gradient.reshape(len(logits), -1)
