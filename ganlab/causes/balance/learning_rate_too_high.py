"""Updates so large that a network dies, explodes or jumps."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import ClassVar

from ganlab.causes.balance.mixed_precision_overflow import not_finite, said
from ganlab.causes.balance.symptoms import BAD
from ganlab.causes.base import Cause
from ganlab.causes.directions import UP, Directions
from ganlab.causes.history import LESSON_RATE, Burst, History
from ganlab.causes.specimen import Specimen, looks, script, told, trained
from ganlab.causes.suspect import Suspect, weightiest
from ganlab.causes.trace import PLAYERS, Player
from ganlab.finding import Evidence, Remedy, Symptom
from ganlab.observation import Facts
from ganlab.rates import LARGE, LARGE_SGD, SCALED, too_large, usual_words
from ganlab.remedies import Situation, answers

_KILLED = (
    Symptom.CLAMP_DEATH,
    Symptom.DEAD_UNITS,
    Symptom.FALSE_EQUILIBRIUM,
    Symptom.OUTPUT_SATURATION,
    Symptom.TOTAL_COLLAPSE,
    Symptom.SATURATION,
    Symptom.PARTIAL_COLLAPSE,
    Symptom.OFF_DATA,
)


class LearningRateTooHigh(Cause):
    """Steps that throw a network where it has no gradient, or out of the finite numbers.

    Both sensors call the same rates large. The lab asks for a symptom that such steps leave behind,
    since its rates are told; a script's weights are measured, so a rate may be too large for them
    that is usual elsewhere, and a large one without harm is worth a note.
    """

    slug = "learning-rate-too-high"
    doc = "updates so large that a network dies, explodes or jumps"
    source = "Radford et al. 2016 (arXiv:1511.06434)"
    formula = """
        the lab   lr >= {adam} of Adam or RMSprop, >= {plain} of another rule, and a
                  network that died or stands; or divergence
        a script  the same rates, or weights that move by > {moves} of their norm a
                  step while something is wrong (samples far off: after 300 updates
                  at >= {soon} of Adam); or a loss that is no finite number in float32
    """
    needs: ClassVar[frozenset[str]] = frozenset({"build"})
    worse: ClassVar[Directions] = {"lr_d": UP, "lr_g": UP, "unclamped large steps": UP}
    spoken_of: ClassVar[tuple[str, ...]] = ("lr_d", "lr_g", "optimizer_d", "optimizer_g")

    def __init__(
        self,
        *,
        adam: float = LARGE,
        plain: float = LARGE_SGD,
        soon: float = 0.01,
        moves: float = 0.02,
    ) -> None:
        self.adam = adam  # learning rate of Adam and RMSprop from which it is large
        self.plain = plain  # the same of SGD and any other rule
        self.soon = soon  # Adam's rate from which 300 updates of a script tell
        self.moves = moves  # of their norm that a script's weights move a step, above which it is

    def _told(self, history: History) -> Suspect | None:
        return weightiest(filter(None, (self._exploded(history), self._threw(history))))

    def _exploded(self, history: History) -> Suspect | None:
        """Values that are no longer finite, or grow without end."""
        if not history.has(Symptom.DIVERGENCE):
            return None
        proof = history.symptoms[Symptom.DIVERGENCE].evidence
        finite = all(item.relation != "beyond" for item in proof)
        if finite and history.has(Symptom.CLAMP_DEATH, Symptom.SCALING_MISMATCH):
            return None  # a consequence: what follows a death is no divergence of its own
        return Suspect(
            self.slug,
            0.45 if finite else 0.8,
            (*history.proof(Symptom.DIVERGENCE), f"The {history.rates()}."),
            ("All values are still finite.",) if finite else (),
            "Not half precision: the lab trains in float32, whose largest number is 3.4e38.",
        )

    def _threw(self, history: History) -> Suspect | None:
        """Steps so large that a network is thrown where it has no gradient."""
        proof = history.proof(*_KILLED)
        if not proof:
            return None
        large = self._large_rates(history)
        if large:
            first = min(each.step for each in history.symptoms.values() if each.symptom in _KILLED)
            return Suspect(
                self.slug,
                0.9,
                (*large, *proof[:2]),
                (),
                "Not saturation by D alone: units, logits or outputs left their active range "
                f"within {first} steps.",
            )
        if not history.has(Symptom.DEAD_UNITS, Symptom.CLAMP_DEATH):
            return None
        return Suspect(
            self.slug,
            0.35,
            proof[:2],
            (f"The {history.rates()} are usual ones.",),
            "Another cause may have pushed the units off; see the next suspects.",
        )

    def _large_rates(self, history: History) -> list[str]:
        rates = history.facts.get("lr_d", 0.0), history.facts.get("lr_g", 0.0)
        return [
            f"{player}'s learning rate is {rate:g} with {rule or 'its optimiser'}; "
            + usual_words(rule)
            for player, rule, rate in zip("dg", history.optimisers(), rates, strict=True)
            if self._is_large(rule, rate)
        ]

    def _is_large(self, rule: str, rate: float) -> bool:
        return too_large(rule, rate, self.adam, self.plain)

    def _seen(self, history: History) -> Suspect | None:
        players = (self._of(history, player) for player in PLAYERS)
        first = next(filter(None, players), None)
        return weightiest(filter(None, (self._overflowed(history), first)))

    def _overflowed(self, history: History) -> Suspect | None:
        """A loss beyond the finite numbers, and no half precision behind it."""
        wrong, build = not_finite(history), history.made_of
        if not wrong or build.half:
            return None
        return Suspect(
            self.slug,
            0.6,
            (said(wrong), f"Learning rates: D {build.rate('d'):g}, G {build.rate('g'):g}."),
            fix="Divide both learning rates by ten.",
            location=build.made("d"),
            checked="No half precision was seen.",
            harm="likely",
        )

    def _of(self, history: History, player: Player) -> Suspect | None:
        """A large rate, or weights that move by percents a step while something is wrong."""
        build, moves = history.made_of, history.answers.get(f"update ratio {player}")
        rate, rule = build.rate(player), build.rule(player)
        large, scaled = self._is_large(rule, rate), rule in SCALED
        bad = self._harm(history, player, soon=scaled and rate >= self.soon)
        if not large and not (bad and moves is not None and moves > self.moves):
            return None
        ratio = f" and its weights move by {moves:.2%} of their norm a step" if moves else ""
        sure = 0.86 if large and scaled else 0.7
        return Suspect(
            self.slug,
            sure if bad else 0.3,
            (f"{player.upper()}'s learning rate is {rate:g}{ratio}.", *bad[:2]),
            fix="Use 2e-4 with Adam's beta1 0.5.",
            location=build.made(player),
            checked="A healthy network moves by 0.1 % to 0.5 % of its weights' norm a step.",
            source=self.source,
            harm="likely" if bad else "unclear",
        )

    def _harm(self, history: History, player: Player, *, soon: bool) -> list[str]:
        bad = [*history.sentences(*BAD), *history.poor(soon=soon)]
        if history.restless():
            bad.append(f"After {history.updates} updates the samples still jump from mode to mode.")
        if player == "d" and history.starved():
            bad.append(
                f"A copy of D with a learning rate of {LESSON_RATE:g} learned what D did not."
            )
        return bad

    @staticmethod
    def cures(situation: Situation) -> tuple[Remedy, ...]:
        return answers.large_rates(situation)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        dead, wins = Symptom.DEAD_UNITS, Symptom.SATURATION
        high: Facts = {"lr_d": 0.02}
        plain: Facts = {"lr_d": 0.05, "optimizer_d": "sgd"}
        lost = script(rounds=looks(losses={"d": [math.nan], "g": [0.7]}))
        half = replace(lost, build=replace(lost.made_of, half=True))
        return (
            Specimen("the lab, no symptom", told(high)),
            Specimen("the lab, Adam at 0.02 and dead units", told(high, dead), 0.9),
            Specimen("the lab, a loss that is not finite", _diverged("beyond"), 0.8),
            Specimen("the lab, a loss that grows", _diverged(">"), 0.45),
            Specimen("the lab, dead units at usual rates", told({}, dead), 0.35),
            Specimen("near miss: the lab, SGD at 0.05 and D wins", told(plain, wins)),
            Specimen("usual rates", script(wins)),
            Specimen("Adam at 0.006 and D wins",
                     trained(script(wins), d=6e-3), 0.86, "likely"),
            Specimen("Adam at 0.006 alone", trained(script(), d=6e-3), 0.3, "unclear"),
            Specimen("weights that move by 3 % a step",
                     script(wins, answers={"update ratio g": 0.03}), 0.7, "likely"),
            Specimen("D stands, and a copy learns",
                     trained(script(burst=Burst(0.55, 0.95)), d=6e-3), 0.86, "likely"),
            Specimen("a loss that is not finite", lost, 0.6, "likely"),
            Specimen("near miss: not finite in half precision", half),
            Specimen("near miss: weights that move by 3 %, and nothing is wrong",
                     script(answers={"update ratio g": 0.03})),
            Specimen("near miss: SGD at 0.05", trained(script(wins), d=0.05, rule="SGD")),
        )  # fmt: skip


def _diverged(relation: str) -> History:
    """A run of the lab whose loss has left its bounds."""
    history = told({}, Symptom.DIVERGENCE)
    proof = (Evidence("d_loss", math.nan if relation == "beyond" else 9.0, relation, 0.5),)
    return replace(history, findings=(replace(history.findings[0], evidence=proof),))
