"""One update of D and G, to be read from top to bottom. Measures nothing, prints nothing.

A `Look` collects the tensors of a step that somebody wants to measure; they stay on the device.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from ganlab.config import RunConfig
from ganlab.engine.batches import Batches
from ganlab.engine.losses import (
    LossPair,
    gradient_penalty,
    loss_pair,
    mode_seeking,
    zero_centred_penalty,
)
from ganlab.engine.networks import Discriminator, Generator, activate


@dataclass
class Look:
    """Tensors of one step, on the device; None where the step has no such thing."""

    d_loss: Tensor | None = None
    penalty: Tensor | None = None
    interpolate_norms: Tensor | None = None  # (B / pack,)
    logits_real: Tensor | None = None  # (B / pack,)
    logits_fake: Tensor | None = None  # (B / pack,)
    grad_norm_d: Tensor | None = None
    g_loss: Tensor | None = None
    g_logits: Tensor | None = None  # (B / pack,), with its gradient
    fake: Tensor | None = None  # (B, *shape), with its gradient
    grad_norm_g: Tensor | None = None


@dataclass
class Pair:
    """Two networks, their optimisers and what they learn from."""

    config: RunConfig
    generator: Generator
    discriminator: Discriminator
    optimizer_g: torch.optim.Optimizer
    optimizer_d: torch.optim.Optimizer
    batches: Batches
    noise_scale: float  # standard deviation of the data in data units, for instance noise
    updates: int = 0  # of the generator

    def configure(self, config: RunConfig, noise_scale: float) -> None:
        """Takes the settings for the next step."""
        self.config, self.noise_scale = config, noise_scale

    def step(self, look: Look | None = None) -> None:
        """One generator update with its n_critic discriminator updates, in the config's order."""
        config, losses = self.config, loss_pair(self.config)
        shared = None if config.fresh_fakes else self.generate()
        if config.update_order == "g_first":
            self.update_generator(losses, shared or self.generate(), look)
        for turn in range(config.n_critic):
            last = turn == config.n_critic - 1
            reused = shared.frozen() if shared and last else None
            self.update_discriminator(losses, reused, look if last else None)
        if config.update_order == "d_first":
            self.update_generator(losses, shared or self.generate(), look)

    def update_discriminator(
        self, losses: LossPair, fakes: Fakes | None, look: Look | None
    ) -> None:
        """D learns to tell one batch of real samples from one of generated ones."""
        config = self.config
        # (B, *shape), (B,)
        real, labels = self.real_batch()
        if fakes is None:
            with torch.no_grad():
                fakes = self.generate(labels)
        self.optimizer_d.zero_grad()
        logits_real, logits_fake = self.scores(real, labels, fakes)
        loss = losses.discriminator(real=logits_real, fake=logits_fake)
        penalty = self.penalty(real, labels, fakes, look)
        (loss if penalty is None else loss + penalty).backward()
        if look:
            look.d_loss, look.penalty = loss.detach(), penalty
            look.logits_real, look.logits_fake = logits_real.detach(), logits_fake.detach()
            look.grad_norm_d = gradient_norm(self.discriminator)
        self.optimizer_d.step()
        if config.loss == "wgan" and config.weight_clip:
            self.clip_weights()

    def update_generator(self, losses: LossPair, fakes: Fakes, look: Look | None) -> None:
        """G learns to raise D's score of its samples; D stays as it is."""
        self.optimizer_g.zero_grad()
        with frozen(self.discriminator):
            logits = self.score(fakes.samples, fakes.labels)
            paired = logits
            if losses.paired:
                paired = self.score(*self.real_batch())
            loss = losses.generator(real=paired, fake=logits)
            if look:
                logits.retain_grad()
                fakes.samples.retain_grad()
            total = loss
            if self.config.mode_seeking:
                total = loss + self.config.mode_seeking * self.mode_seeking(fakes)
            total.backward()
        if look:
            look.g_loss, look.g_logits, look.fake = loss.detach(), logits, fakes.samples
            look.grad_norm_g = gradient_norm(self.generator)
        self.optimizer_g.step()
        self.updates += 1

    def real_batch(self) -> tuple[Tensor, Tensor | None]:
        """A batch of real samples, with its labels where the networks read them."""
        real, labels = self.batches.next(self.config.data_range)
        return real, None if self.config.conditional == "none" else labels

    def generate(self, labels: Tensor | None = None) -> Fakes:
        """A batch of generated samples from fresh noise."""
        z = self.batches.normal(self.batches.batch_size, self.config.latent_dim)  # (B, latent)
        if labels is None and self.config.conditional != "none":
            labels = self.batches.labels()
        return Fakes(activate(self.config.output, self.generator(z, labels)), labels, z)

    def score(self, x: Tensor, labels: Tensor | None) -> Tensor:
        """D's logits (B / pack,), with instance noise on its input."""
        noise = self.config.instance_noise * self.noise_scale
        seen = x + noise * self.batches.normal(*x.shape) if noise else x
        logits: Tensor = self.discriminator(seen, labels)
        return logits

    def scores(self, real: Tensor, labels: Tensor | None, fakes: Fakes) -> tuple[Tensor, Tensor]:
        """D's logits on real and on fake, in one pass where no layer mixes the batch."""
        if self.discriminator.mixes_batch:
            return self.score(real, labels), self.score(fakes.samples, fakes.labels)
        both = None if labels is None or fakes.labels is None else torch.cat([labels, fakes.labels])
        logits = self.score(torch.cat([real, fakes.samples]), both)
        inputs = len(real) // self.discriminator.pack
        return logits[:inputs], logits[inputs:]

    def penalty(
        self, real: Tensor, labels: Tensor | None, fakes: Fakes, look: Look | None
    ) -> Tensor | None:
        """D's weighted penalties, or None."""
        config, terms = self.config, []

        def logits(x: Tensor, labels: Tensor | None = labels) -> Tensor:
            scores: Tensor = self.discriminator(x, labels)
            return scores

        def critic(x: Tensor) -> Tensor:  # what the loss sees
            return torch.sigmoid(logits(x)) if config.head == "sigmoid" else logits(x)

        if config.loss == "wgan_gp":
            mix = self.batches.uniform(len(real) // self.discriminator.pack)
            term, norms = gradient_penalty(critic, real=real, fake=fakes.samples, mix=mix)
            terms.append(config.gp_weight * term)
            if look:
                look.interpolate_norms = norms
        # R1 and R2 hold the logit's slope under every head, as Mescheder et al. 2018 have them.
        if config.r1_weight:
            terms.append(config.r1_weight * zero_centred_penalty(logits, real))
        if config.r2_weight:
            on_fake = partial(logits, labels=fakes.labels)
            terms.append(config.r2_weight * zero_centred_penalty(on_fake, fakes.samples))
        return torch.stack(terms).sum() if terms else None

    def mode_seeking(self, fakes: Fakes) -> Tensor:
        """The mode-seeking term between this batch and another one of the same labels."""
        other = self.generate(fakes.labels)
        return mode_seeking((fakes.samples, other.samples), (fakes.z, other.z))

    @torch.no_grad()
    def clip_weights(self) -> None:
        """Keeps each weight of the critic inside the box of Arjovsky et al. 2017."""
        box = self.config.weight_clip
        for parameter in self.discriminator.parameters():
            parameter.clamp_(-box, box)


@dataclass(frozen=True)
class Fakes:
    """Generated samples with the labels and the noise they were made from."""

    samples: Tensor  # (B, *shape), data units
    labels: Tensor | None
    z: Tensor  # (B, latent)

    def frozen(self) -> Fakes:
        """The same without the way back to G."""
        return Fakes(self.samples.detach(), self.labels, self.z)


@contextmanager
def frozen(network: nn.Module) -> Iterator[None]:
    """No gradient for the network's parameters inside the block: saves half the backward pass."""
    parameters = [p for p in network.parameters() if p.requires_grad]
    for parameter in parameters:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in parameters:
            parameter.requires_grad_(True)


def gradient_norm(network: nn.Module) -> Tensor:
    """L2 norm over all gradients of a network, on the device."""
    norms = [p.grad.norm() for p in network.parameters() if p.grad is not None]
    total: Tensor = torch.stack(norms).norm()
    return total
