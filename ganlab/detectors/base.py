"""What every detector is: thresholds from its constructor, O(1) state, observations in."""

from __future__ import annotations

import math
import statistics
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable, Set
from typing import ClassVar

from ganlab.detectors.specimen import Specimen
from ganlab.finding import Finding
from ganlab.observation import Facts, Observation


class Detector(ABC):
    """Reads observations in order and says what stands at each.

    `needs` names metrics and facts without which nothing can be said; where a user's loop lacks
    one, the panel leaves the detector out.
    """

    name: ClassVar[str]
    doc: ClassVar[str]
    source: ClassVar[str]
    formula: ClassVar[str]  # plain text; {name} stands for that threshold's value
    needs: ClassVar[frozenset[str]]
    good_news: ClassVar[bool] = False  # its finding is a notice, and the best there is
    forgets: ClassVar[frozenset[str]] = frozenset()  # facts whose change makes the past worthless

    def __init__(self) -> None:
        self.facts: Facts = {}
        self.standing: Finding | None = None
        self._reset()

    @abstractmethod
    def _reset(self) -> None:
        """Forgets everything but the thresholds and the facts."""

    @abstractmethod
    def _judge(self, observation: Observation) -> Finding | None:
        """The finding that stands at this observation."""

    @staticmethod
    @abstractmethod
    def specimens() -> tuple[Specimen, ...]:
        """Calm, sick and near-miss streams: the detector's specification."""

    def lacks(self, measured: Set[str]) -> frozenset[str]:
        """What the detector needs and nobody has measured."""
        return self.needs - measured

    def inform(self, observation: Observation) -> None:
        """Takes note of facts without judging."""
        if observation.facts is not None:
            self._take(observation.facts)

    def update(self, observation: Observation) -> Finding | None:
        """The finding that stands after this observation, or None.

        What is not proven by this very observation can stand on, but it cannot open.
        """
        self.inform(observation)
        self.standing = self._first(observation.step, self._judge(observation))
        return self.standing

    def _first(self, step: int, *found: Finding | None) -> Finding | None:
        """The first that this step proves, or that stood before with the same severity."""
        old = self.standing
        for new in filter(None, found):
            if new.step == step or (
                old and (new.symptom, new.severity) == (old.symptom, old.severity)
            ):
                return new
        return None

    def _take(self, facts: Facts) -> None:
        before, self.facts = self.facts, facts
        if before and any(before.get(name) != facts.get(name) for name in self.forgets):
            self._reset()

    @property
    def of_points(self) -> bool:
        """Whether samples are points on a line, in a plane or in space; unknown ones are not."""
        return self.facts.get("dimensions", 784) <= 3

    def warm_up(self, shortest: float = 200.0) -> float:
        """Steps before which a young run is not judged: 200, or a quarter of an epoch."""
        return max(shortest, 0.25 * self.facts.get("epoch_steps", 0.0))


_FEWEST = 5  # values that a window keeps however far apart they lie


class Window:
    """The values of the last `steps` steps: at least five of them, at most 512."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self._entries: deque[tuple[int, float]] = deque(maxlen=512)

    def add(self, step: int, value: float) -> None:
        """Takes a value; forgets those older than the window."""
        self._entries.append((step, value))
        while len(self._entries) > _FEWEST and self._entries[0][0] <= step - self.steps:
            self._entries.popleft()

    @property
    def values(self) -> list[float]:
        """The values in order."""
        return [value for _, value in self._entries]

    @property
    def full(self) -> bool:
        """Whether there are enough values, over at least 80 % of the window."""
        if len(self._entries) < _FEWEST:
            return False
        return self._entries[-1][0] - self._entries[0][0] >= 0.8 * self.steps - 1

    @property
    def spacing(self) -> float:
        """Mean steps between two values; 0 for fewer than two."""
        if len(self._entries) < 2:
            return 0.0
        return (self._entries[-1][0] - self._entries[0][0]) / (len(self._entries) - 1)

    @property
    def spread(self) -> float:
        """The largest less the smallest; NaN when empty, or where a value is."""
        values = self.values
        return max(values) - min(values) if values and self._ordered else math.nan

    @property
    def _ordered(self) -> bool:
        return not any(math.isnan(value) for _, value in self._entries)

    def median(self) -> float:
        """The median; NaN when empty, or where a value is: it has no place in the order."""
        return statistics.median(self.values) if self._entries and self._ordered else math.nan

    def share(self, condition: Iterable[bool]) -> float:
        """The share of true entries of a list made from `values`."""
        flags = list(condition)
        return sum(flags) / len(flags) if flags else 0.0


class Hold:
    """True once a condition has held `on` steps, until it has not held for `off` steps."""

    def __init__(self, on: int, off: int) -> None:
        self.on, self.off = on, off
        self.active = False
        self.since: int | None = None  # step from which the condition has differed from `active`

    def update(self, step: int, condition: bool) -> bool:
        """Takes the condition at a step; says whether the alarm stands."""
        if condition == self.active:
            self.since = None
            return self.active
        if self.since is None:
            self.since = step
        if step - self.since >= (self.off if self.active else self.on):
            self.active, self.since = condition, None
        return self.active


class Lasting:
    """A finding that opens once proven for `on` steps, until it has not been for `off` steps.

    It is made anew with each proof, and kept as it was while there is none: what it says was
    true when it was last proven.
    """

    def __init__(self, on: int, off: int) -> None:
        self._hold = Hold(on, off)
        self._proven: Finding | None = None

    @property
    def standing(self) -> Finding | None:
        """The finding that stands, as it was last proven."""
        return self._proven if self._hold.active else None

    def update(self, step: int, proven: Finding | None) -> Finding | None:
        """Takes the finding that the step proves, if it does; says which stands."""
        if proven is not None:
            self._proven = proven
        self._hold.update(step, proven is not None)
        return self.standing
