"""What one live break is: a healthy run, the patches that somebody makes, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ganlab.bench.corpus import plans as corpus
from ganlab.config import Patch, RunConfig, Set

Settings = dict[str, Any]
SEEDS = 2
HELD = 500  # steps from the last patch to its undo
LONG = 1500  # the same for breaks whose harm is slow
RECOVERY = 500  # steps from the undo to the end
REPEATS = 2  # twins of another noise stream: what chance alone changes
LONGEST = 10_000_000  # steps; a segment ends where its plan says

_WIDE: Settings = {"hidden_g": (128, 128), "hidden_d": (128, 128), "batch_size": 128}
_CALM: Settings = {
    "r1_weight": 0.005, "r2_weight": 0.005, "beta1_d": 0.0, "beta1_g": 0.0, "beta2_d": 0.99,
    "beta2_g": 0.99,
}  # fmt: skip


@dataclass(frozen=True)
class Base:
    """A healthy run; its checkpoint lies at `ready`, or later where health came later."""

    settings: Settings
    ready: int  # steps

    def config(self, seed: int) -> RunConfig:
        """The config of a seed."""
        quiet = {"sample_every": 100_000, "checkpoint_every": 1_000_000, "device": "cpu"}
        known = {"allow_faults": True, "steps": LONGEST, "seed": seed}
        return RunConfig.of({**self.settings, **quiet, **known})


BASES: Mapping[str, Base] = {
    "ring8": Base(corpus.BASES["toy-rp"] | {"data": "ring8"}, 3000),
    "digits": Base(corpus.BASES["bn"] | {"data": "digits"}, 1250),
    "mnist": Base(corpus.BASES["bn"] | {"data": "mnist"}, 1250),
    "gp": Base(corpus.BASES["gp"] | {"data": "digits"}, 1000),
    "labels": Base(
        corpus.BASES["cgan"]
        | {"data": "mnist", "conditional": "embedding", "lr_d": 1e-3, "lr_g": 1e-3},
        1250,
    ),
    "grid25": Base(corpus.BASES["toy-rp"] | {"data": "grid25"} | _WIDE | _CALM, 6000),
    "dcgan": Base(corpus.BASES["dcgan"] | {"data": "mnist"}, 1000),
    "start": Base({"data": "digits"}, 750),  # what the start page trains
}


@dataclass(frozen=True)
class Break:
    """Patches on a base, each so many steps after its checkpoint; all are undone together."""

    name: str  # "BASE-SLUG"
    base: str
    patches: tuple[tuple[int, Patch], ...]
    blamed: int = 0  # of a pair: the patch that harms when made alone
    undone: bool = True
    hold: int = HELD  # steps from the last patch to the undo

    @property
    def pair(self) -> bool:
        """Whether one of the patches is there to mislead."""
        return len(self.patches) > 1

    @property
    def held(self) -> int:
        """Steps from the first patch to the undo."""
        return self.patches[-1][0] + self.hold

    @property
    def length(self) -> int:
        """Steps from the first patch to the end."""
        return self.held + (RECOVERY if self.undone else 0)

    def undo(self, config: RunConfig) -> Patch:
        """Takes every patch back, to the settings of the base."""
        before = dict(config)
        return {name: Set(before[name]) for _, patch in self.patches for name in patch}
