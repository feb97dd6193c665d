"""Fewer latent numbers than the data has directions."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import G, Specimen, script
from ganlab.causes.suspect import Suspect

# Noise that G draws by itself.
_DRAWS = frozenset({"randn", "rand", "randn_like", "rand_like", "normal", "normal_", "dropout"})


class LatentTooSmall(Cause):
    """A curve cannot cover a body of images, however it winds."""

    slug = "latent-too-small"
    doc = "the latent space cannot carry the variety of the data"
    source = "Facco et al. 2017 (doi:10.1038/s41598-017-11873-y)"
    formula = """
        a script  numbers in z <= {size}, and the data vary in >= {directions}
                  directions for each, by the distances of nearest neighbours
    """
    needs: ClassVar[frozenset[str]] = frozenset({"outcome"})

    def __init__(self, *, size: int = 4, directions: float = 3.0) -> None:
        self.size = size  # numbers in z, above which it is not asked
        self.directions = directions  # of the data for each of them

    def _seen(self, history: History) -> Suspect | None:
        outcome = history.outcome
        size, directions = outcome.get("latent", 0), outcome.get("intrinsic", 0.0)
        draws_more = bool(history.made_of.generator.functions & _DRAWS)
        if not 0 < size <= self.size or directions < self.directions * size or draws_more:
            return None
        return Suspect(
            self.slug,
            0.85 if size == 1 else 0.45,
            (
                f"z has {size:g} number{'s' * (size > 1)} for samples of "
                f"{outcome['dimensions']:g}, which vary in about {directions:.0f} directions.",
            ),
            fix="Use 64 to 128 latent numbers for images, and no fewer than the data has "
            "directions.",
            location=history.where("g call"),
            checked="On MNIST a latent of two covered most classes, so two are no failure by "
            "themselves."
            if size > 1
            else "The directions were counted by the distances of nearest neighbours, not in "
            "pixels.",
            source=self.source,
            harm="certain" if size == 1 else "unclear",
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        def drawn(latent: float, intrinsic: float, *functions: str) -> History:
            outcome = {"latent": latent, "intrinsic": intrinsic, "dimensions": 784.0}
            return script(g=replace(G, functions=frozenset(functions)), outcome=outcome)

        return (
            Specimen("64 numbers", drawn(64, 12.0)),
            Specimen("one", drawn(1, 12.0, "linear"), 0.85),
            Specimen("two", drawn(2, 12.0, "linear"), 0.45, "unclear"),
            Specimen("near miss: one for a curve", drawn(1, 1.2)),
            Specimen("near miss: one, and G draws more itself", drawn(1, 12.0, "randn_like")),
        )
