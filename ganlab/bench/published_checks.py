"""The lab's own coverage measures on samples whose answer is known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch

from ganlab.bench.mixtures import SAMPLES, mixture_score, reverse_kl
from ganlab.bench.table import table, verdict
from ganlab.engine.coverage import Coverage, class_coverage, train_judge
from ganlab.engine.data import Dataset, load
from ganlab.presets import preset

_INSIDE = 1.0 - math.exp(-4.5)  # of a Gaussian in the plane, within three standard deviations
_COUNT = 2000  # images


@dataclass(frozen=True)
class Check:
    """One measure of one set of samples: what came out and what has to."""

    samples: str
    measure: str
    found: float
    low: float
    high: float

    @property
    def met(self) -> bool:
        """Whether the figure lies within its bounds."""
        return self.low <= self.found <= self.high

    def as_row(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self) | {"met": self.met}


def self_test(digits: Dataset | None = None) -> list[Check]:
    """Every check: the true ring, one of its modes, real digits, one digit over and over."""
    return [*_ring_checks(), *_digit_checks(digits or load(preset("seed4-mlp")))]


def checks_table(checks: Sequence[Check]) -> str:
    """What was found beside what is allowed."""
    rows = [
        (f"{c.samples}: {c.measure}", f"{c.found:.3f}", f"{c.low:.3f} to {c.high:.3f}",
         verdict(c.met))
        for c in checks
    ]  # fmt: skip
    return table(("Self-test", "found", "allowed", ""), rows)


def _ring_checks() -> list[Check]:
    ring = load(preset("small-mlp", data="ring8"))
    assert ring.modes is not None
    true = mixture_score(ring.train[:SAMPLES], ring)
    noise = torch.randn(SAMPLES, 2, generator=torch.Generator().manual_seed(0))
    one = mixture_score(ring.modes[0] + ring.mode_std * noise, ring)
    sampling = 4.0 * math.sqrt(_INSIDE * (1.0 - _INSIDE) / SAMPLES)  # four standard errors
    quality = (_INSIDE - sampling, _INSIDE + sampling)
    names = ("the true ring", "one mode of the ring")
    return [
        Check(names[0], "modes", true.modes, 8, 8),
        Check(names[0], "filled modes", true.filled, 8, 8),
        Check(names[0], "high quality", true.high_quality, *quality),
        Check(names[0], "reverse KL", true.reverse_kl, 0.0, 0.01),
        Check(names[1], "modes", one.modes, 1, 1),
        Check(names[1], "filled modes", one.filled, 1, 1),
        Check(names[1], "high quality", one.high_quality, *quality),
        Check(names[1], "reverse KL", one.reverse_kl, math.log(8) - 1e-3, math.log(8) + 1e-3),
    ]


def _digit_checks(digits: Dataset) -> list[Check]:
    judge = train_judge(digits, epochs=1)
    # class_coverage compares with the first of the training images; these are others.
    real = digits.scaled(digits.train[_COUNT : 2 * _COUNT], "[0,1]")
    assert digits.train_labels is not None
    truth = (digits.train_labels.bincount(minlength=digits.classes) / len(digits.train)).tolist()
    other = class_coverage(real, judge, digits)
    copies = class_coverage(real[:1].expand_as(real), judge, digits)
    names = ("other real digits", "one digit over and over")
    classes = digits.classes
    return [
        Check(names[0], "classes", other.covered, classes, classes),
        Check(names[0], "reverse KL", reverse_kl(other.shares, truth), 0.0, 0.02),
        Check(names[0], "Fréchet", _frechet(other), 0.0, 0.05),
        Check(names[1], "classes", copies.covered, 1, 1),
        Check(names[1], "reverse KL", reverse_kl(copies.shares, truth), 2.0, 2.6),
        Check(names[1], "Fréchet", _frechet(copies), 0.9, math.inf),
    ]


def _frechet(found: Coverage) -> float:
    assert found.frechet is not None
    return found.frechet
