"""Stored runs as ganlab writes them, to do damage to: of images, of points, and of a script."""

from __future__ import annotations

from typing import Any

import numpy as np

from ganlab.config import RunConfig, Scale, Set
from ganlab.finding import Evidence, Finding, Remedy, Severity, Symptom, patch_as_row
from ganlab.observation import Samples
from ganlab.runs import Outcome, RunStore, Source, Status
from ganlab.runs.record import RunId

IMAGES, POINTS, SCRIPT = "images", "points", "script"
STEPS = 40  # of each run; a row every ten
FACTS = {"loss": "non_saturating", "head": "logits", "batch_size": 64, "reach_low": -1.0,
         "reach_high": 1.0, "parameters_g": 1000, "parameters_d": 1000}  # fmt: skip
REMEDY = Remedy("Slow D", {"lr_d": Scale(0.5)}, "D runs ahead.", "a paper")
FINDING = Finding(
    Symptom.SATURATION,
    Severity.WARNING,
    20,
    "D tells everything apart.",
    (Evidence("d_fake", 0.01, "<", 0.05, window=20),),
    (REMEDY,),
)
PATCH = {"step": 21, "seconds": 0.2, "patch": patch_as_row({"lr_d": Set(1e-3)}), "origin": "user"}
REPORT = {
    "verdict": "cause",
    "reason": "The loss takes a sigmoid twice.",
    "causes": [
        {
            "slug": "double-sigmoid",
            "confidence": 0.9,
            "evidence": ["D(x) lies between 0.5 and 0.74."],
            "location": {"file": "train.py", "line": 7, "code": "loss(sigmoid(d))"},
            "fix": "- loss(sigmoid(d))\n+ loss(d)",
            "checked": "a run without it",
            "source": "a paper",
        }
    ],
    "notes": [],
    "symptoms": [{"slug": "saturation", "severity": "warning", "step": 20}],
    "discovered": {"generator": "g", "discriminator": "d"},
    "samples": {"diversity": 0.5},
    "steps": STEPS,
    "seconds": 0.4,
    "overhead": 0.05,
    "script_exit": 0,
    "internal_errors": [],
    "final": True,
}


def stored(store: RunStore, kind: str, name: str = "") -> RunId:
    """An ended run with every kind of file that its kind has."""
    if kind == SCRIPT:
        run = store.create_watched(Source("train.py", ("--lr", "1"), 100), name)
        store.write_report(run, REPORT)
    else:
        run = store.create(_config(kind), name)
        store.append(run, "patches", PATCH)
        for step in (20, STEPS):
            store.write_checkpoint(run, step, b'{"step": %d}' % step)
        store.write_generator(run, b"weights")
    for step in range(0, STEPS + 1, 10):
        store.append(run, "metrics", row(step))
    store.append(run, "findings", {"event": "opened"} | FINDING.as_row())
    for at in ("real", 0, STEPS):
        store.write_samples(run, at, _samples(kind))
    store.finish(run, Outcome(Status.FINISHED, STEPS, 0.4))
    return run


def row(step: int) -> dict[str, Any]:
    """A row of metrics."""
    numbers = {"d_loss": 1.2 + step / 100, "g_loss": 0.9, "d_real": 0.6, "d_fake": 0.4,
               "grad_norm_d": 0.1, "grad_norm_g": 0.3, "diversity": 0.5}  # fmt: skip
    return {"step": step, "seconds": step / 100, **numbers} | ({} if step else {"facts": FACTS})


def _config(kind: str) -> RunConfig:
    data = {"data": "ring8"} if kind == POINTS else {}
    return RunConfig.of({"steps": STEPS, "observe_every": 10, "architecture": "mlp", **data})


def _samples(kind: str) -> Samples:
    dice = np.random.default_rng(0)
    if kind == POINTS:
        axis = np.linspace(-1.0, 1.0, 4)
        surface = {"x": axis, "y": axis, "d": dice.random((4, 4))}
        return Samples(points=dice.normal(size=(20, 2)).astype(np.float32), surface=surface)
    histogram = {"edges": np.linspace(-1, 1, 5), "real": dice.random(4), "fake": dice.random(4)}
    return Samples(image=dice.integers(0, 256, (8, 8), dtype=np.uint8), histogram=histogram)
