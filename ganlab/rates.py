"""What a learning rate is usual for an optimiser, and what is too large for it."""

from __future__ import annotations

from ganlab.config import ADAPTIVE

LARGE = 5e-3  # of Adam; 2e-4 to 1e-3 are usual
LARGE_SGD = 0.2  # of SGD; 0.01 to 0.1 are usual
SMALL = 2e-5  # of Adam


def too_large(optimiser: str, rate: float) -> bool:
    """Whether steps of this rate throw a network out of its active range."""
    return rate >= (LARGE if optimiser in ADAPTIVE else LARGE_SGD)


def usual_words(optimiser: str) -> str:
    """The usual rates of the optimiser, as a sentence."""
    return "2e-4 to 1e-3 are usual." if optimiser in ADAPTIVE else "0.01 to 0.1 are usual."


def usual(optimiser: str) -> float:
    """One usual rate of the optimiser; RMSprop's steps are scaled as Adam's are."""
    return 2e-4 if optimiser in (*ADAPTIVE, "rmsprop") else 0.01
