"""What can be read off the rounds of a script that were looked at."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Sequence

from ganlab.causes.trace import Likeness, Location, Trace, widest

_BOUNDS = {"Tanh": (-1.0, 1.0), "Sigmoid": (0.0, 1.0), "Softmax": (0.0, 1.0)}


class Looks:
    """The rounds that are remembered, oldest first."""

    rounds: Sequence[Trace]
    loose: Sequence[Likeness]  # while noise or augmentation lay between G and D

    @property
    def activation(self) -> str:
        """G's last activation, as last seen; "" while unknown."""
        return next((seen.activation for seen in reversed(self.rounds) if seen.activation), "")

    def reach(self) -> tuple[float, float] | None:
        """What G's last activation lets D see; None where it is unbounded or cannot be told."""
        seen = next((seen for seen in reversed(self.rounds) if seen.activation), None)
        bounds = None if seen is None else _BOUNDS.get(seen.activation)
        if seen is None or bounds is None:
            return None
        if self.loose:  # the data that were kept have gone through it, too
            return widest(bounds, self.loose)
        if seen.affine is None:
            return None
        scale, shift = seen.affine
        return bounds[0] * scale + shift, bounds[1] * scale + shift

    @property
    def reach_is_exact(self) -> bool:
        """Whether D sees G's output by scale and shift alone."""
        return bool(self.rounds) and not self.loose and self.rounds[-1].affine is not None

    def values(self, pick: Callable[[Trace], float | None], last: int = 24) -> list[float]:
        """A number of each of the last rounds that have it."""
        found = (pick(seen) for seen in list(self.rounds)[-last:])
        return [value for value in found if value is not None]

    def median(self, pick: Callable[[Trace], float | None], last: int = 24) -> float | None:
        """Its median; None where it was never measured."""
        values = self.values(pick, last)
        return statistics.median(values) if values else None

    def share(
        self, holds: Callable[[Trace], bool], where: Callable[[Trace], bool] = lambda _: True
    ) -> tuple[float, int]:
        """The share of rounds in which something holds, and of how many."""
        chosen = [holds(seen) for seen in self.rounds if where(seen)]
        return (sum(chosen) / len(chosen), len(chosen)) if chosen else (0.0, 0)

    def where(self, *names: str) -> Location | None:
        """The newest known line of one of these."""
        for name in names:
            for seen in reversed(self.rounds):
                if name in seen.where:
                    return seen.where[name]
        return None

    def target(self, name: str) -> float | None:
        """The median target of one kind of sample in one player's loss."""
        return self.median(lambda seen: seen.targets.get(name))

    def contracts(self, name: str) -> set[tuple[str, str]]:
        """How D's output enters a loss, in any round."""
        return {pair for seen in self.rounds for pair in seen.contracts.get(name, [])}

    @property
    def linear(self) -> bool:
        """Whether D's own loss is linear in its output wherever that entered it."""
        pairs = self.contracts("d real") | self.contracts("d fake")
        return bool(pairs) and all(contract == "linear" for contract, _ in pairs)

    @property
    def penalised(self) -> bool:
        """Whether D's loss held a gradient penalty of any form."""
        return any(seen.penalties or seen.penalised for seen in self.rounds)


def sign(values: Iterable[float]) -> int:
    """+1 or -1 where at least four of five agree, else 0."""
    known = [value for value in values if value != 0 and math.isfinite(value)]
    if len(known) < 3:
        return 0
    up = sum(value > 0 for value in known) / len(known)
    return 1 if up >= 0.8 else -1 if up <= 0.2 else 0
