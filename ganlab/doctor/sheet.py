"""What was seen of a pair, round by round: the rules' only source."""

from __future__ import annotations

import math
import statistics
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ganlab.doctor.cast import Cast
from ganlab.doctor.geometry import Likeness, widest
from ganlab.doctor.seen import Seen
from ganlab.doctor.tape import Owner, Recorder
from ganlab.doctor.words import Location, Player

_KEPT = 80  # rounds
_FIRST = 24
_LOOSE = 200  # rounds with noise or augmentation that are remembered
_BOUNDS = {"Tanh": (-1.0, 1.0), "Sigmoid": (0.0, 1.0), "Softmax": (0.0, 1.0)}


class Sheet:
    """All rounds that were looked at, and what does not change."""

    def __init__(self, recorder: Recorder, cast: Cast, owners: dict[Player, list[int]]) -> None:
        self.recorder, self.cast, self.owners = recorder, cast, owners
        self.rounds: deque[Seen] = deque(maxlen=_KEPT)
        self.early: list[Seen] = []  # the first rounds, before either player is sure
        self.loose: list[Likeness] = []  # while noise or augmentation lay between G and D
        self.updates = 0  # of G
        self.loss = ""  # family, once it is known
        self.symptoms: dict[str, tuple[str, int, str]] = {}  # slug -> severity, step, summary
        self.outcome: dict[str, float] = {}  # the last probe's measurements
        self.answers: dict[str, Any] = {}  # of experiments on copies
        self.distinct = 0  # real samples seen, each counted once
        self.real_seen = 0
        self.error = ""  # that ended the script

    def owner(self, player: Player) -> Owner | None:
        """The first optimiser that owns the player's parameters."""
        numbers = self.owners[player]
        return self.recorder.owners[numbers[0]] if numbers else None

    @property
    def activation(self) -> str:
        """G's last activation, as last seen; "" while unknown."""
        return next((seen.activation for seen in reversed(self.rounds) if seen.activation), "")

    def reach(self) -> tuple[float, float] | None:
        """What G's last activation lets D see; None where it is unbounded or cannot be told."""
        for seen in reversed(self.rounds):
            if seen.activation:
                bounds = _BOUNDS.get(seen.activation)
                if bounds is None:
                    return None
                if self.loose:  # the data that were kept have gone through it, too
                    return widest(bounds, self.loose)
                if seen.affine is None:
                    return None
                scale, shift = seen.affine
                return bounds[0] * scale + shift, bounds[1] * scale + shift
        return None

    @property
    def reach_is_exact(self) -> bool:
        """Whether D sees G's output by scale and shift alone."""
        return bool(self.rounds) and not self.loose and self.rounds[-1].affine is not None

    def add(self, seen: Seen) -> None:
        """Takes a round."""
        self.rounds.append(seen)
        if seen.loose is not None and len(self.loose) < _LOOSE:
            self.loose.append(seen.loose)
        if len(self.early) < _FIRST:
            self.early.append(seen)

    def values(self, pick: Callable[[Seen], float | None], last: int = 24) -> list[float]:
        """A number of each of the last rounds that have it."""
        found = (pick(seen) for seen in list(self.rounds)[-last:])
        return [value for value in found if value is not None]

    def median(self, pick: Callable[[Seen], float | None], last: int = 24) -> float | None:
        """Its median; None where it was never measured."""
        values = self.values(pick, last)
        return statistics.median(values) if values else None

    def share(
        self, holds: Callable[[Seen], bool], where: Callable[[Seen], bool] = lambda _: True
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

    def prospers(self) -> bool | None:
        """Whether G's samples are varied, on the data and all over it; None before 600 updates."""
        outcome = self.outcome
        needed = ("diversity", "codebook_js_long", "missing_mass", "off_data")
        if self.updates < 600 or not all(name in outcome for name in needed):
            return None
        return (
            0.5 < outcome["diversity"] < 1.5
            and outcome["codebook_js_long"] < 0.15
            and outcome["missing_mass"] < 0.15
            and outcome["off_data"] < 0.6
            and not self.restless()
        )

    def far_off(self) -> bool:
        """Whether G's samples are hardly like the data: as early ones are, or failing ones."""
        outcome = self.outcome
        return "missing_mass" in outcome and (
            outcome["codebook_js_long"] > 0.35
            or outcome["missing_mass"] > 0.5
            or outcome["diversity"] < 0.2
            or outcome["off_data"] > 0.97
        )

    def fails(self) -> bool:
        """Whether they still are after a thousand updates."""
        return self.updates >= 1000 and self.far_off()

    def falls_short(self) -> bool:
        """Whether they do not prosper after a thousand updates."""
        return self.updates >= 1000 and self.prospers() is False

    def starved(self) -> bool:
        """Whether D could not tell, and a copy of it that learned alone could."""
        trial = self.answers.get("burst")
        return trial is not None and bool(trial.starved)

    def restless(self) -> bool:
        """Whether after 1500 updates the samples still jump from mode to mode between probes.

        Healthy pairs stayed under 0.4 and 0.11, at rates that harmed at 0.8 and 0.25 (measured).
        """
        turns, apart = self.outcome.get("mode_turns", 0.0), self.outcome.get("codebook_js", 0.0)
        return self.updates >= 1500 and turns > 0.6 and apart > 0.2

    def target(self, name: str) -> float | None:
        """The median target of one kind of sample in one player's loss."""
        return self.median(lambda seen: seen.targets.get(name))

    def contracts(self, name: str) -> set[tuple[str, str]]:
        """How D's output enters a loss, in any round."""
        return {pair for seen in self.rounds for pair in seen.contracts.get(name, [])}

    def modules(self, player: Player) -> Iterator[Any]:
        """The layers of a player, in order."""
        module = (self.cast.generator if player == "g" else self.cast.discriminator).module
        if module is not None:
            yield from module.modules()


def sign(values: Iterable[float]) -> int:
    """+1 or -1 where at least four of five agree, else 0."""
    known = [value for value in values if value != 0 and math.isfinite(value)]
    if len(known) < 3:
        return 0
    up = sum(value > 0 for value in known) / len(known)
    return 1 if up >= 0.8 else -1 if up <= 0.2 else 0
