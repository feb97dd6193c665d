"""Records live breaks: one worker, a file a branch, taken up where it stopped.

A base is trained once a seed to its checkpoint. From there go its twin, which nobody touches, the
repeats (twins of another noise stream), and each break with its undo.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ganlab.bench.corpus.fate import fate_at
from ganlab.bench.corpus.recording import Recording
from ganlab.bench.live.catalogue import breaks, longest
from ganlab.bench.live.plans import BASES, LONGEST, REPEATS, Break
from ganlab.bench.live.split import stage
from ganlab.config import Patch
from ganlab.observation import Observation
from ganlab.rehearsal import data_of

if TYPE_CHECKING:
    from ganlab.bench.corpus.truth import Check
    from ganlab.engine.coverage import Judge
    from ganlab.engine.trainer import Trainer

Job = tuple[Break, int]
Timetable = Sequence[tuple[int, Patch]]  # patches by steps after the checkpoint
CHECK_EVERY = 50  # steps after the checkpoint
SAMPLES = 500  # images of a check: half of the static corpus', since there are many checks
_ON_THE_WAY = 250  # steps between the checks before it
_PATIENCE = 3000  # steps after `ready` by which a base has to be healthy


def file_of(folder: Path, name: str, seed: int) -> Path:
    """Where a recording lies."""
    return folder / f"{name}@{seed}.run"


def record_all(jobs: Sequence[Job], folder: Path, progress: Callable[[str], None]) -> None:
    """Records what is missing. Stopped and called again, it goes on with the next break."""
    import torch

    torch.set_num_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    missing = [job for job in jobs if not file_of(folder, job[0].name, job[1]).exists()]
    progress(f"{len(jobs) - len(missing)} of {len(jobs)} breaks are recorded.")
    for place, (found, seed) in enumerate(missing):
        stable = Stable(folder, found.base, seed, progress)
        stable.prepare()
        made = stable.broken(found)
        _write(made, file_of(folder, found.name, seed))
        progress(f"{place + 1} of {len(missing)}: {found.name}@{seed}: {made.seconds:.1f} s "
                 f"{made.error[:80]}")  # fmt: skip
        if place + 1 == len(missing) or stage(missing[place + 1]) != stage((found, seed)):
            for base in BASES:
                Stable(folder, base, seed, progress).repeat()


def _write(made: Recording, path: Path) -> None:
    partial = path.with_suffix(".part")
    partial.write_bytes(made.to_bytes())
    partial.replace(path)


@dataclass(frozen=True)
class Stable:
    """One base and seed: its checkpoint, and everything that starts from there."""

    folder: Path
    base: str
    seed: int
    progress: Callable[[str], None]

    @property
    def checkpoint(self) -> Path:
        """The trainer's state at the first patch."""
        return self.folder / f"{self.base}@{self.seed}.checkpoint"

    def prepare(self) -> None:
        """Records the way to the checkpoint and the twin, where they are missing."""
        if not self.checkpoint.exists() or not self._file("prefix").exists():
            self._prefix()
        self._unpatched("twin", 0)

    def repeat(self) -> None:
        """Records the missing repeats of a base that has a checkpoint."""
        if self.checkpoint.exists():
            for number in range(1, REPEATS + 1):
                self._unpatched(f"repeat{number}", number)

    def _unpatched(self, name: str, stream: int) -> None:
        if self._file(name).exists():
            return
        made = self._recorded(f"{self.base}.{name}", (), longest(self.base), stream)
        _write(made, self._file(name))
        self.progress(f"{self.base}.{name}@{self.seed}: {made.seconds:.1f} s")

    def broken(self, found: Break) -> Recording:
        """A break from its first patch to the end of its undo."""
        timetable = list(found.patches)
        if found.undone:
            timetable.append((found.held, found.undo(BASES[found.base].config(self.seed))))
        return self._recorded(found.name, timetable, found.length)

    def _file(self, name: str) -> Path:
        return file_of(self.folder, f"{self.base}.{name}", self.seed)

    def _recorded(self, name: str, timetable: Timetable, steps: int, stream: int = 0) -> Recording:
        """Goes on from the checkpoint; `stream` above 0 draws other batches and noise."""
        started = time.process_time()
        trainer = self._trainer()
        if stream:
            trainer.stream.generator.manual_seed(1_000_003 * stream + self.seed)
        looks, checks, error = _followed(trainer, _judge(self.base, self.folder), timetable, steps)
        seconds = round(time.process_time() - started, 1)
        return Recording.of(
            looks, plan=name, seed=self.seed, checks=tuple(checks), error=error, seconds=seconds
        )

    def _trainer(self) -> Trainer:
        from ganlab.engine.trainer import Trainer

        data = data_of(BASES[self.base].config(self.seed))
        return Trainer.resumed(self.checkpoint.read_bytes(), steps=LONGEST, data=data)

    def _prefix(self) -> None:
        """Trains until the truth calls the base healthy, from `ready` on."""
        from ganlab.bench.corpus.truth import check
        from ganlab.engine.trainer import Trainer

        started = time.process_time()
        base, judge = BASES[self.base], _judge(self.base, self.folder)
        config = base.config(self.seed)
        trainer = Trainer(config, data=data_of(config))
        looks: list[Observation] = []
        checks: list[Check] = []
        while trainer.step < base.ready or fate_at(checks[-3:]) != "healthy":
            if trainer.step >= base.ready + _PATIENCE:
                raise RuntimeError(f"{self.base}@{self.seed} is not healthy at {trainer.step}.")
            looks += trainer.advance(_ON_THE_WAY)
            checks.append(check(trainer, judge, SAMPLES if judge else 2 * SAMPLES))
        self.checkpoint.write_bytes(trainer.checkpoint())
        seconds = round(time.process_time() - started, 1)
        made = Recording.of(
            looks, plan=f"{self.base}.prefix", seed=self.seed, checks=tuple(checks),
            seconds=seconds,
        )  # fmt: skip
        _write(made, self._file("prefix"))
        self.progress(f"{self.base}.prefix@{self.seed}: step {trainer.step}, {seconds:.1f} s")


