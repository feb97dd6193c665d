"""`ganlab bench published`: the lab's measures and remedies against the figures of a paper.

The plain GAN, PacGAN2 and the relativistic loss with R1 and R2 on the ring and the grid of Lin et
al. 2018 (arXiv:1712.04086). Networks are smaller and runs are far shorter than the paper's, so only
the order of the methods is judged: figures stand beside each other to be read, not to be equal.
"""

from __future__ import annotations

import json
import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from ganlab.bench.mixtures import SAMPLES, MixtureScore, mixture_score
from ganlab.bench.published_checks import Check, checks_table
from ganlab.bench.published_checks import self_test as self_test
from ganlab.bench.table import table, verdict
from ganlab.config import RunConfig
from ganlab.engine.coverage import draw
from ganlab.engine.data import load
from ganlab.engine.trainer import Trainer
from ganlab.outputs import write_result

DATA = ("ring8", "grid25")
PLAIN = "GAN"
METHODS: Mapping[str, Mapping[str, object]] = {
    PLAIN: {},
    "PacGAN2": {"pack": 2},
    "relativistic + R1 + R2": {"loss": "relativistic", "r1_weight": 0.1, "r2_weight": 0.1},
}
# Lin et al. 2018, table 1: 400 000 updates, batch 100, G 4x400 with batch norm, D 3x200 maxout.
PAPER = {
    ("ring8", PLAIN): ("6.3 ± 0.5", "98.2 %", "0.45 ± 0.09"),
    ("ring8", "PacGAN2"): ("7.9 ± 0.1", "95.6 %", "0.07 ± 0.03"),
    ("grid25", PLAIN): ("17.3 ± 0.8", "94.8 %", "0.70 ± 0.07"),
    ("grid25", "PacGAN2"): ("23.8 ± 0.7", "91.3 %", "0.13 ± 0.04"),
}
RING_MODES = 7.5  # that a fix's median seed has to reach
_SETUP: Mapping[str, object] = {
    "device": "cpu", "data_range": "standardised", "output": "linear", "head": "logits",
    "latent_dim": 8, "hidden_g": (64, 64), "hidden_d": (64, 64),
    "activation_g": "relu", "norm_g": "none", "dropout_d": 0.0, "real_label": 1.0,
    "batch_size": 64, "lr_d": 1e-3, "lr_g": 1e-3,
    "observe_every": 1000, "probe_every": 100_000, "sample_every": 100_000,
}  # fmt: skip


@dataclass(frozen=True)
class Effort:
    """How long to measure."""

    seeds: int
    steps: int


FULL = Effort(seeds=5, steps=3000)
QUICK = Effort(seeds=2, steps=500)


@dataclass(frozen=True)
class Group:
    """One method on one mixture: a score for each seed, and the CPU seconds of them all."""

    data: str
    method: str
    scores: Sequence[MixtureScore]
    seconds: float

    def values(self, name: str) -> list[float]:
        """One measure of each seed."""
        return [float(getattr(score, name)) for score in self.scores]

    def as_row(self) -> dict[str, Any]:
        """The JSON form."""
        scores = [score.as_row() for score in self.scores]
        return {"data": self.data, "method": self.method, "scores": scores, "cpu_s": self.seconds}


def config(data: str, method: str, seed: int, steps: int) -> RunConfig:
    """The run of a method."""
    own = {"data": data, "seed": seed, "steps": steps}
    return RunConfig.of({**_SETUP, **METHODS[method], **own})


def main(
    *,
    quick: bool = False,
    json_file: Path | None = None,
    effort: Effort | None = None,
    progress: Callable[[str], None] | None = None,
) -> str:
    """Trains, measures and returns the tables; writes the figures where asked, group by group."""
    effort = effort or (QUICK if quick else FULL)
    torch.set_num_threads(1)
    checks, groups = self_test(), list[Group]()
    for data in DATA:
        for method in METHODS:
            groups.append(_measured(data, method, effort, progress))
            if json_file is not None:
                figures = _figures(checks, groups, effort)
                write_result(json_file, f"{json.dumps(figures, indent=2)}\n".encode())
    return report(checks, groups, effort)


