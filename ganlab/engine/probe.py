"""Looks at G and D without touching them: private noise, no gradient, buffers as they were.

Watching a run changes neither its weights, its buffers nor its random stream.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.func import functional_call

from ganlab.config import RunConfig
from ganlab.engine.data import Dataset
from ganlab.engine.history import CodebookHistory
from ganlab.engine.layers import RandomStream
from ganlab.engine.measure import (
    Row,
    between_over_within,
    dead_units,
    pairwise_auc,
)
from ganlab.engine.motion import Motion
from ganlab.engine.networks import Generator, activate, reach
from ganlab.engine.quality import Reference, two_sample_auc
from ganlab.engine.step import Pair

FIXED = 64  # samples from the same z at every probe
FRESH = 64  # samples from new z
_SCORED = 128  # reals that D saw, and as many that it did not, drawn anew at each probe

_LATENTS, _CLASSES = 16, 10  # of a conditional G: each latent with each class
_REALS = 2000  # samples that say how much a class changes real data

Moment = tuple[int, RunConfig]  # what G's samples depend on, the noise apart


class Probe:
    """Measures G's samples and D on held-out reals, from noise of its own."""

    def __init__(self, data: Dataset, pair: Pair, stream: RandomStream) -> None:
        self.data, self.pair, self.stream = data, pair, stream
        self.reference = Reference.of(data)
        device = data.train.device
        seed = pair.config.seed
        self.noise = torch.Generator(device).manual_seed(seed + 7919)
        self.fixed = torch.randn(FIXED, pair.config.latent_dim, device=device, generator=self.noise)
        self.previous: Tensor | None = None  # embedded samples of the fixed z, one probe ago
        self.latest: tuple[Moment, Tensor] | None = None  # samples of the fixed z
        self.history = CodebookHistory(self.reference)
        self.motions = (Motion(pair.generator, "g"), Motion(pair.discriminator, "d"))
        self.labels: Tensor | None = None  # the classes a conditional G is asked for
        if pair.config.conditional != "none":
            self.labels = torch.arange(min(data.classes, _CLASSES), device=device)
            self.real_label_effect = self._real_label_effect().clamp_min(1e-12)

    def _real_label_effect(self) -> Tensor:
        """Between-class over within-class variance of real samples."""
        data = self.data
        assert data.train_labels is not None
        real = self.reference.embedding(data.scaled(data.train[:_REALS], "[0,1]")
                                        if data.is_image else data.train[:_REALS])  # fmt: skip
        return between_over_within(real, data.train_labels[:_REALS], data.classes)

    def row(self) -> Row:
        """The probe's scalars, on the device."""
        fresh = torch.randn(
            FRESH, self.fixed.shape[1], device=self.fixed.device, generator=self.noise
        )
        with dead_units(self.pair.generator) as dead_g:
            samples = self.generate(torch.cat([self.fixed, fresh]))
        self.latest = self._moment(), samples[:FIXED]
        raw = self.data.raw(samples, self.pair.config.data_range)
        # Every 5th value: quantiles, not extremes.
        compared = self.reference.compared(raw, samples.flatten()[::5])
        embedded, row = compared.embedded, compared.row
        row |= self._saturation_row(samples) | self._drift_row(embedded[:FIXED])
        row |= self.history.row(compared.shares, len(samples))
        row |= {"dead_units_g": torch.cat(dead_g).mean()} if dead_g else {}
        row |= self._real_row(samples, embedded) | self._label_row()
        row |= self.motions[0].row(self.pair.updates, self.pair.optimizer_g)
        return row | self.motions[1].row(self.pair.updates, self.pair.optimizer_d)

    def _real_row(self, samples: Tensor, embedded: Tensor) -> Row:
        """Reals beside the fakes, and D's opinion of reals that it saw and that it did not."""
        data, data_range = self.data, self.pair.config.data_range
        stored, labels = self._drawn(data.train, data.train_labels)
        seen = data.scaled(stored, data_range)
        real = self.reference.embedding(data.raw(seen, data_range))
        row = {
            "two_sample_auc": two_sample_auc(real=real, fake=embedded),
            "real_fake_distance": (seen - samples).flatten(1).norm(dim=1).mean(),
        }
        if not len(data.held_out):
            return row
        kept, kept_labels = self._drawn(data.held_out, data.held_out_labels)
        held_out = data.scaled(kept, data_range)
        whole = _SCORED - _SCORED % self.pair.discriminator.pack  # D takes whole packs
        both = None
        if labels is not None and kept_labels is not None:
            both = torch.cat([labels, kept_labels])
        with dead_units(self.pair.discriminator) as dead:
            logits = self.discriminate(torch.cat([seen[:whole], held_out[:whole]]), both)
        std, mean = torch.std_mean(logits.view(2, -1), dim=1, correction=0)
        row["logit_held_out"] = mean[1]
        row["train_gap"] = (mean[0] - mean[1]) / std.square().mean().sqrt().clamp_min(1e-12)
        row |= {"dead_units_d": torch.cat(dead).mean()} if dead else {}
        if self.labels is not None and labels is not None:
            wrong = self.discriminate(seen, labels.roll(1))
            row["label_auc_d"] = pairwise_auc(logits[: len(wrong)], wrong)
        return row

    def _drawn(self, stored: Tensor, labels: Tensor | None) -> tuple[Tensor, Tensor | None]:
        index = torch.randint(len(stored), (_SCORED,), device=stored.device, generator=self.noise)
        return stored[index], None if labels is None else labels[index]

    def _saturation_row(self, samples: Tensor) -> Row:
        bounds = reach(self.pair.config.output)
        if bounds is None:
            return {}
        edge = 0.015 * (bounds[1] - bounds[0])
        pinned = (samples < bounds[0] + edge) | (samples > bounds[1] - edge)
        return {"output_saturation": pinned.float().mean()}

    def _label_row(self) -> Row:
        """How much the label changes a sample, the latent kept, against real classes."""
        if self.labels is None:
            return {}
        z = self.fixed[:_LATENTS].repeat_interleave(len(self.labels), dim=0)
        labels = self.labels.repeat(_LATENTS)
        embedded = self.reference.embedding(
            self.data.raw(self.generate(z, labels), self.pair.config.data_range)
        )
        effect = between_over_within(embedded, labels, self.data.classes)
        return {"label_effect": effect / self.real_label_effect}

    def _drift_row(self, embedded: Tensor) -> Row:
        previous, self.previous = self.previous, embedded
        return {} if previous is None else {"drift": self.reference.drift(previous, embedded)}

    @contextmanager
    def noise_returned(self) -> Iterator[None]:
        """Takes back what is drawn inside the block: pictures must not move the measurements."""
        state = self.noise.get_state()
        try:
            yield
        finally:
            self.noise.set_state(state)

    def fixed_samples(self, count: int) -> Tensor:
        """Samples of the first fixed z; those of the last probe while the pair is as it was."""
        if self.latest is not None and self.latest[0] == self._moment():
            return self.latest[1][:count]
        return self.generate(self.fixed[:count])

    def _moment(self) -> Moment:
        return self.pair.updates, self.pair.config

    @torch.no_grad()
    def generate(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Samples as training makes them (batch statistics), in data units."""
        generator = self.pair.generator
        labels = self._rows_of_classes(z) if labels is None else labels
        copies = {name: buffer.clone() for name, buffer in generator.named_buffers()}
        with self.stream.borrowed(self.noise):
            output: Tensor = functional_call(generator, copies, (z, labels))
        return activate(self.pair.config.output, output)

    @torch.no_grad()
    def averaged(self, generator: Generator, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Samples of an averaged generator, with its own running statistics."""
        labels = self._rows_of_classes(z) if labels is None else labels
        generator.eval()
        return activate(self.pair.config.output, generator(z, labels))

    def _rows_of_classes(self, z: Tensor) -> Tensor | None:
        """Labels that fill each row of eight with one class; None for an unconditional pair."""
        if self.pair.config.conditional == "none":
            return None
        return torch.arange(len(z), device=z.device) // 8 % self.data.classes

    @torch.no_grad()
    def discriminate(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """D's logits in eval mode, one for each pack: no dropout, running statistics."""
        discriminator = self.pair.discriminator
        if self.pair.config.conditional == "none":
            labels = None
        training = discriminator.training
        discriminator.eval()
        try:
            logits: Tensor = discriminator(x, labels)
            return logits
        finally:
            discriminator.train(training)

    def state_dict(self) -> dict[str, Any]:
        """What the next probe depends on."""
        return {
            "noise": self.noise.get_state(),
            "previous": self.previous,
            "fixed": self.fixed,
            "history": self.history.state_dict(),
            "motions": [motion.state_dict() for motion in self.motions],
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes on where `state_dict` was taken."""
        device, previous = self.fixed.device, state["previous"]
        self.noise.set_state(state["noise"].cpu())
        self.fixed = state["fixed"].to(device)
        self.previous = None if previous is None else previous.to(device)
        self.history.load_state_dict(state["history"])
        for motion, stored in zip(self.motions, state["motions"], strict=True):
            motion.load_state_dict(stored)