@cache
def _judge(base: str, folder: Path) -> Judge | None:
    """The base's classifier, which lies below `folder`; its features of reals are worked out once.

    None for mixtures.
    """
    from ganlab.lab import judge_of

    config = BASES[base].config(0)
    return judge_of(data_of(config), config, folder)


def _followed(
    trainer: Trainer, judge: Judge | None, timetable: Timetable, steps: int
) -> tuple[list[Observation], list[Check], str]:
    from ganlab.bench.corpus.truth import check

    start, due = trainer.step, dict(timetable)
    looks: list[Observation] = []
    checks: list[Check] = []
    try:
        while trainer.step < start + steps:
            if trainer.step - start in due:
                trainer.apply(due[trainer.step - start])
            looks += trainer.advance(CHECK_EVERY)
            checks.append(check(trainer, judge, SAMPLES if judge else 2 * SAMPLES))
    except (ArithmeticError, RuntimeError) as problem:
        return looks, checks, f"{type(problem).__name__}: {problem}"
    return looks, checks, ""


def estimate(folder: Path, jobs: Sequence[Job], progress: Callable[[str], None]) -> float:
    """Core seconds of everything, from a few steps and one check of each base."""
    from ganlab.bench.corpus.truth import check
    from ganlab.engine.trainer import Trainer

    total = 0.0
    for name, base in BASES.items():
        config, judge = base.config(0), _judge(name, folder)
        trainer = Trainer(config, data=data_of(config))
        trainer.advance(50)
        check(trainer, judge, SAMPLES)
        started = time.process_time()
        trainer.advance(100)
        step = (time.process_time() - started) / 100
        started = time.process_time()
        check(trainer, judge, SAMPLES)
        look = (time.process_time() - started) / CHECK_EVERY
        seeds = {seed for found, seed in jobs if found.base == name}
        steps = sum(found.length for found, _ in jobs if found.base == name)
        steps += len(seeds) * longest(name) * (1 + REPEATS)
        cost = steps * (step + look) + len(seeds) * base.ready * step
        progress(f"{name}: {1000 * step:.1f} ms a step, {1000 * look:.1f} for checks: {cost:.0f} s")
        total += cost
    progress(f"{len(jobs)} of {len(breaks())} breaks x seeds, about {total / 3600:.2f} core hours.")
    return total
