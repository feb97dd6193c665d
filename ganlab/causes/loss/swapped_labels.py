"""D is taught that fakes are real, or reals fake."""

from __future__ import annotations

from typing import Any, ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.loss.direction import misdirected, pulling
from ganlab.causes.specimen import Specimen, script
from ganlab.causes.suspect import Suspect


class SwappedLabels(Cause):
    """D's targets contradict each other, or G's aim."""

    slug = "swapped-labels"
    doc = "D is taught that fakes are real, or reals fake"
    source = "Goodfellow et al. 2014 (arXiv:1406.2661)"
    formula = """
        a script  sign(-dL_D/dD(x)) = sign(-dL_D/dD(G(z))), or D's signs are turned
                  and G's are not, in >= {rounds} rounds of a loss on labels
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})

    def __init__(self, *, rounds: int = 3) -> None:
        self.rounds = rounds  # that are enough

    def _seen(self, history: History) -> Suspect | None:
        found = misdirected(history, self.rounds)
        return found if found is not None and found.cause == self.slug else None

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        def pulled(*ways: float, **more: Any) -> History:
            rounds = pulling(*ways)
            return script(**{"rounds": rounds, "early": rounds, "loss": "non_saturating"} | more)

        return (
            Specimen("a game", pulled(1, -1, 1)),
            Specimen("both up", pulled(1, 1, 1), 0.95),
            Specimen("turned in D alone", pulled(-1, 1, 1), 0.94),
            Specimen("near miss: turned by both players", pulled(-1, 1, -1)),
            Specimen("near miss: it is a critic's sign", pulled(1, 1, 1, loss="wgan")),
            Specimen("near miss: two rounds", pulled(1, 1, 1, rounds=pulling(1, 1, 1)[:2])),
        )
