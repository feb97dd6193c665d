"""A normalisation layer as the last thing before G's output or D's score."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, looks, script
from ganlab.causes.suspect import Suspect, weightiest
from ganlab.causes.trace import PLAYERS, Player, Span

_WORDS = ("BatchNorm", "LayerNorm", "GroupNorm", "InstanceNorm")


class NormBeforeOutput(Cause):
    """It gives every batch one mean and deviation, whatever the network has to say."""

    slug = "norm-before-output"
    doc = "a normalisation layer right before the output activation"
    source = "Radford et al. 2016 (arXiv:1511.06434)"
    formula = """
        a script  a normalisation is the last layer of a player in >= {share} of the
                  rounds and >= {rounds} (sure: D's outputs narrower than {same}
                  in >= {spans} batches)
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})

    def __init__(
        self, *, share: float = 0.8, rounds: int = 3, same: float = 1e-4, spans: int = 6
    ) -> None:
        self.share = share  # of the rounds in which the last layer is known
        self.rounds = rounds  # with a normalisation there that are enough
        self.same = same  # width of D's outputs below which D says nothing
        self.spans = spans  # batches of outputs that are enough to say so

    def _seen(self, history: History) -> Suspect | None:
        return weightiest(
            suspect for player in PLAYERS if (suspect := self._of(history, player)) is not None
        )

    def _of(self, history: History, player: Player) -> Suspect | None:
        norm = self._last(history, player)
        if norm is None:
            return None
        name = player.upper()
        word = next((text for text in _WORDS if text in norm), "Norm")
        lines = history.made_of.of(player).lines
        blank = player == "d" and self._says_nothing(history)
        harm = "forces every batch of samples to one mean and deviation."
        if player == "d":
            harm = "removes from a batch of scores just what D has to say."
        return Suspect(
            self.slug,
            0.9 if blank else 0.75,
            (
                f"The last layer of {name} before its output is a {word}: it {harm}",
                *(("D's output is the same for every sample.",) if blank else ()),
            ),
            fix=f"Remove the normalisation after {name}'s last linear or convolutional layer.",
            location=lines.get(f"last {word}") or lines.get(word),
            checked="Read off the graph of the output, so the order of registration does not "
            "matter.",
            source=self.source,
            harm="certain" if blank else "likely",
        )

    def _last(self, history: History, player: Player) -> str | None:
        """The kind of normalisation that is the player's last layer in most rounds."""
        kinds = [seen.lasts[player] for seen in history.rounds if seen.lasts.get(player)]
        norms = [kind for kind in kinds if "Norm" in kind and "Vector" not in kind]
        enough = max(self.rounds, self.share * len(kinds))
        return norms[-1] if len(norms) >= enough else None

    def _says_nothing(self, history: History) -> bool:
        spans = [span for seen in history.rounds for span in seen.outputs.values()]
        return len(spans) >= self.spans and all(s.high - s.low < self.same for s in spans)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        linear = looks(lasts={"g": "Addmm", "d": "Addmm"})
        of_d = looks(lasts={"d": "NativeBatchNorm"})
        blank = tuple(replace(seen, outputs={"real": Span(0.1, 0.1, 0.1, 0.0)}) for seen in of_d)
        seldom = looks(5, lasts={"g": "NativeLayerNorm"}) + looks(7, lasts={"g": "Addmm"})
        return (
            Specimen("linear layers last", script(rounds=linear)),
            Specimen("batch norm last in G",
                     script(rounds=looks(lasts={"g": "NativeBatchNorm"})), 0.75, "likely"),
            Specimen("batch norm last in D", script(rounds=of_d), 0.75, "likely"),
            Specimen("and D says the same of all", script(rounds=blank), 0.9),
            Specimen("near miss: the norm of a vector",
                     script(rounds=looks(lasts={"d": "LinalgVectorNorm"}))),
            Specimen("near miss: in fewer than half of the rounds", script(rounds=seldom)),
        )  # fmt: skip
