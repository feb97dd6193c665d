"""One of the critic's terms has the wrong sign."""

from __future__ import annotations

from typing import Any, ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.loss.direction import misdirected, pulling
from ganlab.causes.specimen import Specimen, script
from ganlab.causes.suspect import Suspect


class CriticSign(Cause):
    """A critic, or a D that reconstructs, is not taught to tell real from generated."""

    slug = "critic-sign"
    doc = "one of the critic's terms has the wrong sign"
    source = "Goodfellow et al. 2014 (arXiv:1406.2661)"
    formula = """
        a script  sign(-dL_D/dD(x)) = sign(-dL_D/dD(G(z))), or D's signs are turned
                  and G's are not, in >= {rounds} rounds of a critic, a hinge loss, or
                  a D that reconstructs
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})

    def __init__(self, *, rounds: int = 3) -> None:
        self.rounds = rounds  # that are enough

    def _seen(self, history: History) -> Suspect | None:
        found = misdirected(history, self.rounds)
        return found if found is not None and found.cause == self.slug else None

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        def pulled(*ways: float, loss: str = "wgan", **more: Any) -> History:
            rounds = pulling(*ways, **more)
            return script(rounds=rounds, early=rounds, loss=loss)

        return (
            Specimen("a critic", pulled(1, -1, 1)),
            Specimen("both terms up", pulled(1, 1, 1), 0.95),
            Specimen("turned, and G was not", pulled(-1, 1, 1), 0.94),
            Specimen("both errors down", pulled(1, 1, 1, loss="", energy=True), 0.95),
            Specimen("near miss: G's sign alone", pulled(1, -1, -1)),
            Specimen("near miss: labels, not a critic", pulled(1, 1, 1, loss="non_saturating")),
        )
