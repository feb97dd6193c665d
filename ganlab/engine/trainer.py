"""Trains one pair of networks and says what it sees: an iterator of observations.

It calls nobody back and knows no detector, file, thread or page. Measurements leave the device
once for each call of `advance`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from typing import Any

import safetensors.torch
import torch

from ganlab.config import ConfigError, Patch, RunConfig, find_knob, is_hot
from ganlab.engine.average import Average
from ganlab.engine.building import build_pair
from ganlab.engine.checkpoint import config_of, packed, restoring, unpacked
from ganlab.engine.data import Dataset, load
from ganlab.engine.decay import Decay
from ganlab.engine.device import pick_device
from ganlab.engine.facts import facts_of
from ganlab.engine.governor import Governor
from ganlab.engine.layers import RandomStream
from ganlab.engine.measure import Row, read, step_row
from ganlab.engine.networks import Generator, count_parameters
from ganlab.engine.optimizers import Rule, adopt
from ganlab.engine.pending import DivergedError, Pending, diverged, observations
from ganlab.engine.probe import Probe
from ganlab.engine.snapshot import generated_samples, real_samples
from ganlab.engine.step import Look
from ganlab.observation import Metrics, Observation, Samples

_CHUNK = 50  # steps between two transfers when the trainer is simply iterated
_PARTS = ("generator", "discriminator", "optimizer_g", "optimizer_d", "batches")  # of a Pair


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
        self.pair = build_pair(config, self.data, self.device, self.stream)
        self.average = Average(self.pair.generator)
        self.decay = Decay(self.pair)
        self.probe = Probe(self.data, self.pair, self.stream) if monitor else None
        self.live = governed
        self.governor = Governor(config.probe_every, governed and not config.repeatable)
        self.seconds = 0.0
        self._facts_due = True
        self._changes = 0  # live patches so far that have a say in training
        self._diverged = ""
        self._follow_config()

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
        self.decay.count(self.config)
        if self.config.ema_decay:
            self.average.update(self.config.ema_decay)

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
        if self.live:
            rate, interval = self.governor.steps_per_second, float(self.governor.interval)
            for metrics in rows:
                metrics |= {"steps_per_second": rate, "probe_every": interval}
        looks = list(observations(pending, rows, before, elapsed))
        for look in looks:  # it is delivered first, and every later call raises
            self._diverged = diverged(look, self.config) or self._diverged
        return looks

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
            self.average.forget()
        pair = self.pair
        pair.optimizer_g = adopt(pair.optimizer_g, Rule.of(old, "g"), Rule.of(config, "g"))
        pair.optimizer_d = adopt(pair.optimizer_d, Rule.of(old, "d"), Rule.of(config, "d"))
        self._facts_due = True
        self._changes += any(find_knob(name).group != "run" for name in patch)
        self._follow_config()

    def _follow_config(self) -> None:
        scale, _ = self.data.raw_affine(self.config.data_range)
        self.pair.configure(self.config, noise_scale=scale * self.data.std)
        self.decay.set_rates(self.config)

    def averaged_generator(self) -> Generator | None:
        """The generator that samples are drawn from; None without a moving average."""
        return self.average.generator

    def checkpoint(self) -> bytes:
        """Everything to go on bitwise from here: networks, optimisers, streams, config.

        Raises DivergedError where there is nothing worth keeping.
        """
        self._check_finite()
        state = {name: getattr(self.pair, name).state_dict() for name in _PARTS} | {
            "config": json.dumps(dict(self.config)),
            "step": self.step,
            "seconds": self.seconds,
            "averaged": self.average.state_dict(),
            "probe": self.probe.state_dict() if self.probe else None,
            "probe_every": self.governor.interval,
            "epochs": self.decay.epochs,
            "rate_factor": self.decay.factor,
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
            self.average.load_state_dict(state["averaged"], self.config.ema_decay)
        if self.probe and state["probe"] is not None:
            self.probe.load_state_dict(state["probe"])
        self.step, self.seconds = int(state["step"]), float(state["seconds"])
        self.pair.updates = self.step
        self.governor.interval = state["probe_every"]
        self.decay.restore(state["rate_factor"], state["epochs"])
        self._changes = state.get("changes", 0)  # older checkpoints have none
        self.decay.set_rates(self.config)

    def generator_weights(self) -> bytes:
        """G's weights and buffers (the averaged ones, if there are any) as safetensors."""
        tensors = (self.averaged_generator() or self.pair.generator).state_dict()
        plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
        return safetensors.torch.save(plain, {name: str(value) for name, value in self.config})
