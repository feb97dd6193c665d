"""A training without torch: instantaneous and deterministic."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from ganlab.bench.faults.world import Panel
from ganlab.config import ConfigError, Patch, RunConfig
from ganlab.observation import Observation, Samples
from ganlab.runs import RunManager, RunStore

PATIENCE = 20.0  # seconds; a bound on every wait, never the time a test takes
SMALL = RunConfig(steps=100, observe_every=10, sample_every=50, checkpoint_every=40)
ENDLESS = RunConfig(steps=10_000_000, observe_every=1000, sample_every=100_000)


class FakeTraining:
    """Counts steps. Raises at the step its lab says; refuses patches to `instance_noise`."""

    def __init__(self, config: RunConfig, checkpoint: bytes | None, lab: FakeLab) -> None:
        self.config, self.step, self._lab = config, 0, lab
        self._breaks_at = lab.breaks_at
        self.calls: list[tuple[int, bool]] = []  # (steps, observe_last) of each advance
        self.rates: dict[int, float] = {}  # lr_d by step, where it changed
        self._first = checkpoint is None
        if checkpoint is not None:
            state = json.loads(checkpoint)
            self.step = state["step"]
            self.config = RunConfig.of(state["config"] | {"steps": config.steps})

    @property
    def real(self) -> Samples:
        return Samples(image=np.zeros((4, 4), np.uint8))

    def advance(
        self, steps: int, *, observe_last: bool = False, to_next: bool = False
    ) -> Sequence[Observation]:
        self.calls.append((steps, observe_last))
        last = min(self.step + steps, self.config.steps)
        seen = [self._look()] if self._first else []
        self._first = False
        while self.step < last and not (to_next and seen):
            self.step += 1
            if self.step == self._breaks_at:
                raise RuntimeError("the fake broke")
            self.rates.setdefault(self.step, self.config.lr_d)
            if self.step % self.config.observe_every == 0 or (observe_last and self.step == last):
                seen.append(self._look())
        self._lab.moved()
        return seen

    def _look(self) -> Observation:
        config, step = self.config, self.step
        self._lab.on_look(step)
        samples = Samples(image=np.full((4, 4), step % 256, np.uint8))
        return Observation(
            step,
            {"d_loss": 1.0 / (1 + step), "g_loss": float(step)},
            {"loss": config.loss, "reach_low": None} if step == 0 else None,
            samples if step % config.sample_every == 0 else None,
            seconds=step / 100,
        )

    def apply(self, patch: Patch) -> None:
        if "instance_noise" in patch:
            raise ConfigError("the fake takes no noise")
        self.config = self.config.patched(patch)
        self._lab.moved()

    def checkpoint(self) -> bytes:
        return json.dumps({"step": self.step, "config": dict(self.config)}).encode()

    def generator_weights(self) -> bytes:
        return b"weights"


class FakeLab:
    """The factory of fake trainings, and a way to wait for what they do."""

    def __init__(self) -> None:
        self.trainings: list[FakeTraining] = []
        self.breaks_at = -1  # the step at which trainings built from now on raise
        self.broken = False
        self.on_look: Callable[[int], None] = lambda step: None  # before each observation
        self._changed = threading.Condition()

    def __call__(
        self, config: RunConfig, checkpoint: bytes | None, pulse: Callable[[], None] = lambda: None
    ) -> FakeTraining:
        if self.broken:
            raise MemoryError("the fake device is gone")
        self.trainings.append(FakeTraining(config, checkpoint, self))
        self.moved()
        return self.trainings[-1]

    def moved(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def until(self, condition: Callable[[], object]) -> None:
        """Waits until the condition holds after some move of a training."""
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE), "it never happened"


def train_forever(root: str) -> None:
    """For a process that is to be killed: says "ready" once rows are on disk, and trains on."""
    lab = FakeLab()
    manager = RunManager(RunStore(Path(root)), lab, Panel)
    config = RunConfig(steps=10_000_000, observe_every=1, checkpoint_every=50)
    run = manager.start(config)
    lab.until(lambda: lab.trainings and lab.trainings[0].step >= 200)
    sys.stdout.write(run + "\n")
    sys.stdout.flush()
    manager.wait(run)
