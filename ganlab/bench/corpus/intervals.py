"""Exact intervals, and the bound of a split conformal test. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scipy.stats import binomtest


def clopper_pearson(k: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """The exact interval of a share of k in n (Clopper & Pearson 1934).

    Raises ValueError unless 0 <= k <= n and n > 0.
    """
    interval = binomtest(k, n).proportion_ci(level, method="exact")
    return float(interval.low), float(interval.high)


def conformal_bound(scores: Sequence[float], alpha: float) -> float:
    """The score that a new exchangeable run exceeds with probability alpha at most.

    The ceil((1 - alpha)(n + 1))-th smallest of n; infinite where n is too small for alpha
    (Vovk et al. 2005; Lei et al. 2018, arXiv:1604.04173).
    """
    rank = math.ceil((1 - alpha) * (len(scores) + 1))
    return sorted(scores)[rank - 1] if rank <= len(scores) else math.inf
