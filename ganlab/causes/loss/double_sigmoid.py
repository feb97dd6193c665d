"""A sigmoid, then a loss on logits."""

from __future__ import annotations

from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, looks, script
from ganlab.causes.suspect import Suspect
from ganlab.causes.trace import Trace

_LOGIT = frozenset({"bce_logits", "softplus"})


class DoubleSigmoid(Cause):
    """Through two sigmoids G's loss can only lie in [0.313, 0.693]."""

    slug = "double-sigmoid"
    doc = "a sigmoid, then a loss that expects logits"
    source = "PyTorch, BCEWithLogitsLoss"
    formula = """
        a script  a sigmoid or softmax between D's last layer and a loss on logits
                  in >= {share} of >= {rounds} rounds: -log sigmoid(sigmoid(l)) is in
                  [0.313, 0.693]
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})

    def __init__(self, *, share: float = 0.8, rounds: int = 3) -> None:
        self.share = share  # of the rounds in which D's output enters a loss
        self.rounds = rounds  # of those that are enough

    def _seen(self, history: History) -> Suspect | None:
        share, count = history.share(_twice, lambda seen: bool(seen.contracts))
        if count < self.rounds or share < self.share:
            return None
        floor = history.median(lambda seen: seen.losses["g"][-1] if seen.losses.get("g") else None)
        return Suspect(
            self.slug,
            0.97,
            (
                f"In {share:.0%} of {count} rounds a sigmoid lies between D's last layer and a "
                "loss that applies its own (BCEWithLogits, softplus or logsigmoid).",
                "Through two sigmoids G's loss can only lie in [0.313, 0.693]"
                + (f"; its median here is {floor:.3f}." if floor is not None else "."),
            ),
            fix="Remove nn.Sigmoid() from D and keep BCEWithLogitsLoss (or keep it and use "
            "BCELoss).",
            location=history.layer_of_d("last Sigmoid", "d loss", "g loss"),
            checked="The graph was read node by node, so an output that merely lies in [0, 1] is "
            "not enough.",
            source=self.source,
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        twice = looks(contracts={"d real": [("bce_logits", "Sigmoid")]}, losses={"g": [0.5]})
        return (
            Specimen("logits", script(rounds=looks(contracts={"d real": [("bce_logits", "")]}))),
            Specimen("a sigmoid before them", script(rounds=twice), 0.97),
            Specimen("near miss: a sigmoid and BCELoss",
                     script(rounds=looks(contracts={"d real": [("bce", "Sigmoid")]}))),
            Specimen("near miss: two rounds", script(rounds=twice[:2])),
        )  # fmt: skip


def _twice(seen: Trace) -> bool:
    return any(
        contract in _LOGIT and inner in ("Sigmoid", "Softmax")
        for pairs in seen.contracts.values()
        for contract, inner in pairs
    )
