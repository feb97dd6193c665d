"""A network trains in eval mode."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.build import Layer
from ganlab.causes.history import History
from ganlab.causes.specimen import D, G, Specimen, looks, normalised, script
from ganlab.causes.suspect import Suspect, weightiest
from ganlab.causes.trace import PLAYERS, Player


class EvalMode(Cause):
    """Dropout is off, and running statistics stand in for the batch's."""

    slug = "eval-mode"
    doc = "a network trains in eval mode (dropout off, running statistics used)"
    source = "PyTorch, Module.eval"
    formula = """
        a script  eval mode in >= {share} of >= {rounds} rounds in which the network
                  ran for training
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})

    def __init__(self, *, share: float = 0.8, rounds: int = 4) -> None:
        self.share = share  # of the rounds in which the network ran for training
        self.rounds = rounds  # of those that are enough

    def _seen(self, history: History) -> Suspect | None:
        return weightiest(
            suspect for player in PLAYERS if (suspect := self._of(history, player)) is not None
        )

    def _of(self, history: History, player: Player) -> Suspect | None:
        share, count = history.share(
            lambda seen: not seen.modes[player], lambda seen: player in seen.modes
        )
        if count < self.rounds or share < self.share:
            return None
        network = history.made_of.of(player)
        batch = len(network.batch_norms)
        return Suspect(
            self.slug,
            0.9 if batch else 0.5,
            (
                f"{player.upper()} was in eval mode in {share:.0%} of {count} training rounds "
                f"looked at; it has {batch} batch-norm and {len(network.layers) - batch} dropout "
                "layers.",
            ),
            fix=f"Call {player.upper()}.train() before the loop, and again after sampling with "
            "eval().",
            location=history.where("g call" if player == "g" else "d real"),
            checked="Only passes that belong to a training step count."
            if network.layers
            else "Without batch norm or dropout the mode changes nothing.",
            # With other statistics G learns slower than its samples show: 6 classes where 10 were.
            harm="certain" if batch else "unclear",
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        resting = looks(modes={"g": False, "d": True})
        working = looks(modes={"g": True, "d": True})
        dropping = replace(D, layers=(Layer("dropout", training=False),))
        return (
            Specimen("both in training mode", script(g=normalised(G), rounds=working)),
            Specimen("G with batch norm in eval mode",
                     script(g=normalised(G, training=False), rounds=resting), 0.9),
            Specimen("D with dropout in eval mode",
                     script(d=dropping, rounds=looks(modes={"d": False})), 0.5, "unclear"),
            Specimen("near miss: every second round",
                     script(g=normalised(G), rounds=resting[::2] + working[::2])),
            Specimen("near miss: a pass or two", script(g=normalised(G), rounds=resting[:3])),
        )  # fmt: skip
