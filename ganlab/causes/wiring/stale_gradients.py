"""Gradients of an earlier backward reach a step: they were not zeroed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, looks, script
from ganlab.causes.suspect import Suspect, weightiest
from ganlab.causes.trace import PLAYERS, Player


class StaleGradients(Cause):
    """A step follows what was meant for another one, or two losses that cancel."""

    slug = "stale-gradients"
    doc = "gradients of an earlier backward reach a step: they were not zeroed"
    source = "PyTorch, Optimizer.zero_grad"
    formula = """
        a script  a player still holds gradients as its backward begins in >= {share}
                  of >= {rounds} rounds and steps in as many (told as well: a
                  norm > {grown} * its first); or one backward pulls D(G(z)) both ways
                  through both networks
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})

    def __init__(self, *, rounds: int = 4, share: float = 0.8, grown: float = 3.0) -> None:
        self.rounds = rounds  # that are enough
        self.share = share  # of the rounds with a loss of the player's
        self.grown = grown  # gradient norm over the first one that is worth a word

    def _seen(self, history: History) -> Suspect | None:
        found = (self._left(history, player) for player in PLAYERS)
        return weightiest(filter(None, (self._torn(history), *found)))

    def _torn(self, history: History) -> Suspect | None:
        """Both players' losses in one backward, each reaching both."""
        share, count = history.share(lambda seen: seen.torn, lambda seen: bool(seen.reaches))
        if count < self.rounds or share < self.share:
            return None
        return Suspect(
            self.slug,
            0.85,
            (
                f"In {share:.0%} of {count} rounds one backward pulled D(G(z)) up for G and down "
                "for D, and both pulls reached both networks: they cancel.",
            ),
            fix="Detach the fakes in D's loss and go backward separately, zeroing in between: "
            "d_loss.backward(); opt_d.step(); opt_g.zero_grad(); g_loss.backward(); opt_g.step().",
            location=history.where("g loss", "d loss"),
            checked="With detached fakes, or a frozen D for G's loss, one backward would be fine.",
            source="Goodfellow et al. 2014 (arXiv:1406.2661), algorithm 1",
        )

    def _left(self, history: History, player: Player) -> Suspect | None:
        """What was there when the player's loss went backward."""
        share, count = history.share(
            lambda seen: player in seen.left_over,
            lambda seen: seen.counts.get(f"{player} losses", 0) > 0,
        )
        few = count < self.rounds or share < self.share
        if few or history.made_of.optimiser(player) is None or self._accumulates(history, player):
            return None
        from_other, _ = history.share(
            lambda seen: player in seen.left_by, lambda seen: player in seen.left_over
        )
        foreign = from_other > 0.5
        name, opponent = player.upper(), "D" if player == "g" else "G"
        by = f"{opponent}'s backward" if foreign else f"{name}'s own earlier steps"
        detach = " (and detach the fakes in D's loss)." if player == "g" and foreign else "."
        return Suspect(
            self.slug,
            0.94,
            (
                f"In {share:.0%} of {count} rounds {name} still held gradients when the backward "
                f"of its loss began; they come from {by} and reach {name}'s step.",
                *self._growth(history, player),
            ),
            fix=f"Call optimizer_{name}.zero_grad() right before the backward of {name}'s loss"
            + detach,
            location=history.where(f"{player} loss"),
            checked="Gradient accumulation was looked for: the optimiser steps in every round.",
            source=self.source,
            # What G's loss leaves in D has been seen to do no harm, what is never zeroed has not.
            harm="likely" if player == "d" and foreign else "certain",
        )

    def _growth(self, history: History, player: Player) -> Iterator[str]:
        norms = [max(seen.norms[player]) for seen in history.rounds if seen.norms.get(player)]
        if len(norms) >= 8 and norms[0] > 0 and norms[-1] > self.grown * norms[0]:
            yield (f"{player.upper()}'s gradient norm grew from {norms[0]:.3g} to {norms[-1]:.3g}.")

    def _accumulates(self, history: History, player: Player) -> bool:
        """Whether the player steps in fewer rounds than it goes backward."""
        rounds = [seen for seen in history.rounds if seen.counts.get(f"{player} losses", 0)]
        stepped = sum(seen.counts.get(f"{player} steps", 0) > 0 for seen in rounds)
        return stepped < self.share * len(rounds)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        counts = {"d losses": 1, "d steps": 1}

        def left(rounds: int = 12, **seen: Any) -> History:
            return script(rounds=looks(rounds, **{"left_over": {"d"}, "counts": counts} | seen))

        torn = looks(torn=True, reaches={"g loss to g": True})
        apart = tuple(replace(seen, torn=False) for seen in torn)
        return (
            Specimen("zeroed before each loss", left(left_over=set())),
            Specimen("D's are never zeroed", left(), 0.94),
            Specimen("D holds what G's loss has left", left(left_by={"d"}), 0.94, "likely"),
            Specimen("near miss: three rounds", left(3)),
            Specimen("near miss: they are gathered on purpose", left(counts={"d losses": 1})),
            Specimen("one backward that pulls both ways", script(rounds=torn), 0.85),
            Specimen("near miss: torn now and then", script(rounds=torn[:6] + apart[6:])),
        )
