"""A gradient penalty whose norm is not each sample's own, or whose points are not between two."""

from __future__ import annotations

import statistics
from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, looks, script
from ganlab.causes.suspect import Suspect, weightiest


class GradientPenaltyNorm(Cause):
    """A norm over part of a sample's dimensions or over the whole batch; points mixed by pixel."""

    slug = "gradient-penalty-norm"
    doc = "the penalty's norm is not taken per sample over all its dimensions"
    source = "Gulrajani et al. 2017 (arXiv:1704.00028)"
    formula = """
        a script  the norm is not over all dimensions but the first, in the last
                  of >= {rounds} penalties; or the share of real in its points
                  deviates within a sample by >= {uneven}
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})

    def __init__(self, *, rounds: int = 3, uneven: float = 0.05) -> None:
        self.rounds = rounds  # with a penalty, that are enough
        self.uneven = uneven  # deviation of the mixture's share within a sample

    def _seen(self, history: History) -> Suspect | None:
        return weightiest(filter(None, (self._norm(history), self._mixture(history))))

    def _norm(self, history: History) -> Suspect | None:
        found = [penalty for seen in history.rounds for penalty in seen.penalties]
        if len(found) < self.rounds:
            return None
        shape, dims, norm, _ = found[-1]
        if len(shape) < 2 or set(dims) == set(range(1, len(shape))):
            return None
        whole = not dims or set(dims) == set(range(len(shape)))
        if whole and len(shape) == 2 and shape[0] == 1:
            return None
        said = f"over dimension {', '.join(map(str, dims))} only"
        return Suspect(
            self.slug,
            0.92,
            (
                "The penalty takes the norm of a gradient of shape "
                f"{'x'.join(map(str, shape))} {'over the whole batch at once' if whole else said}; "
                f"its mean is {norm:.3g}.",
                "Each sample's own gradient norm, over all its numbers, is what has to be 1.",
            ),
            fix="gradients = gradients.view(len(gradients), -1) before gradients.norm(2, dim=1).",
            location=history.where("d loss made", "d loss"),
            checked="Read off the graph: the shape that entered the norm and the dimensions it was "
            "taken over.",
            source=self.source,
            harm="likely",
        )

    def _mixture(self, history: History) -> Suspect | None:
        """Points that were mixed pixel by pixel."""
        found = [seen.uneven for seen in history.rounds if seen.uneven is not None]
        if len(found) < self.rounds or statistics.median(found) < self.uneven:
            return None
        return Suspect(
            self.slug,
            0.5,
            (
                "The penalty's points lie between real and generated samples by a share that "
                f"differs within a sample (deviation {statistics.median(found):.2f}): it is drawn "
                "for each number instead of each sample.",
            ),
            fix="alpha = torch.rand(len(real), 1, 1, 1), or (len(real), 1) for vectors.",
            location=history.where("d loss made", "d loss"),
            checked="The share was computed back from the samples themselves.",
            source="hwalsuklee/tensorflow-generative-model-collections #17",
            harm="unclear",
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        def penalty(*dims: int, shape: tuple[int, ...] = (64, 1, 28, 28), rounds: int = 12
                    ) -> History:  # fmt: skip
            return script(rounds=looks(rounds, penalties=[(shape, dims, 0.4, 10.0)]))

        return (
            Specimen("over all of a sample", penalty(1, 2, 3)),
            Specimen("over the channel only", penalty(1), 0.92, "likely"),
            Specimen("over the whole batch", penalty(), 0.92, "likely"),
            Specimen("near miss: a flattened gradient", penalty(1, shape=(64, 784))),
            Specimen("near miss: the whole of a batch of one", penalty(shape=(1, 784))),
            Specimen("near miss: two rounds", penalty(1, rounds=2)),
            Specimen("mixed pixel by pixel", script(rounds=looks(uneven=0.29)), 0.5, "unclear"),
            Specimen("near miss: mixed by sample, in float32", script(rounds=looks(uneven=1e-3))),
        )
