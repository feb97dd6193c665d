"""Trains one pair of networks and says what it sees: an iterator of observations.

It calls nobody back and knows no detector, file, thread or page. Measurements leave the device
once for each call of `advance`.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import safetensors.torch
import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ganlab.config import ConfigError, Patch, RunConfig, find_knob, is_hot
from ganlab.engine.batches import Batches
from ganlab.engine.checkpoint import config_of, packed, restoring, unpacked
from ganlab.engine.data import Dataset, load
from ganlab.engine.device import pick_device
from ganlab.engine.facts import facts_of
from ganlab.engine.governor import Governor
from ganlab.engine.layers import RandomStream
from ganlab.engine.measure import Row, read, step_row
from ganlab.engine.networks import Generator, build_networks, count_parameters
from ganlab.engine.optimizers import Rule, adopt, build_optimizer
from ganlab.engine.probe import Probe
from ganlab.engine.snapshot import generated_samples, real_samples
from ganlab.engine.step import Look, Pair
from ganlab.observation import Facts, Metrics, Observation, Samples

_CHUNK = 50  # steps between two transfers when the trainer is simply iterated
_PARTS = ("generator", "discriminator", "optimizer_g", "optimizer_d", "batches")  # of a Pair


class DivergedError(ArithmeticError):
    """A loss became NaN or infinite; every later step would only copy it."""


@dataclass(frozen=True)
class Pending:
    """An observation whose numbers are still on the device."""

    step: int
    row: Row
    facts: Facts | None
    samples: Samples | None


class Trainer:
    """One run of a config: `for observation in Trainer(config)`, or `advance` by hand.

    With `governed=True` (live runs) the interval between probes may grow so that probes cost at
    most 3 % of the time, unless the config is `repeatable`; `probe_every` in the observations
    records it. `monitor=False` measures nothing: the bare step, for benchmarks.
    """

    def __init__(
        self,
        config: RunConfig,
        *,
        data: Dataset | None = None,
        governed: bool = False,
        monitor: bool = True,
    ) -> None:
        torch.set_flush_denormal(True)  # vanishing gradients would slow the CPU down
        self.config = config
        self.step = 0
        self.device = pick_device(config.device)
        self.data = (data or load(config)).to(self.device)
        self.stream = RandomStream(torch.Generator(self.device).manual_seed(config.seed))
        self.pair = self._build_pair()
        self.averaged: AveragedModel | None = None
        self.probe = Probe(self.data, self.pair, self.stream) if monitor else None
        self.live = governed
        self.governor = Governor(config.probe_every, governed and not config.repeatable)
        self.seconds = 0.0
        self._seen = 0  # batches of D since the last decay
        self._rate_factor = 1.0
        self._facts_due = True
        self._changes = 0  # live patches so far that have a say in training
        self._diverged = ""
        self._follow_config()

    def _build_pair(self) -> Pair:
        config, data = self.config, self.data
        generator, discriminator = build_networks(
            config, data.sample_shape, data.classes, self.stream
        )
        generator.to(self.device)
        discriminator.to(self.device)
        if config.architecture == "dcgan":
            generator.to(memory_format=torch.channels_last)
            discriminator.to(memory_format=torch.channels_last)
        return Pair(
            config=config,
            generator=generator,
            discriminator=discriminator,
            optimizer_g=build_optimizer(Rule.of(config, "g"), generator.parameters()),
            optimizer_d=build_optimizer(Rule.of(config, "d"), discriminator.parameters()),
            batches=Batches(data, config.batch_size, self.stream.generator),
            noise_scale=1.0,
        )

    def __iter__(self) -> Iterator[Observation]:
        """Every observation until `config.steps`, which a patch may change."""
        while self.step < self.config.steps:
            yield from self.advance(_CHUNK)

    @property
    def real(self) -> Samples:
        """Real samples to draw beside the generated ones."""
        return real_samples(self.data, self.config)

    def advance(
        self, steps: int, *, observe_last: bool = False, to_next: bool = False
    ) -> Sequence[Observation]:
        """Trains up to `steps` generator updates, never past `config.steps`.

        Returns the observations in order: step 0 comes with the first call, then every
        `observe_every` steps, at probes and samples, and at the end of the run.
        `observe_last` adds the last step of this call; `to_next` ends it at the first observation,
        for whoever has to keep each of them at once.
        """
        self._check_finite()
        started, first = time.perf_counter(), self.step
        pending = self._before_the_first_step()
        last = min(self.step + steps, self.config.steps)
        while self.step < last and not (to_next and pending):
            wanted = self._is_due(self.step + 1) or (observe_last and self.step + 1 == last)
            look = Look() if wanted and self.probe else None
            self._advance_one(look)
            if look is not None:
                pending.append(self._look_around(step_row(look, self.config)))
        rows = read([entry.row for entry in pending])
        elapsed = time.perf_counter() - started
        self.governor.account(self.step - first, elapsed)
        return self._delivered(pending, rows, elapsed)

    def _before_the_first_step(self) -> list[Pending]:
        due = self.probe and self.step == 0 and self._facts_due
        return [self._look_around({})] if due else []

    def _advance_one(self, look: Look | None) -> None:
        self.pair.step(look)
        self.step += 1
        self._count_epochs()
        if self.config.ema_decay:
            self._average()

    def _is_due(self, step: int) -> bool:
        config = self.config
        return (
            step % config.observe_every == 0
            or step % self.governor.interval == 0
            or step % config.sample_every == 0
            or step == config.steps
            or step == 1
        )

    def _look_around(self, row: Row) -> Pending:
        """Adds what is due at this step beside the step's own row: facts, probe, samples."""
        assert self.probe is not None
        config, step = self.config, self.step
        if step % self.governor.interval == 0 or step == config.steps:
            with self.governor.timing(self.device):
                row = row | self.probe.row()
        samples = None
        if step % config.sample_every == 0 or step == config.steps:
            samples = generated_samples(self.probe, self.averaged_generator())
        facts = None
        if self._facts_due:
            facts = facts_of(config, self.data, self.probe.reference)
            facts["parameters_g"] = count_parameters(self.pair.generator)
            facts["parameters_d"] = count_parameters(self.pair.discriminator)
            facts["changes"] = self._changes
            self._facts_due = False
        return Pending(step, row, facts, samples)

    def _delivered(
        self, pending: list[Pending], rows: list[Metrics], elapsed: float
    ) -> Sequence[Observation]:
        before, self.seconds = self.seconds, self.seconds + elapsed
        rate = self.governor.steps_per_second
        observations = []
        for number, (entry, metrics) in enumerate(zip(pending, rows, strict=True), start=1):
            seconds = before + elapsed * number / len(pending)
            if self.live:
                metrics |= {"steps_per_second": rate, "probe_every": float(self.governor.interval)}
            self._watch(entry.step, metrics)
            observations.append(
                Observation(entry.step, metrics, entry.facts, entry.samples, seconds)
            )
        return observations

    def _watch(self, step: int, metrics: Metrics) -> None:
        """Remembers a non-finite loss: it is delivered first, and every later call raises."""
        for name in ("d_loss", "g_loss", "logit_real", "logit_fake"):
            value = metrics.get(name, 0.0)
            if isinstance(value, float) and not math.isfinite(value):
                self._diverged = (
                    f"{name} is {value} at step {step}; allowed: finite values. Training has "
                    f"diverged and cannot go on. Start again with smaller learning rates "
                    f"(lr_d={self.config.lr_d:g}, lr_g={self.config.lr_g:g}) or check the data."
                )

    def _check_finite(self) -> None:
        if self._diverged:
            raise DivergedError(self._diverged)

    def apply(self, patch: Patch) -> None:
        """Changes hot settings; they hold from the next step. Raises ConfigError."""
        config = self.config.patched(patch)
        if not is_hot(patch):
            cold = ", ".join(name for name in patch if not is_hot({name: patch[name]}))
            raise ConfigError(f"{cold} cannot change while a run trains; start a new run with it.")
        if config.steps < self.step:
            raise ConfigError(f"steps is {config.steps}; the run has done {self.step} already.")
        old, self.config = self.config, config
        if not config.ema_decay:
            self.averaged = None  # switched on again, it starts from G as it is then
        pair = self.pair
        pair.optimizer_g = adopt(pair.optimizer_g, Rule.of(old, "g"), Rule.of(config, "g"))
        pair.optimizer_d = adopt(pair.optimizer_d, Rule.of(old, "d"), Rule.of(config, "d"))
        self._facts_due = True
        self._changes += any(find_knob(name).group != "run" for name in patch)
        self._follow_config()

    def _follow_config(self) -> None:
        scale, _ = self.data.raw_affine(self.config.data_range)
        self.pair.configure(self.config, noise_scale=scale * self.data.std)
        self._set_learning_rates()

    def _count_epochs(self) -> None:
        """Decays the learning rates once for each time that D has seen the data."""
        epochs, self._seen = divmod(self._seen + self.config.n_critic, self.pair.batches.per_epoch)
        if epochs:
            self._rate_factor *= self.config.lr_decay**epochs
            self._set_learning_rates()

    def _set_learning_rates(self) -> None:
        for optimizer, rate in (
            (self.pair.optimizer_g, self.config.lr_g),
            (self.pair.optimizer_d, self.config.lr_d),
        ):
            for group in optimizer.param_groups:
                group["lr"] = rate * self._rate_factor

    def _average(self) -> None:
        if self.averaged is None:
            self.averaged = AveragedModel(self.pair.generator, use_buffers=True)
            self.averaged.requires_grad_(False)
        self.averaged.multi_avg_fn = get_ema_multi_avg_fn(self.config.ema_decay)
        self.averaged.update_parameters(self.pair.generator)

    def averaged_generator(self) -> Generator | None:
        """The generator that samples are drawn from; None without a moving average."""
        if self.averaged is None:
            return None
        return cast(Generator, self.averaged.module)

    def checkpoint(self) -> bytes:
        """Everything to go on bitwise from here: networks, optimisers, streams, config.

        Raises DivergedError where there is nothing worth keeping.
        """
        self._check_finite()
        state = {name: getattr(self.pair, name).state_dict() for name in _PARTS} | {
            "config": json.dumps(dict(self.config)),
            "step": self.step,
            "seconds": self.seconds,
            "averaged": self.averaged.state_dict() if self.averaged else None,
            "probe": self.probe.state_dict() if self.probe else None,
            "probe_every": self.governor.interval,
            "epochs": self._seen / self.pair.batches.per_epoch,
            "rate_factor": self._rate_factor,
            "changes": self._changes,
        }
        return packed(state)

    @classmethod
    def resumed(
        cls,
        checkpoint: bytes,
        *,
        steps: int | None = None,
        governed: bool = False,
        data: Dataset | None = None,
    ) -> Trainer:
        """The trainer that wrote the checkpoint; `steps` lets it run on.

        `data` is the config's own, where the caller has loaded it already. Raises CheckpointError,
        and ConfigError where the data cannot be loaded.
        """
        state = unpacked(checkpoint)
        trainer = cls(config_of(state, steps), governed=governed, data=data)
        with restoring():
            trainer._restore(state)
        return trainer

    def _restore(self, state: dict[str, Any]) -> None:
        for name in _PARTS:
            getattr(self.pair, name).load_state_dict(state[name])
        if state["averaged"] is not None:
            self._average()
            assert self.averaged is not None
            self.averaged.load_state_dict(state["averaged"])
        if self.probe and state["probe"] is not None:
            self.probe.load_state_dict(state["probe"])
        self.step, self.seconds = int(state["step"]), float(state["seconds"])
        self.pair.updates = self.step
        self.governor.interval = state["probe_every"]
        self._seen = round(state["epochs"] * self.pair.batches.per_epoch)
        self._rate_factor = state["rate_factor"]
        self._changes = state.get("changes", 0)  # older checkpoints have none
        self._set_learning_rates()

    def generator_weights(self) -> bytes:
        """G's weights and buffers (the averaged ones, if there are any) as safetensors."""
        tensors = (self.averaged_generator() or self.pair.generator).state_dict()
        plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
        settings = {name: str(value) for name, value in self.config}
        return safetensors.torch.save(plain, metadata=settings)
