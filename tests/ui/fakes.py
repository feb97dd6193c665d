"""A training of random images and made-up curves; fast, and knows no torch."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ganlab.config import Patch, RunConfig, Set
from ganlab.finding import Evidence, Finding, Remedy, Severity, Symptom
from ganlab.knob import ConfigError
from ganlab.observation import Facts, Metrics, Observation, Samples


class FakeTraining:
    """Goes through the steps like the engine does. Fails at step 5 when the seed is 13."""

    def __init__(
        self,
        config: RunConfig,
        checkpoint: bytes | None = None,
        pulse: Callable[[], None] | None = None,
        pace: float = 0,
    ) -> None:
        stored = json.loads(checkpoint) if checkpoint else {}
        self.config = config
        self.step = int(stored.get("step", 0))
        self.real = self._samples()
        self._pace = pace  # seconds a step
        self._began = checkpoint is not None

    def advance(
        self, steps: int, *, observe_last: bool = False, to_next: bool = False
    ) -> Sequence[Observation]:
        rows = [] if self._began else [self._observe(facts=_FACTS)]
        self._began = True
        end = min(self.step + steps, self.config.steps)
        while self.step < end:
            self.step += 1
            if self._pace:
                time.sleep(self._pace)
            if self.config.seed == 13 and self.step == 5:
                raise RuntimeError("the fake device is gone")
            last = observe_last and self.step == end
            if last or self.step % self.config.observe_every == 0:
                rows.append(self._observe())
        return rows

    def apply(self, patch: Patch) -> None:
        if "n_critic" in patch:
            raise ConfigError("n_critic is refused here; allowed: nothing. Leave it.")
        self.config = self.config.patched(patch)

    def checkpoint(self) -> bytes:
        return json.dumps({"step": self.step}).encode()

    def generator_weights(self) -> bytes:
        return b"weights"

    def _observe(self, facts: Facts | None = None) -> Observation:
        wave, noise = math.sin(self.step / 40), np.random.default_rng(self.step).normal()
        metrics: Metrics = {
            "d_loss": 1.2 + 0.1 * wave + 0.05 * noise,
            "g_loss": 0.9 - 0.1 * wave + 0.1 * noise,
            "d_real": 0.6 + 0.1 * wave,
            "d_fake": 0.4 - 0.1 * wave,
            "grad_norm_d": 0.1 + 0.02 * wave,
            "grad_norm_g": 0.3 + 0.05 * noise**2,
            "overflow": 0.2 if self.config.output == "sigmoid" else 0.0,
            "steps_per_second": 100.0,
        }
        samples = self._samples() if self.step % self.config.sample_every == 0 else None
        return Observation(self.step, metrics, facts, samples, seconds=self.step / 100)

    def _samples(self) -> Samples:
        rng = np.random.default_rng(self.step)
        if not self.config.is_image:
            points = rng.normal(size=(200, 2)).astype(np.float32)
            axis = np.linspace(-3, 3, 20)
            surface = {"x": axis, "y": axis, "d": rng.random((20, 20))}
            return Samples(points=points, surface=surface)
        image = rng.integers(0, 256, (224, 224), dtype=np.uint8)
        histogram = {
            "edges": np.linspace(-1, 1, 21),
            "real": rng.random(20),
            "fake": rng.random(20),
        }
        return Samples(image=image, histogram=histogram)


_FACTS: Facts = {"loss": "non_saturating", "head": "sigmoid", "output": "tanh"}


REMEDIES = (
    Remedy("Use tanh", {"output": Set("tanh")}, "tanh reaches -1.", "a paper"),
    Remedy("Widen G", {"hidden_g": Set((512, 512))}, "More room.", "another paper"),
)


class FakePanel:
    """Opens a finding while `overflow` is above its bound."""

    def __init__(self) -> None:
        self._open: Finding | None = None

    def update(self, observation: Observation) -> list[FakeEvent]:
        """At most one event."""
        overflow = observation.metrics.get("overflow", 0.0)
        if (overflow > 0.05) == (self._open is not None):
            return []
        if self._open is not None:
            closed, self._open = self._open, None
            return [FakeEvent("closed", closed)]
        self._open = Finding(
            Symptom.SCALING_MISMATCH,
            Severity.WARNING,
            observation.step,
            "G's values do not fit the data.",
            (Evidence("overflow", overflow, ">", 0.05, window=20),),
            REMEDIES,
        )
        return [FakeEvent("opened", self._open)]


class FakeEvent(NamedTuple):
    """What a panel tells a recorder."""

    kind: str
    finding: Finding

    def as_row(self) -> dict[str, Any]:
        """The JSON form."""
        return {"event": self.kind} | self.finding.as_row()
