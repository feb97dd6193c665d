"""The bounds against known values and against what they promise."""

import math

import numpy as np
import pytest
from scipy.stats import binom

from ganlab.bench.corpus.intervals import clopper_pearson, conformal_bound


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (0, 10, 0.0, 1 - 0.025**0.1),  # no hit: the rule of three's exact form
        (10, 10, 0.025**0.1, 1.0),
        (1, 1, 0.025, 1.0),
        (5, 10, 0.18709, 0.81291),  # the textbook's
    ],
)
def test_known_intervals(k: int, n: int, low: float, high: float) -> None:
    assert clopper_pearson(k, n) == pytest.approx((low, high), abs=1e-5)


def test_a_higher_level_is_a_wider_interval() -> None:
    low, high = clopper_pearson(3, 20, 0.99)
    assert low < clopper_pearson(3, 20)[0]
    assert high > clopper_pearson(3, 20)[1]


def test_nothing_seen_says_nothing() -> None:
    assert clopper_pearson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5])
def test_the_interval_covers_the_share_exactly_as_often_as_promised(share: float) -> None:
    n = 25
    covered = [low <= share <= high for low, high in (clopper_pearson(k, n) for k in range(n + 1))]
    probability = binom.pmf(range(n + 1), n, share)[covered].sum()
    assert 0.95 <= probability <= 1.0


@pytest.mark.parametrize(("k", "n", "level"), [(-1, 3, 0.9), (4, 3, 0.9), (1, 3, 1.0)])
def test_impossible_counts_are_refused(k: int, n: int, level: float) -> None:
    with pytest.raises(ValueError, match="allowed"):
        clopper_pearson(k, n, level)


@pytest.mark.parametrize(
    ("count", "alpha", "rank"),
    [
        (19, 0.05, 19),  # the smallest number of runs for 5 %: the largest score
        (39, 0.05, 38),
        (9, 0.3, 7),  # 0.7 * 10 is 7, whatever binary fractions make of it
        (9, 0.7, 3),
        (10, 0.2, 9),  # 8.8, rounded up
    ],
)
def test_the_bound_is_the_score_of_that_rank(count: int, alpha: float, rank: int) -> None:
    scores = [float(score) for score in range(count, 0, -1)]  # in no order that helps
    assert conformal_bound(scores, alpha) == rank


@pytest.mark.parametrize("count", [0, 1, 18])
def test_too_few_runs_bound_nothing(count: int) -> None:
    assert conformal_bound([1.0] * count, 0.05) == math.inf


def test_the_bound_keeps_its_promise_over_many_draws() -> None:
    random, alpha, count, draws = np.random.default_rng(7), 0.1, 24, 4000
    scores = random.lognormal(size=(draws, count + 1))  # a heavy tail: nothing normal is assumed
    exceeded = [run[-1] > conformal_bound(run[:-1].tolist(), alpha) for run in scores]
    # Exactly 2 of 25 ranks lie above the 23rd score; four standard errors either way.
    assert np.mean(exceeded) == pytest.approx(2 / 25, abs=4 * math.sqrt(0.08 * 0.92 / draws))
    assert np.mean(exceeded) <= alpha


@pytest.mark.parametrize(("scores", "alpha"), [([1.0], 0.0), ([1.0], 1.0), ([math.nan], 0.5)])
def test_what_has_no_bound_is_refused(scores: list[float], alpha: float) -> None:
    with pytest.raises(ValueError, match="allowed"):
        conformal_bound(scores, alpha)
