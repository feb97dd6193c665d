"""What every cause is: thresholds from its constructor, a history in, a suspect out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from ganlab.causes.directions import Directions
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen
from ganlab.causes.suspect import Suspect
from ganlab.finding import Remedy
from ganlab.remedies import Situation

GROUPS: Mapping[str, str] = {  # by folder, in the order in which they are shown
    "data": "Data and range",
    "loss": "Loss contract",
    "wiring": "Wiring",
    "lipschitz": "Lipschitz control",
    "normalisation": "Normalisation and modes",
    "balance": "Balance and hyper-parameters",
}


class Cause(ABC):
    """Says whether it is behind what is known of a run. Keeps nothing between two histories.

    The lab tells its settings, a script's are read off what it does: a cause that both can show has
    one reading for each, with the thresholds of both in one constructor.
    """

    slug: ClassVar[str]  # a public name: add, never rename
    doc: ClassVar[str]  # what is wrong then, in one sentence
    source: ClassVar[str]
    formula: ClassVar[str]  # plain text for each sensor; {name} stands for that threshold's value
    needs: ClassVar[frozenset[str]]  # parts of a script's history without which it says nothing
    # Of the lab: which way a setting or a quantity makes it worse, and what it speaks of, which are
    # settings that a live patch may have changed.
    worse: ClassVar[Directions] = {}
    spoken_of: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def group(cls) -> str:
        """What it belongs to, by its folder."""
        return GROUPS[cls.__module__.split(".")[-2]]

    def explain(self, history: History) -> Suspect | None:
        """The suspect, or None where nothing speaks for this cause."""
        if history.build is None:
            return self._told(history)
        if not all(getattr(history, part) for part in self.needs):
            return None
        return self._seen(history)

    def _told(self, history: History) -> Suspect | None:
        """By the settings and symptoms of a run of the lab."""
        return None

    def _seen(self, history: History) -> Suspect | None:
        """By what a script was seen to do."""
        return None

    @staticmethod
    def cures(situation: Situation) -> tuple[Remedy, ...]:
        """What to change in the lab, the likeliest first: it takes away what the cause rests on."""
        return ()

    @staticmethod
    @abstractmethod
    def specimens() -> tuple[Specimen, ...]:
        """Calm, sick and near-miss histories: the cause's specification."""
