"""Joins engine, runs and disk. torch is imported inside the worker only: it takes seconds."""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ganlab.config import RunConfig
from ganlab.memory import share_arenas
from ganlab.panel import DetectorPanel
from ganlab.runs.manager import RunManager
from ganlab.runs.record import Damaged, RunId
from ganlab.runs.session import Training
from ganlab.runs.store import RunStore

if TYPE_CHECKING:
    from ganlab.engine.coverage import Coverage, Judge
    from ganlab.engine.data import Dataset

_LOG = logging.getLogger("ganlab")


def open_lab(root: Path | None = None, slots: int = 1, *, live: bool = True) -> RunManager:
    """A manager of real training runs below `root` (default: $GANLAB_RUNS, else ~/.ganlab/runs).

    Runs that a crash left without an owner are marked interrupted. Live runs may probe less
    often to stay fast; headless ones (`live=False`) and those of a `repeatable` config do not.
    On a full disk live runs wait to be resumed; headless ones fail. A process with live runs is a
    server: its threads share two arenas.
    Raises StoreError when the folder cannot be written.
    """
    if live:
        share_arenas()
    store = RunStore(root)
    store.mark_orphans()
    return RunManager(store, partial(_training, live=live), DetectorPanel, slots, waits=live)


def _training(
    config: RunConfig, checkpoint: bytes | None, pulse: Callable[[], None], *, live: bool
) -> Training:
    """Builds a training in the worker's own thread; what the pulse raises ends that."""
    from ganlab.engine.checkpoint import CheckpointError
    from ganlab.engine.data import load
    from ganlab.engine.trainer import Trainer

    choose_threads(config)
    data = load(config, _LOG.info, pulse)
    if checkpoint is not None:
        try:
            return Trainer.resumed(checkpoint, steps=config.steps, governed=live, data=data)
        except CheckpointError as error:  # the run may have an older one
            raise Damaged(str(error)) from error
    return Trainer(config, data=data, governed=live)


def choose_threads(config: RunConfig) -> None:
    """Leaves room for the page and for a second run, unless the user chose a number of threads.

    More threads pay little on networks of this size, and cost much on a busy machine. A repeatable
    run takes one: another number rounds other sums, and a chaotic run then takes another way. The
    number is the process's: the run that starts last sets it.
    """
    import torch

    if config.repeatable:
        torch.set_num_threads(1)
    elif "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(max(1, (os.cpu_count() or 2) // 2))


def coverage(store: RunStore, run: RunId) -> Coverage | None:
    """The classes or modes that a run's generator covers at its latest checkpoint.

    None where the data has neither labels nor modes, or the run no checkpoint.
    """
    from ganlab.engine.coverage import outcome
    from ganlab.engine.trainer import Trainer

    found = store.latest_checkpoint(run)
    if found is None:
        return None
    trainer = Trainer.resumed(found[1])
    return outcome(trainer, judge_of(trainer.data, trainer.config, store.root))


def judge_of(data: Dataset, config: RunConfig, root: Path) -> Judge | None:
    """The data's classifier, trained once on all of it and kept below `root`.

    None for data without labels or held-out samples, and for mixtures, which need none.
    """
    from ganlab.engine.coverage import Judge, train_judge
    from ganlab.engine.data import load

    if not data.is_image or data.train_labels is None or not len(data.held_out):
        return None
    path = classifier_path(config, root)
    if path.exists():
        try:
            return Judge.of_bytes(path.read_bytes(), data)
        except (RuntimeError, KeyError, EOFError, OSError, pickle.UnpicklingError):
            _LOG.info("The stored classifier %s cannot be read; training another one.", path)
    everything = load(replace(config, data_limit=0)) if config.data_limit else data
    judge = train_judge(everything, progress=_LOG.info)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial_file = path.with_suffix(f".{os.getpid()}")
    partial_file.write_bytes(judge.to_bytes())
    partial_file.replace(path)
    return judge


def classifier_path(config: RunConfig, root: Path) -> Path:
    """Where the classifier of a config's data is kept below `root`."""
    name = f"{config.data}-{config.image_size}-{config.channels}-{config.held_out:g}.pt"
    return root / "classifiers" / name
