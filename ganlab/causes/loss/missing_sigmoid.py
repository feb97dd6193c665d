"""Raw output into a logarithm or BCELoss."""

from __future__ import annotations

from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.directions import UP, Directions
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, looks, script, told
from ganlab.causes.suspect import Suspect
from ganlab.causes.trace import Span, Trace
from ganlab.finding import Remedy
from ganlab.remedies import Situation, catalogue

_REFUSED = "between 0 and 1"  # in the words with which BCELoss stops
_ROUNDING = 1e-6


class MissingSigmoid(Cause):
    """A loss that expects probabilities gets what may be any number.

    The lab knows D's head; in a script D's output has to be seen outside [0, 1].
    """

    slug = "missing-sigmoid"
    doc = "raw logits into a loss that expects probabilities"
    source = "mlpack PR #1813"
    formula = """
        the lab   the loss refuses D's output ("between 0 and 1"), or D's head is raw
        a script  D's bare output enters a logarithm or BCELoss outside [0, 1]
                  in >= {share} of >= {rounds} rounds, or the loss refuses it
    """
    needs: ClassVar[frozenset[str]] = frozenset()  # the first step may end the script
    worse: ClassVar[Directions] = {"raw head": UP}
    spoken_of: ClassVar[tuple[str, ...]] = ("head",)

    def __init__(self, *, share: float = 0.6, rounds: int = 3) -> None:
        self.share = share  # of the rounds in which D's output enters a loss
        self.rounds = rounds  # of those that are enough

    def _told(self, history: History) -> Suspect | None:
        if _REFUSED not in history.error and history.facts.get("head") != "raw":
            return None
        said = history.error.splitlines()[0] if history.error else "D's head is raw."
        return Suspect(
            self.slug,
            0.99,
            (f"The loss stopped the run: {said}",),
            (),
            "Not the data: BCELoss checks D's output only.",
        )

    def _seen(self, history: History) -> Suspect | None:
        share, count = history.share(_raw, lambda seen: bool(seen.contracts))
        crashed = _REFUSED in history.error
        if not crashed and (count < self.rounds or share < self.share):
            return None
        spans = (seen.outputs["real"] for seen in history.rounds if "real" in seen.outputs)
        span = next(spans, None)
        reach = f" Its output lies in [{span.low:.3g}, {span.high:.3g}]." if span else ""
        return Suspect(
            self.slug,
            0.95,
            (
                "D's raw output goes into a loss that expects a probability." + reach,
                *((f"The script stopped with: {history.error}",) if crashed else ()),
            ),
            fix="End D in nn.Sigmoid(), or better use BCEWithLogitsLoss on the raw output.",
            location=history.where("d loss formula", "g loss formula", "d loss", "g loss"),
            checked="No sigmoid or softmax was found between D's last layer and the loss.",
            source=self.source,
        )

    @staticmethod
    def cures(situation: Situation) -> tuple[Remedy, ...]:
        return (catalogue.LOSS_ON_LOGITS, catalogue.SIGMOID_HEAD)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        contracts = {"d real": [("log", "")]}
        raw = looks(contracts=contracts, outputs={"real": Span(-2.0, 3.0, 0.5, 1.0)})
        inside = looks(contracts=contracts, outputs={"real": Span(0.1, 0.9, 0.5, 0.2)})
        said = "RuntimeError: all elements of input should be between 0 and 1"
        return (
            Specimen("the lab, a sigmoid", told({"head": "sigmoid"})),
            Specimen("the lab, a raw head", told({"head": "raw"}), 0.99),
            Specimen("near miss: the lab, another error", told({}, error="out of memory")),
            Specimen("a sigmoid", script(
                rounds=looks(contracts={"d real": [("log", "Sigmoid")]}))),
            Specimen("a logarithm of raw output", script(rounds=raw), 0.95),
            Specimen("BCELoss stops the script", script(error=said, rounds=()), 0.95),
            Specimen("near miss: no sigmoid, and all within [0, 1]", script(rounds=inside)),
            Specimen("near miss: two rounds", script(rounds=raw[:2])),
        )  # fmt: skip


def _raw(seen: Trace) -> bool:
    """Whether D's bare output entered a loss on probabilities, and was none."""
    inners = [
        inner
        for pairs in seen.contracts.values()
        for contract, inner in pairs
        if contract in ("bce", "log")
    ]
    outside = any(
        span.low < -_ROUNDING or span.high > 1 + _ROUNDING for span in seen.outputs.values()
    )
    return "" in inners and outside and not seen.probability
