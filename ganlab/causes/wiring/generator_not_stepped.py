"""G's optimiser never steps."""

from __future__ import annotations

from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, script
from ganlab.causes.suspect import Suspect
from ganlab.causes.wiring.stepping import never_stepped, resting


class GeneratorNotStepped(Cause):
    """G's losses go backward and move nothing."""

    slug = "generator-not-stepped"
    doc = "G's optimiser never steps"
    source = "PyTorch, Optimizer.step"
    formula = """
        a script  steps of G's own optimiser = 0, of D's >= {others}, in >= {rounds}
                  rounds, G's losses among them
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})

    def __init__(self, *, others: int = 8, rounds: int = 4) -> None:
        self.others = others  # steps of D's optimiser that are enough
        self.rounds = rounds  # looked at that are enough

    def _seen(self, history: History) -> Suspect | None:
        if not any(seen.counts.get("g losses") for seen in history.rounds):
            return None  # D may be trained alone at first
        return never_stepped(history, "g", self.slug, self.others, self.rounds)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return (
            Specimen("both step", script()),
            Specimen("G's never does", resting("g"), 0.97),
            Specimen("near miss: D is trained alone at first", resting("g", losses=0)),
            Specimen("near miss: seven steps of D", resting("g", others=7)),
            Specimen("near miss: three rounds", resting("g", rounds=3)),
        )
