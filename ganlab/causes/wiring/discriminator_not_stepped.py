"""D's optimiser never steps."""

from __future__ import annotations

from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, script
from ganlab.causes.suspect import Suspect
from ganlab.causes.wiring.stepping import never_stepped, resting


class DiscriminatorNotStepped(Cause):
    """G learns from a D that stays as it was made."""

    slug = "discriminator-not-stepped"
    doc = "D's optimiser never steps"
    source = "PyTorch, Optimizer.step"
    formula = """
        a script  steps of D's own optimiser = 0, of G's >= {others}, in >= {rounds}
                  rounds
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})

    def __init__(self, *, others: int = 8, rounds: int = 4) -> None:
        self.others = others  # steps of G's optimiser that are enough
        self.rounds = rounds  # looked at that are enough

    def _seen(self, history: History) -> Suspect | None:
        return never_stepped(history, "d", self.slug, self.others, self.rounds)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return (
            Specimen("both step", script()),
            Specimen("D's never does", resting("d"), 0.97),
            Specimen("near miss: seven steps of G", resting("d", others=7)),
            Specimen("near miss: three rounds", resting("d", rounds=3)),
        )
