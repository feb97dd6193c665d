"""The graph from G's loss to G is cut."""

from __future__ import annotations

from typing import Any, ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, looks, script
from ganlab.causes.suspect import Suspect


class GeneratorDetached(Cause):
    """G's loss is computed, and reaches none of G's parameters."""

    slug = "generator-detached"
    doc = "the graph from G's loss to G is cut"
    source = "image2reverb #37"
    formula = """
        a script  G's loss leads back to no parameter of G in > {share} of >= {rounds}
                  rounds, or G steps without a gradient in as many
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})

    def __init__(self, *, rounds: int = 4, share: float = 0.9) -> None:
        self.rounds = rounds  # that are enough
        self.share = share  # of them in which G is not reached, or finds no gradient

    def _seen(self, history: History) -> Suspect | None:
        share, count = history.share(
            lambda seen: not seen.reaches["g loss to g"], lambda seen: "g loss to g" in seen.reaches
        )
        empty, steps = history.share(
            lambda seen: not any(seen.norms["g"]), lambda seen: bool(seen.norms.get("g"))
        )
        unreached = count >= self.rounds and share > self.share
        silent = steps >= self.rounds and empty > self.share and _fakes_alone(history)
        if not (unreached or silent):
            return None
        looked = max(count, steps)
        return Suspect(
            self.slug,
            0.95,
            (
                f"In {looked} of {looked} steps of G looked at, the graph of G's loss reached none "
                "of G's parameters.",
                "G's optimiser found no gradient.",
            ),
            fix="In G's step score the samples themselves: remove .detach(), .data, "
            "torch.no_grad() or a trip through numpy between G's output and D.",
            location=history.where("g loss made", "g loss", "g step", "d fake"),
            checked="The samples' values do come from G: only the way back is missing.",
            source=self.source,
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        def reached(way: bool, rounds: int = 12, **seen: Any) -> History:
            return script(rounds=looks(rounds, reaches={"g loss to g": way}, **seen))

        return (
            Specimen("G is reached", reached(True)),
            Specimen("G is not", reached(False), 0.95),
            Specimen("steps without a gradient",
                     script(rounds=looks(norms={"g": [0.0]}, counts={"d fake": 1})), 0.95),
            Specimen("near miss: a gradient that is zero, on a way that is there",
                     reached(True, norms={"g": [0.0]}, counts={"d fake": 1})),
            Specimen("near miss: three rounds", reached(False, 3)),
        )  # fmt: skip


def _fakes_alone(history: History) -> bool:
    """Whether D saw samples of G, and no loss of G's was seen to reach G."""
    fakes = any(seen.counts.get("d fake", 0) for seen in history.rounds)
    return fakes and not any(seen.reaches.get("g loss to g") for seen in history.rounds)
