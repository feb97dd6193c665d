"""A generator's loss without gradient where D is sure, and D is sure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.directions import STRONGER_D, UP, Directions
from ganlab.causes.history import History
from ganlab.causes.loss.bounded import as_critic, evidence, is_bounded
from ganlab.causes.specimen import D, Specimen, looks, script, told
from ganlab.causes.suspect import Suspect, weightiest
from ganlab.causes.trace import PLAYERS, Player, Span, Trace
from ganlab.finding import Remedy, Symptom
from ganlab.observation import Facts
from ganlab.remedies import Situation, answers

# -ln of the epsilons that people write into logarithms.
_CLAMPS = {16.118: "1e-7", 13.8155: "1e-6", 18.4207: "1e-8", 27.631: "1e-12", 11.5129: "1e-5"}
_WINS = (Symptom.SATURATION, Symptom.DISCRIMINATOR_DOMINATES)
_FIX = "Use the non-saturating loss for G: -log D(G(z)), that is BCE with the real label."
_GOODFELLOW = "Goodfellow et al. 2014 (arXiv:1406.2661), section 3"


class SaturatingGeneratorLoss(Cause):
    """log(1 - D(G(z))), a linear loss on a sigmoid, or a logarithm that has reached its clamp.

    The lab knows the loss and asks for a symptom. A script's is inferred: D's certainty, a frozen
    value or samples that fall short have to stand in for it.
    """

    slug = "saturating-generator-loss"
    doc = "G minimises log(1 - D(G(z))), or a loss without gradient where D is sure, and D is sure"
    source = _GOODFELLOW
    formula = """
        the lab   log(1 - D(G(z))), and D wins
        a script  D(G(z)) < {slope} in >= {share} of >= {opinions} rounds ({rounds} in
                  all) under log(1 - D(G(z))), or samples that fall short; or a linear
                  loss on a sigmoid in >= {linear_rounds}; or the last {frozen}
                  losses = -ln eps
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})
    worse: ClassVar[Directions] = {"flat loss": UP, **STRONGER_D}
    spoken_of: ClassVar[tuple[str, ...]] = ("loss",)

    def __init__(
        self,
        *,
        slope: float = 0.02,
        share: float = 0.6,
        opinions: int = 6,
        rounds: int = 8,
        linear_rounds: int = 3,
        frozen: int = 6,
    ) -> None:
        self.slope = slope  # D(G(z)) below which log(1 - D(G(z))) is flat
        self.share = share  # of the rounds in which it is
        self.opinions = opinions  # D(G(z)) of as many rounds are enough
        self.rounds = rounds  # in all
        self.linear_rounds = linear_rounds  # that are enough for a linear loss
        self.frozen = frozen  # losses that stand at one value

    def _told(self, history: History) -> Suspect | None:
        if history.facts.get("loss") != "saturating" or not history.has(*_WINS):
            return None
        slope = history.number("loss_slope")
        steep = "" if slope is None else f", and its slope at D's output is {slope:.2g}"
        return Suspect(
            self.slug,
            0.85,
            (f"G minimises log(1 - D(G(z))){steep}.", *history.proof(*_WINS)),
            (),
            f"What made D sure is a second question: {history.rates()}, "
            f"{history.facts.get('n_critic', 1)} D steps for each of G's.",
        )

    def _seen(self, history: History) -> Suspect | None:
        readings = (self._linear(history), self._flat(history), *self._clamped(history))
        return weightiest(filter(None, readings))

    def _linear(self, history: History) -> Suspect | None:
        """A linear loss on a sigmoid, and nothing that marks a critic."""
        few = len(history.rounds) < self.linear_rounds
        if few or not is_bounded(history) or as_critic(history):
            return None
        return Suspect(
            self.slug,
            0.7,
            evidence(history),
            fix="Use a cross-entropy on logits: softplus(-D(G(z))) for G keeps its slope where D "
            "is sure.",
            location=history.where("g loss formula", "g loss"),
            checked="The loss has no logarithm to undo the sigmoid's flat ends.",
            source="leftthomas/SRGAN #31",
        )

    def _flat(self, history: History) -> Suspect | None:
        """log(1 - D(G(z))) under a D that is sure, or in a pair that falls short."""
        if history.loss != "saturating" or len(history.rounds) < self.rounds:
            return None
        opinions = history.values(_opinion, 30)
        if len(opinions) < self.opinions:
            return None
        flat = sum(opinion < self.slope for opinion in opinions) / len(opinions)
        if flat >= self.share and "clamp-death" not in history.symptoms:
            return self._sure(history, flat, len(opinions))
        return self._short(history, opinions) if history.falls_short() else None

    def _sure(self, history: History, flat: float, count: int) -> Suspect:
        return Suspect(
            self.slug,
            0.88,
            (
                "G's loss falls with log(1 - D(G(z))), whose slope at D's logit is D(G(z)): below "
                f"{self.slope:g} in {flat:.0%} of {count} rounds, as D is sure of the fakes.",
            ),
            fix=_FIX,
            location=history.where("g loss formula", "g loss"),
            checked="With the same loss and an unsure D the slope would be 0.1 to 0.5; it is D's "
            "certainty that makes it harmful.",
            source=_GOODFELLOW,
            harm="likely",
        )

    def _short(self, history: History, opinions: list[float]) -> Suspect:
        slope = statistics.median(opinions)
        return Suspect(
            self.slug,
            0.7,
            (
                "G's loss falls with log(1 - D(G(z))): its slope at D's logit is D(G(z)), here "
                f"{slope:.2g} (median of {len(opinions)} rounds) where -log D(G(z)) would have "
                f"{1 - slope:.2g}.",
                f"After {history.updates} updates the samples do not fit the data.",
            ),
            fix=_FIX,
            location=history.where("g loss formula", "g loss"),
            checked="The same loss in a pair whose samples are good would be a note at most.",
            source=_GOODFELLOW,
            harm="likely",
        )

    def _clamped(self, history: History) -> Iterator[Suspect]:
        """A hand-written log(p + eps) that has reached its end, where its gradient is zero."""
        sides = ("d real", "d fake", "g fake")
        if any(contract == "log" for side in sides for contract, _ in history.contracts(side)):
            for player in PLAYERS:
                last = history.rounds[-self.frozen :]
                values = [abs(value) for seen in last for value in seen.losses[player]]
                if len(values) >= self.frozen and (epsilon := _frozen_at(values)):
                    yield self._stands(history, player, values, epsilon)

    def _stands(
        self, history: History, player: Player, values: list[float], epsilon: str
    ) -> Suspect:
        return Suspect(
            self.slug,
            0.9,
            (
                f"{player.upper()}'s loss stands at {statistics.median(values):.4f} = -ln "
                f"{epsilon}: its log(p + {epsilon}) has reached its end.",
                "There sigmoid(l) is 0 or 1 in float32, and the gradient is exactly zero.",
            ),
            fix="Write it with F.softplus or F.logsigmoid on the logits, which have no end.",
            location=history.where(f"{player} loss formula", f"{player} loss"),
            checked=f"The value held over the last {len(values)} losses looked at.",
            source="StudioGAN #112",
        )

    @staticmethod
    def cures(situation: Situation) -> tuple[Remedy, ...]:
        return answers.flat_loss(situation)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        def sure(logit: float, loss: str = "saturating", **more: Any) -> History:
            rounds = looks(outputs={"g fake": Span(logit, logit, logit, 0.0)}, **more)
            return script(loss=loss, rounds=rounds)

        lab: Facts = {"loss": "saturating"}
        linear = script(rounds=looks(contracts={"d real": [("linear", "Sigmoid")]}))
        critic = script(d=replace(D, clipped=True), rounds=linear.rounds)

        def written(loss: float) -> History:
            return script(rounds=looks(
                contracts={"g fake": [("log", "Sigmoid")]}, losses={"g": [loss], "d": [0.1]}
            ))  # fmt: skip

        return (
            Specimen("the lab, non-saturating", told({}, Symptom.SATURATION)),
            Specimen("the lab, saturating and D wins", told(lab, Symptom.SATURATION), 0.85),
            Specimen("near miss: the lab, D does not win", told(lab, Symptom.OFF_DATA)),
            Specimen("an unsure D", sure(-1.0)),
            Specimen("D is sure of the fakes", sure(-9.0), 0.88, "likely"),
            Specimen("near miss: D is sure, the loss is steep", sure(-9.0, "non_saturating")),
            Specimen("a linear loss on a sigmoid", linear, 0.7),
            Specimen("near miss: a critic's, which has another name", critic),
            Specimen("a logarithm at its clamp", written(16.118), 0.9),
            Specimen("near miss: a logarithm on its way there", written(14.9)),
        )


def _opinion(seen: Trace) -> float | None:
    """D(G(z)) as a probability, in G's step."""
    span = seen.outputs.get("g fake")
    if span is None:
        return None
    return span.mean if seen.probability else 1 / (1 + math.exp(-max(-60, min(60, span.mean))))


def _frozen_at(values: list[float]) -> str:
    """The epsilon at whose clamp all of them stand; "" for none."""
    middle, spread = statistics.median(values), max(values) - min(values)
    return next(
        (
            epsilon
            for clamp, epsilon in _CLAMPS.items()
            if abs(middle - clamp) < 0.01 * clamp and spread < 0.02 * clamp
        ),
        "",
    )
