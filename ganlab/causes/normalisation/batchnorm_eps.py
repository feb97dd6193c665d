"""A momentum in the place of eps."""

from __future__ import annotations

from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import D, G, Specimen, normalised, script
from ganlab.causes.suspect import Suspect
from ganlab.causes.trace import PLAYERS, Player


class BatchnormEps(Cause):
    """`nn.BatchNorm2d(64, 0.8)`: the second positional argument is eps."""

    slug = "batchnorm-eps"
    doc = "the momentum was passed as eps"
    source = "PyTorch, BatchNorm2d"
    formula = """
        a script  eps >= {large} in x / sqrt(variance + eps)
    """
    needs: ClassVar[frozenset[str]] = frozenset({"build"})

    def __init__(self, *, large: float = 0.01) -> None:
        self.large = large  # eps from which it shrinks the normalised values noticeably

    def _seen(self, history: History) -> Suspect | None:
        found = (self._in(history, player) for player in PLAYERS)
        return next((suspect for suspect in found if suspect), None)

    def _in(self, history: History, player: Player) -> Suspect | None:
        network = history.made_of.of(player)
        layers = [layer for layer in network.batch_norms if layer.eps >= self.large]
        if not layers:
            return None
        eps = layers[0].eps
        return Suspect(
            self.slug,
            0.8,
            (
                f"{len(layers)} batch-norm layers of {player.upper()} have eps={eps:g} (usual: "
                "1e-5): the second positional argument is eps, not momentum.",
            ),
            fix=f"nn.BatchNorm2d(channels, momentum={eps:g}), or leave both out.",
            location=network.lines.get("BatchNorm"),
            checked=f"An eps of {self.large:g} or more shrinks the normalised values noticeably.",
            source=self.source,
            harm="unclear",
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return (
            Specimen("the usual eps", script(g=normalised(G), d=normalised(D))),
            Specimen("0.8 as eps in G", script(g=normalised(G, eps=0.8)), 0.8, "unclear"),
            Specimen("0.8 as eps in D", script(d=normalised(D, eps=0.8)), 0.8, "unclear"),
            Specimen("near miss: a large eps of 1e-3", script(g=normalised(G, eps=1e-3))),
        )
