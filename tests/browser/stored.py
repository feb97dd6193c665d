"""Runs of an earlier day, as a store holds them: pages to look at without a training."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ganlab.config import RunConfig, Set
from ganlab.finding import Evidence, Finding, Remedy, Severity, Symptom, patch_as_row
from ganlab.observation import Samples
from ganlab.runs import RunStore
from ganlab.runs.record import Outcome, Status

MISMATCH = Finding(
    Symptom.SCALING_MISMATCH,
    Severity.FAILURE,
    100,
    "G's sigmoid output reaches [0, 1]; real values lie in [-1, 1].",
    (Evidence("unreachable", 0.87, ">", 0.01),),
    (Remedy("Give G a tanh output", {"output": Set("tanh")}, "tanh reaches -1.", "a paper"),),
)


def ended(runs: Path, outcome: Outcome, rows: int = 1) -> str:
    """A run that has ended like that, with so many rows of measurements."""
    store = RunStore(runs)
    run = store.create(RunConfig())
    for step in range(0, 10 * rows, 10):
        values = {"d_loss": 1.2, "g_loss": 0.9, "d_real": 0.6, "d_fake": 0.4,
                  "grad_norm_d": 1.0, "grad_norm_g": 0.5}  # fmt: skip
        store.append(run, "metrics", {"step": step, "seconds": step / 20, **values})
    store.finish(run, outcome)
    return run


def broken(runs: Path) -> str:
    """A run whose output was switched to sigmoid in mid-training, with all that follows."""
    run = ended(runs, Outcome(Status.STOPPED, 200, 10.0), rows=21)
    store = RunStore(runs)
    patch = patch_as_row({"output": Set("sigmoid")})
    store.append(run, "patches", {"step": 90, "seconds": 4.5, "patch": patch, "origin": "user"})
    store.append(run, "findings", {"event": "opened", **MISMATCH.as_row()})
    noise = np.random.default_rng(0).integers(0, 256, (224, 224), dtype=np.uint8)
    for at in ("real", 200):
        store.write_samples(run, at, Samples(image=noise))
    store.close(run)
    return run