def _measured(
    data: str, method: str, effort: Effort, progress: Callable[[str], None] | None
) -> Group:
    scores, started = [], time.process_time()
    points = load(config(data, method, 0, effort.steps))
    for seed in range(effort.seeds):
        trainer = Trainer(config(data, method, seed, effort.steps), data=points)
        trainer.advance(effort.steps)
        samples, _ = draw(trainer, SAMPLES)
        scores.append(mixture_score(samples, points))
        if progress:
            progress(f"{data}, {method}, seed {seed}: {scores[-1]}")
    return Group(data, method, scores, time.process_time() - started)


def _figures(checks: Sequence[Check], groups: Sequence[Group], effort: Effort) -> dict[str, Any]:
    return {
        "seeds": effort.seeds,
        "steps": effort.steps,
        "self_test": [check.as_row() for check in checks],
        "groups": [group.as_row() for group in groups],
    }


def report(checks: Sequence[Check], groups: Sequence[Group], effort: Effort) -> str:
    """The tables as plain text."""
    setup = (
        f"{effort.seeds} seeds, {effort.steps} updates of batch {_SETUP['batch_size']}, MLPs of "
        f"2 x 64, z of 8, {SAMPLES} samples, mean ± standard error over the seeds.\n"
        "Published: Lin et al. 2018, table 1; 400 000 updates of larger networks."
    )
    return "\n\n".join([checks_table(checks), setup, _scores(groups), _criteria(groups)])


def _scores(groups: Sequence[Group]) -> str:
    head = ("Mixture", "modes", "filled >= 10 %", "high quality", "reverse KL", "CPU s a run",
            "published: modes", "quality", "KL")  # fmt: skip
    rows = [
        (
            f"{group.data}, {group.method}",
            _spread(group.values("modes"), 1),
            _spread(group.values("filled"), 1),
            f"{100 * statistics.mean(group.values('high_quality')):.1f} %",
            _spread(group.values("reverse_kl"), 2),
            f"{group.seconds / len(group.scores):.0f}",
            *PAPER.get((group.data, group.method), ("-", "-", "-")),
        )
        for group in groups
    ]
    return table(head, rows)


def _spread(values: Sequence[float], digits: int) -> str:
    """6.3 ± 0.5: mean and standard error."""
    error = statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else math.nan
    return f"{statistics.mean(values):.{digits}f} ± {error:.{digits}f}"


def _criteria(groups: Sequence[Group]) -> str:
    rows = []
    plain = {group.data: group.values("modes") for group in groups if group.method == PLAIN}
    for group in (group for group in groups if group.method != PLAIN):
        pairs = zip(plain[group.data], group.values("modes"), strict=True)
        gains = [fixed - bare for bare, fixed in pairs]
        chance = sign_test(gains)
        won = f"{sum(gain > 0 for gain in gains)} of {len(gains)}, p = {chance:.3f}"
        name = f"{group.data}, {group.method}"
        rows.append((f"{name}: seeds with more modes than the GAN", won, "p < 0.05",
                     verdict(chance < 0.05)))  # fmt: skip
        if group.data == "ring8":
            middle = statistics.median(group.values("modes"))
            rows.append((f"{name}: median modes", f"{middle:g}", f">= {RING_MODES:g}",
                         verdict(middle >= RING_MODES)))  # fmt: skip
    return table(("Criterion", "found", "target", ""), rows)


def sign_test(gains: Sequence[float]) -> float:
    """One-sided p of as many positive gains by chance; ties are left out. 1 without a gain."""
    wins, losses = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
    count = wins + losses
    return float(sum(math.comb(count, k) for k in range(wins, count + 1)) / 2**count)
