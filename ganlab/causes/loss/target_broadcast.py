"""[B] against [B, 1]: a B x B table."""

from __future__ import annotations

from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, looks, script
from ganlab.causes.suspect import Suspect


class TargetBroadcast(Cause):
    """Every output is pulled to every target, so D can only learn their mean."""

    slug = "target-broadcast"
    doc = "target [B] against output [B,1]: the loss averages over a B x B table"
    source = "PyTorch, broadcasting semantics"
    formula = """
        a script  the loss averages over B x B numbers where D made B, in >= {share}
                  of >= {rounds} rounds (harm: targets that differ within a batch)
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})

    def __init__(self, *, share: float = 0.5, rounds: int = 3) -> None:
        self.share = share  # of the rounds in which D's output enters a loss
        self.rounds = rounds  # of those that are enough

    def _seen(self, history: History) -> Suspect | None:
        share, count = history.share(
            lambda seen: seen.batch_wide, lambda seen: bool(seen.contracts)
        )
        if count < self.rounds or share < self.share:
            return None
        harms = any(seen.targets_differ for seen in history.rounds)
        size = _table(history)
        return Suspect(
            self.slug,
            0.95,
            (
                f"The loss compared a table of {size} x {size} numbers, where D made {size} "
                "outputs: [B] met [B, 1] and was broadcast.",
                "Every output is pulled to every target, so D can only learn their mean."
                if harms
                else "All targets of a batch were equal, so the mean over the table is still "
                "right.",
            ),
            fix="Give both one shape: D(x).view(-1) against target [B], or target.unsqueeze(1).",
            location=history.where("d loss made", "g loss made", "d loss", "g loss"),
            checked="D's output has one number a sample, so no table was meant.",
            harm="certain" if harms else "none",
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        fits = {"contracts": {"d real": [("mse", "")]}, "shapes": {"d real": [(32, 1)]}}
        table = {**fits, "shapes": {"d real": [(32, 32)]}, "batch_wide": True}
        return (
            Specimen("one shape", script(rounds=looks(12, **fits))),
            Specimen("a table, mixed targets",
                     script(rounds=looks(12, **table, targets_differ=True)), 0.95),
            Specimen("a table, all targets equal", script(rounds=looks(12, **table)), 0.95, "none"),
            Specimen("near miss: a table in a third of the rounds",
                     script(rounds=looks(4, **table) + looks(8, **fits))),
            Specimen("near miss: two rounds", script(rounds=looks(2, **table))),
        )  # fmt: skip


def _table(history: History) -> int:
    """Rows of the first one."""
    return next(
        shape[0]
        for seen in history.rounds
        if seen.batch_wide
        for shapes in seen.shapes.values()
        for shape in shapes
        if len(shape) == 2 and shape[0] == shape[1]
    )
