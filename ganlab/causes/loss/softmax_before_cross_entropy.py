"""Softmax, then a loss that takes its own logarithm of it, or none at all."""

from __future__ import annotations

from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, looks, script
from ganlab.causes.suspect import Suspect


class SoftmaxBeforeCrossEntropy(Cause):
    """With ten classes the loss cannot fall below 1.461."""

    slug = "softmax-before-cross-entropy"
    doc = "softmax, then a loss that expects logits"
    source = "PyTorch-GAN #84, PR #98"
    formula = """
        a script  log softmax(softmax(l)), or a softmax where a log-softmax is
                  expected, in >= {rounds} rounds: with ten classes the loss is at
                  least log(1 + 9 / e) = 1.461
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})

    def __init__(self, *, rounds: int = 3) -> None:
        self.rounds = rounds  # that are enough

    def _seen(self, history: History) -> Suspect | None:
        classes = [name for seen in history.rounds for name in seen.classes]
        twice = [name for name in classes if name in ("LogSoftmax<Softmax", "LogSoftmax<Sigmoid")]
        found = twice or [name for name in classes if name in ("Softmax", "Sigmoid")]
        if not found or len(history.rounds) < self.rounds:
            return None
        return Suspect(
            self.slug,
            0.92,
            (
                f"{len(found)} times a {'softmax' if 'Softmax' in found[0] else 'sigmoid'} output "
                "went "
                + ("into cross-entropy, which takes a softmax of its own."
                   if twice else "into NLLLoss, which expects log-probabilities."),
                "With ten classes the loss cannot fall below 1.461.",
            ),
            fix="Remove the Softmax from the class head and keep CrossEntropyLoss.",
            location=history.layer_of_d("last Softmax", "d loss", "g loss"),
            checked="The graph was read node by node.",
            source=self.source,
        )  # fmt: skip

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        twice = looks(classes=["LogSoftmax<Softmax"])
        return (
            Specimen("no classes", script()),
            Specimen("softmax, then cross-entropy", script(rounds=twice), 0.92),
            Specimen("softmax into NLLLoss", script(rounds=looks(classes=["Softmax"])), 0.92),
            Specimen("near miss: log-softmax once", script(rounds=looks(classes=["LogSoftmax"]))),
            Specimen("near miss: two rounds", script(rounds=twice[:2])),
        )
