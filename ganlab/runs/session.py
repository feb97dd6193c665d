"""One run from its config to its outcome, in the calling thread. Knows no torch and no slot."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ganlab.config import KNOBS, ConfigError, Patch, RunConfig, Set
from ganlab.finding import patch_as_row
from ganlab.observation import Observation, Samples
from ganlab.runs.control import Control, Request, StopWanted
from ganlab.runs.record import Damaged, Outcome, Row, RunInfo, Status
from ganlab.runs.recorder import Recorder
from ganlab.runs.store import RunStore

_LOG = logging.getLogger("ganlab")
_CHUNK_SECONDS = 0.2  # the same: how long an intent waits
_CHUNK_STEPS = 50  # between two looks into the mailbox, at most


class Training(Protocol):
    """A pair that trains; implemented by the engine and by the tests' fake."""

    @property
    def config(self) -> RunConfig:
        """The current config, patches applied."""

    @property
    def step(self) -> int:
        """Generator updates so far."""

    @property
    def real(self) -> Samples:
        """Real data, to be drawn beside the generated."""

    def advance(
        self, steps: int, *, observe_last: bool = False, to_next: bool = False
    ) -> Sequence[Observation]:
        """Trains up to `steps` updates, never past config.steps; observations in order.

        With `to_next` it may return at the first of them, so that a kill cannot take it.
        """

    def apply(self, patch: Patch) -> None:
        """Takes effect at the next step. Raises ConfigError, and then changes nothing."""

    def checkpoint(self) -> bytes:
        """All it takes to resume."""

    def generator_weights(self) -> bytes:
        """The generator, as safetensors."""


# Builds the training of a config, or of a checkpoint; calls the pulse often, which may raise.
Factory = Callable[[RunConfig, bytes | None, Callable[[], None]], Training]


@dataclass(frozen=True)
class Job:
    """What a session works on."""

    info: RunInfo  # of the run before the session; its config is what is asked for
    control: Control
    factory: Factory
    resumes: bool = False  # the run has ended before and goes on from its checkpoint


class Session:
    """Builds a training, drives it by the run's control and writes all it says to the store."""

    def __init__(
        self,
        job: Job,
        store: RunStore,
        recorder: Recorder,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._job = job
        self._run = job.info.id
        self._control = job.control
        self._store = store
        self._recorder = recorder
        self._clock = clock
        self._chunk = 1

    def train(self) -> Outcome:
        """Trains until the steps are done or the run is stopped; says how it ended.

        Whatever the factory or the training raises comes out as it is.
        """
        training = self._built() if self._control.begin() else None
        if training is None:
            # A run that was to go on and never did has ended as it had before.
            return self._store.outcome(self._run) or self.outcome(Status.STOPPED)
        self._control.adopt(training.config)
        self._store.write_samples(self._run, "real", training.real)
        stopped = self._drive(training)
        self._save(training)
        self._store.write_generator(self._run, training.generator_weights())
        return self.outcome(Status.STOPPED if stopped else Status.FINISHED, training.step)

    def outcome(self, status: Status, step: int | None = None) -> Outcome:
        """An outcome as of now; without `step`, as of the last row."""
        info, last = self._job.info, self._recorder
        if last.step < 0:
            return Outcome(status, info.step if step is None else step, info.seconds)
        return Outcome(status, last.step if step is None else step, last.seconds)

    def _built(self) -> Training | None:
        """The training; None when the run was stopped while its data was read."""
        try:
            return self._resumed() if self._job.resumes else self._started()
        except StopWanted:
            return None

    def _started(self) -> Training:
        return self._job.factory(self._job.info.config, None, self._control.pulse)

    def _resumed(self) -> Training:
        """The training as of the latest checkpoint that can be read; the logs are cut back to it.

        Raises Damaged where there are checkpoints, and none can be read.
        """
        config, passed = self._job.info.config, list[int]()
        training = self._restored(config, passed)
        if training is None:  # killed before the first checkpoint: the run starts over
            original = self._store.original(self._run)
            config = original.patched({"steps": Set(config.steps)})
            training = self._job.factory(config, None, self._control.pulse)
            self._store.rewind(self._run, -1)
        else:
            self._store.rewind(self._run, training.step, passed)
        self._recorder.replay()
        self._log_differences(training)
        return training

    def _restored(self, config: RunConfig, passed: list[int]) -> Training | None:
        """The newest checkpoint's training; `passed` takes the steps of damaged ones."""
        why = ""
        for step in reversed(self._store.checkpoint_steps(self._run)):
            try:
                stored = self._store.checkpoint(self._run, step)
                training = self._job.factory(config, stored, self._control.pulse)
                if training.step == step:
                    return training
                why = f"The checkpoint of step {step} holds step {training.step}."
            except Damaged as problem:
                why = str(problem)
            _LOG.warning("The checkpoint of step %d is damaged: trying the one before it.", step)
            passed.append(step)
        if passed:
            raise Damaged(
                f"Run {self._run} cannot go on: none of its checkpoints (steps "
                f"{', '.join(map(str, passed))}) can be read; allowed: one that ganlab wrote. "
                f"Start a new run with the same settings. The last problem: {why}"
            )
        return None

    def _log_differences(self, training: Training) -> None:
        """Logs what the logs do not say: other `steps`, a patch as late as the checkpoint."""
        logged, now = dict(self._store.info(self._run).config), dict(training.config)
        changed = {name: Set(now[name]) for name in now if now[name] != logged[name]}
        patch = {name: change for name, change in changed.items() if KNOBS[name].hot}
        if patch:
            self._log(training.step + 1, Request(patch, "reopen"))

    def _drive(self, training: Training) -> bool:
        """Takes turns until the end; whether the run was stopped before its last step."""
        while training.step < training.config.steps or not self._control.close():
            turn = self._control.turn()
            for request in turn.requests:
                self._apply(training, request)
            if turn.stop:
                return True
            if turn.single:
                self._advance(training, 1, observe_last=True)
            elif turn.free:
                self._advance(training, self._chunk)
        return False

    def _advance(self, training: Training, steps: int, *, observe_last: bool = False) -> None:
        """Trains at most `steps`, ending where a checkpoint is due, and adapts the chunk."""
        every, first, began = training.config.checkpoint_every, training.step, self._clock()
        due = min(steps, every - first % every, training.config.steps - first)
        if due <= 0:
            return
        left = due
        while left > 0:
            looks = training.advance(left, observe_last=observe_last, to_next=True)
            for observation in looks:
                self._recorder.record(observation)
            left = first + due - training.step
        seconds = max(self._clock() - began, 1e-6)
        self._chunk = max(1, min(_CHUNK_STEPS, int(due * _CHUNK_SECONDS / seconds)))
        if training.step % every == 0:
            self._save(training)

    def _apply(self, training: Training, request: Request) -> None:
        """A patch that the training refuses is logged as refused and harms nothing."""
        error = ""
        try:
            training.apply(request.patch)
        except ConfigError as refusal:
            error = str(refusal)
        self._log(training.step + 1, request, error)
        self._control.applied(request, training.config)
        self._store.write_samples(self._run, "real", training.real)  # its range may be another

    def _log(self, step: int, request: Request, error: str = "") -> None:
        row: Row = {
            "step": step,
            "seconds": self._recorder.seconds,
            "patch": patch_as_row(request.patch),
            "origin": request.origin,
        }
        self._store.append(self._run, "patches", row | {"error": error} if error else row)

    def _save(self, training: Training) -> None:
        self._store.write_checkpoint(self._run, training.step, training.checkpoint())
