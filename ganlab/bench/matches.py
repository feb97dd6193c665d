"""The engine against the typical loop: same shapes, batch and update order, row by row."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ganlab.bench.baseline import Images, Networks, Step, UserScript, d_first, g_first, wgan_gp
from ganlab.bench.baseline_networks import batch_norm_mlp, critic_mlp, dcgan28, paper_mlp
from ganlab.bench.floor import HeavyWork, heavy_work
from ganlab.bench.timing import Spread, Times, interleaved, milliseconds, ratio
from ganlab.config import RunConfig
from ganlab.engine.data import Dataset
from ganlab.engine.trainer import Trainer
from ganlab.presets import preset

_WARM_UP = 3  # steps of each side before the clock runs
ENDLESS = 10_000_000


@dataclass(frozen=True)
class Match:
    """One row: a preset in one update order, the script it is compared with, and the target."""

    name: str
    preset: str
    networks: Callable[[], Networks]
    step: Step
    target: float  # the ratio to reach
    steps: int  # generator updates a round
    settings: dict[str, object] = field(default_factory=dict)

    def config(self) -> RunConfig:
        """The engine's side."""
        return preset(self.preset, data=images_at_hand(), steps=ENDLESS, **self.settings)


def images_at_hand() -> str:
    """MNIST where it lies under GANLAB_DATA, else the embedded digits; 28x28 uint8 either way."""
    root = os.environ.get("GANLAB_DATA")
    return "mnist" if root and (Path(root) / "MNIST" / "raw").is_dir() else "digits"


_G_FIRST = {"update_order": "g_first", "fresh_fakes": False}

MATCHES = (
    Match("M1 paper MLP, G first", "paper-mlp", paper_mlp, g_first, 1.9, 10, _G_FIRST),
    Match("M2 BN MLP, dropout, G first", "seed4-mlp", batch_norm_mlp, g_first, 2.0, 20, _G_FIRST),
    Match("DCGAN-28, G first", "dcgan28", dcgan28, g_first, 1.35, 8, _G_FIRST),
    Match("WGAN-GP, a critic step", "wgan-gp", critic_mlp, wgan_gp, 1.8, 4),
    Match("M1 paper MLP, D first", "paper-mlp", paper_mlp, d_first, 1.6, 10),
    Match("M2 BN MLP, dropout, D first", "seed4-mlp", batch_norm_mlp, d_first, 1.8, 20),
    Match("DCGAN-28, D first", "dcgan28", dcgan28, d_first, 1.2, 8),
)


@dataclass(frozen=True)
class Score:
    """What a match came to. Times are medians, in ms of CPU a D update."""

    name: str
    baseline_ms: float
    engine_ms: float
    floor_ms: float
    speedup: Spread  # bounds: extreme rounds
    control: Spread  # the baseline over itself: what this measurement can tell apart
    floor_share: float  # of the engine's time that is raw matrix work
    target: float

    @property
    def met(self) -> bool:
        """Whether the median reaches the target."""
        return self.speedup.median >= self.target


def play(
    match: Match, data: Dataset, rounds: int, *, sittings: int = 1, steps: int | None = None
) -> Score:
    """Times both sides, the baseline twice, and the floor, in interleaved rounds.

    Each sitting builds all of them anew: where their tensors come to lie in memory makes a
    difference of its own.
    """
    count = steps or match.steps
    pooled: Times = {}
    for _ in range(sittings):
        for name, seconds in interleaved(_variants(match, data, count), rounds).items():
            pooled.setdefault(name, []).extend(seconds)
    return _score(match, pooled, count * match.config().n_critic)


def _variants(match: Match, data: Dataset, count: int) -> dict[str, Callable[[], None]]:
    config = match.config()
    trainer = Trainer(config, data=data, monitor=False)
    floor = _floor(trainer)

    def engine() -> None:
        trainer.advance(count)

    def lowest() -> None:
        for _ in range(count):
            floor()

    return {
        "baseline": _loop(match, data, count * config.n_critic),
        "engine": engine,
        "again": _loop(match, data, count * config.n_critic),
        "floor": lowest,
    }


def _floor(trainer: Trainer) -> HeavyWork:
    """Of a step after the first ones, in which the optimisers still make their state."""
    trainer.advance(_WARM_UP)
    return heavy_work(lambda: trainer.advance(1))


def _loop(match: Match, data: Dataset, updates: int) -> Callable[[], None]:
    """The user's script, warmed up; each call goes on for `updates` batches."""
    config = match.config()
    script = UserScript(
        match.networks(), config.lr_d, (config.beta1_d, config.beta2_d), config.real_label
    )
    assert data.train_labels is not None
    images = Images(data.train[:, 0], data.train_labels)
    batches = script.epochs(images, config.batch_size, match.step)

    def run(count: int = updates) -> None:
        for _ in range(count):
            next(batches)

    run(_WARM_UP)
    return run


def _score(match: Match, times: Times, updates: int) -> Score:
    return Score(
        name=match.name,
        baseline_ms=milliseconds(times["baseline"], updates),
        engine_ms=milliseconds(times["engine"], updates),
        floor_ms=milliseconds(times["floor"], updates),
        speedup=ratio(times, "baseline", "engine"),
        control=ratio(times, "again", "baseline"),
        floor_share=ratio(times, "floor", "engine").median,
        target=match.target,
    )
