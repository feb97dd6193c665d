"""A condition that says nothing, changes nothing, or is a class number taken for a quantity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.build import Network
from ganlab.causes.history import History
from ganlab.causes.specimen import G, Specimen, looks, script
from ganlab.causes.suspect import Suspect, weightiest
from ganlab.causes.trace import PLAYERS, Player

_ENCODES = frozenset(
    [
        "embedding",
        "one_hot",
        "scatter_",
        "scatter",
        "eye",
        "eq",
        "index_select",
        "gather",
        "__getitem__",
    ]
)
Condition = tuple[str, float, float, int]  # kind, spread over the batch, largest, numbers a sample


class ConstantCondition(Cause):
    """The condition of a conditional GAN carries no usable class information."""

    slug = "constant-condition"
    doc = "the condition of a conditional GAN carries no usable class information"
    source = "Mirza and Osindero 2014 (arXiv:1411.1784)"
    formula = """
        a script  one condition for all samples in > {same} of >= {passes} passes of a
                  player, or a bare class number > {index} in > {plain} of them, or
                  G(z, c) = G(z, c') on a copy of G
    """
    needs: ClassVar[frozenset[str]] = frozenset({"build"})

    def __init__(
        self, *, passes: int = 8, same: float = 0.95, plain: float = 0.8, index: float = 1.5
    ) -> None:
        self.passes = passes  # of a player that are enough
        self.same = same  # share of them with one condition for all samples
        self.plain = plain  # share of them with a bare class number
        self.index = index  # largest condition, above which it is no indicator of one class

    def _seen(self, history: History) -> Suspect | None:
        stands = next(filter(None, (self._of(history, player) for player in PLAYERS)), None)
        return weightiest(filter(None, (*_ignored(history), stands)))

    def _of(self, history: History, player: Player) -> Suspect | None:
        found = [each for seen in history.rounds for each in seen.conditions.get(player, [])]
        if len(found) < self.passes:
            return None
        constant = sum(spread == 0.0 for _, spread, _, _ in found) / len(found)
        if constant > self.same and len({largest for _, _, largest, _ in found}) == 1:
            return self._constant(history, player, len(found))
        functions = history.made_of.of(player).functions
        encoded = bool(functions & _ENCODES) or not functions
        plain = [each for each in found if self._is_plain(each, encoded)]
        return self._plain(history, player, plain) if self._mostly(plain, found) else None

    def _is_plain(self, condition: Condition, encoded: bool) -> bool:
        kind, _, largest, width = condition
        bare = kind == "whole" or (kind == "index" and not encoded)
        return width == 1 and largest > self.index and bare

    def _mostly(self, plain: list[Condition], found: list[Condition]) -> bool:
        return len(plain) > self.plain * len(found)

    def _constant(self, history: History, player: Player, count: int) -> Suspect:
        return Suspect(
            self.slug,
            0.88,
            (
                f"The condition that {player.upper()} gets is the same for every sample in all "
                f"{count} passes looked at.",
            ),
            fix="Pass each sample's own label (one-hot or embedded) to both networks.",
            location=history.where("g call" if player == "g" else "d real"),
            checked="Compared over samples and over steps.",
        )

    def _plain(self, history: History, player: Player, plain: list[Condition]) -> Suspect:
        return Suspect(
            self.slug,
            0.7,
            (
                f"The condition of {player.upper()} is one plain number a sample, up to "
                f"{max(each[2] for each in plain):g}: a class index used as a quantity.",
            ),
            fix="Use F.one_hot(labels, classes).float() or nn.Embedding(classes, n)(labels).",
            location=history.where("g call" if player == "g" else "d real"),
            checked="It holds whole numbers, is one column wide, and is neither embedded nor "
            "turned into one-hot inside the network.",
            source="Lornatang/conditional_gan PR #7",
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        embedding = replace(G, functions=frozenset({"embedding", "linear"}))
        bare = replace(G, functions=frozenset({"linear"}))

        def given(*condition: str | float, g: Network = embedding, **more: Any) -> History:
            return script(g=g, rounds=looks(conditions={"g": [condition]}), **more)

        return (
            Specimen("an embedded index", given("index", 9.0, 9.0, 1)),
            Specimen("one label for all", given("index", 0.0, 3.0, 1), 0.88),
            Specimen("a bare index", given("index", 9.0, 9.0, 1, g=bare), 0.7),
            Specimen("an embedded one that changes nothing",
                     given("index", 9.0, 9.0, 1, answers={"condition": 0.0}), 0.88),
            Specimen("a label for form's sake", script(
                g=bare, answers={"condition": 0.0}), 0.88, "none"),
            Specimen("near miss: 0 or 1", given("whole", 1.0, 1.0, 1, g=bare)),
            Specimen("near miss: it changes a little",
                     given("index", 9.0, 9.0, 1, answers={"condition": 1e-4})),
        )  # fmt: skip


def _ignored(history: History) -> Iterator[Suspect]:
    """Classes that G is given and that change nothing in its samples."""
    if history.answers.get("condition") != 0.0:
        return
    encoded = bool(history.made_of.generator.functions & _ENCODES)
    yield Suspect(
        "constant-condition",
        0.88,
        (
            "On a copy of G the classes were exchanged between samples: not one number of the "
            "samples changed.",
        ),
        fix="Follow the label through G's forward: scatter without its underscore, for one, "
        "returns the one-hot table instead of filling it.",
        location=history.where("g call"),
        checked="G's forward encodes the label, so it is meant to count."
        if encoded
        else "G's forward does nothing with the label: it may be given for form's sake.",
        source="Mirza and Osindero 2014 (arXiv:1411.1784)",
        harm="certain" if encoded else "none",
    )
