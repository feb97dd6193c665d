"""What a learning rate is usual for an optimiser, and what is too large for it."""

from __future__ import annotations

LARGE = 4e-3  # of Adam: twenty times DCGAN's; 2e-4 to 1e-3 are usual
LARGE_SGD = 0.2  # of SGD; 0.01 to 0.1 are usual
SMALL = 2e-5  # of Adam
# Whose steps are scaled by the gradients' own size, weight for weight, in lower case.
ADAM = ("adam", "adamw", "nadam", "radam", "amsgrad", "adamax")
SCALED = (*ADAM, "rmsprop")
PLAIN = ("sgd", "momentum")  # the lab's names of SGD


def too_large(optimiser: str, rate: float, scaled: float = LARGE, plain: float = LARGE_SGD) -> bool:
    """Whether steps of this rate throw a network out of its active range.

    From `scaled` on they do by a rule that scales its steps, from `plain` on by any other.
    """
    return rate >= (scaled if optimiser in SCALED else plain)


def usual_words(optimiser: str) -> str:
    """The usual rates of the optimiser, as a sentence."""
    return "2e-4 to 1e-3 are usual." if optimiser in SCALED else "0.01 to 0.1 are usual."


def usual(optimiser: str) -> float:
    """One usual rate of the optimiser."""
    return 2e-4 if optimiser in SCALED else 0.01
