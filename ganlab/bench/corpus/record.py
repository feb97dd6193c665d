"""Records the corpus: each plan and seed in a file, in parallel, taken up where it stopped."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ganlab.bench.corpus.plans import Plan
from ganlab.bench.corpus.recording import Recording
from ganlab.bench.corpus.truth import Check, check, learnable, memory_gap
from ganlab.observation import Observation
from ganlab.rehearsal import data_of

Job = tuple[Plan, int]
CHECK_EVERY = 250  # steps


def file_of(folder: Path, plan: str, seed: int) -> Path:
    """Where a run's recording lies."""
    return folder / f"{plan}@{seed}.run"


def record_all(
    jobs: Sequence[Job], folder: Path, workers: int, progress: Callable[[str], None]
) -> None:
    """Records what is missing. Stopped and called again, it goes on with the next run."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [job for job in jobs if not file_of(folder, job[0].name, job[1]).exists()]
    progress(f"{len(jobs) - len(missing)} of {len(jobs)} runs are recorded.")
    context = multiprocessing.get_context("spawn")  # fork and torch's threads do not agree
    with context.Pool(workers) as pool:
        started = [pool.apply_async(_record_into, (job, folder)) for job in missing]
        for number, result in enumerate(started, start=1):
            progress(f"{number} of {len(missing)}: {result.get()}")


def _record_into(job: Job, folder: Path) -> str:
    plan, seed = job
    made = record(plan, seed, folder)
    path = file_of(folder, plan.name, seed)
    partial = path.with_suffix(".part")
    partial.write_bytes(made.to_bytes())
    partial.replace(path)
    return f"{plan.name}@{seed}: {made.seconds:.0f} s {made.error}"


def record(plan: Plan, seed: int, folder: Path) -> Recording:
    """Trains one run to its end, or to what stops it; the classifiers lie below `folder`."""
    import torch

    from ganlab.engine.trainer import Trainer
    from ganlab.lab import judge_of

    torch.set_num_threads(1)
    started = time.process_time()
    config = plan.config(seed)
    trainer = Trainer(config, data=data_of(config))
    whole = data_of(replace(config, data_limit=0))
    judge = judge_of(whole, config, folder)
    looks: list[Observation] = []
    checks: list[Check] = []
    error = ""
    try:
        while trainer.step < config.steps:
            if plan.patch and trainer.step == plan.patch_at:
                trainer.apply(plan.patch)
            looks += trainer.advance(50)
            if trainer.step % CHECK_EVERY == 0 or trainer.step == config.steps:
                checks.append(check(trainer, judge))
    except (ArithmeticError, RuntimeError) as problem:
        error = f"{type(problem).__name__}: {problem}"
    ended = not error
    gap = memory_gap(trainer, whole) if ended else None
    return Recording.of(
        looks,
        plan=plan.name,
        seed=seed,
        checks=tuple(checks),
        error=error,
        memory_gap=gap,
        learnable=learnable(trainer) if ended else None,
        seconds=round(time.process_time() - started, 1),
    )
