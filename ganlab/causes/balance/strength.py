"""How strong a script's players are against each other."""

from __future__ import annotations

from typing import NamedTuple

from ganlab.causes.history import History


class Strength(NamedTuple):
    """What makes D strong or weak."""

    rates: tuple[float, float]  # of D and G
    numbers: tuple[int, int]  # in their parameters
    turns: float  # steps of D for each of G's
    same_rule: bool  # one kind of optimiser: only then can their rates be compared

    @property
    def speed(self) -> float:
        """D's rate a step of G's over G's; 0 where there is no rate."""
        return self.rates[0] * self.turns / self.rates[1] if self.rates[1] else 0.0

    @property
    def capacity(self) -> float:
        """D's parameters over G's."""
        return self.numbers[0] / max(self.numbers[1], 1)

    def __str__(self) -> str:
        return (
            f"D has {self.numbers[0]:,} parameters and G {self.numbers[1]:,}; learning rates "
            f"{self.rates[0]:g} and {self.rates[1]:g}; {self.turns:g} D steps for each G step."
        )


def strength(history: History) -> Strength:
    """Read off the optimisers, the networks and the last hundred rounds."""
    build = history.made_of
    turns = history.median(lambda seen: float(seen.counts.get("d steps", 0)), 100)
    return Strength(
        (build.rate("d"), build.rate("g")),
        (build.discriminator.numbers, build.generator.numbers),
        turns or 1.0,
        build.rule("d") == build.rule("g"),
    )
