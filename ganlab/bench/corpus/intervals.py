"""Two bounds that hold for any number of runs, however small."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scipy.stats import binomtest

_ROUNDING = 1e-9  # what 0.7 * 10 may lie above 7


def clopper_pearson(k: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """The exact interval of a share of which k of n were seen (Clopper and Pearson 1934).

    Covers the true share with at least this probability. Nothing seen says nothing: (0, 1).
    """
    if not 0 <= k <= n:
        raise ValueError(f"k={k} hits of n={n}; allowed: 0 <= k <= n.")
    if not 0.0 < level < 1.0:
        raise ValueError(f"level={level}; allowed: between 0 and 1.")
    if n == 0:
        return 0.0, 1.0
    interval = binomtest(k, n).proportion_ci(confidence_level=level, method="exact")
    return float(interval.low), float(interval.high)


def conformal_bound(scores: Sequence[float], alpha: float) -> float:
    """A bound that the score of one more run exceeds with a probability of at most alpha.

    Split conformal (Vovk et al. 2005, "Algorithmic Learning in a Random World"; Lei et al. 2018,
    JASA 113): of n scores, the ceil((1 - alpha)(n + 1))-th smallest, and infinity where n is too
    small for that. One score a run, its largest: runs are exchangeable, the steps of one run are
    not. The probability is over the calibration runs and the new one together; given these
    scores it may be larger.
    """
    if not 0.0 < alpha < 1.0:
        raise ValueError(f"alpha={alpha}; allowed: between 0 and 1.")
    if any(math.isnan(score) for score in scores):
        raise ValueError("a score is NaN; allowed: numbers, infinity among them.")
    rank = max(1, math.ceil((1.0 - alpha) * (len(scores) + 1) - _ROUNDING))
    return float(sorted(scores)[rank - 1]) if rank <= len(scores) else math.inf
