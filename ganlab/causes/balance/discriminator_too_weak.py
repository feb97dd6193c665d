"""D cannot tell, so G learns nothing from it."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from ganlab.causes.balance.strength import strength
from ganlab.causes.balance.symptoms import BAD, COLLAPSED, LOST, WINS
from ganlab.causes.base import Cause
from ganlab.causes.directions import WEAKER_D, Directions
from ganlab.causes.history import Burst, History
from ganlab.causes.specimen import D, Specimen, script, told, trained
from ganlab.causes.suspect import Suspect, weightiest
from ganlab.finding import Remedy, Symptom
from ganlab.observation import Facts
from ganlab.remedies import Situation, answers

_ASTRAY = (Symptom.OSCILLATION, Symptom.OFF_DATA)


class DiscriminatorTooWeak(Cause):
    """It looks like an equilibrium and is none.

    The lab calls D slower at half of G's rate; a script's rate and steps count together, up to a
    third, or a fiftieth of its size. A script's D can be tried, too: a copy that learns alone.
    """

    slug = "discriminator-too-weak"
    doc = "D cannot tell, so G learns nothing from it"
    source = "Heusel et al. 2017 (arXiv:1706.08500)"
    formula = """
        the lab   lr_d / lr_g <= {told_rate} and G collapses or goes astray, or D
                  cannot tell
        a script  lr_d * D's steps / lr_g <= {seen_speed} under one rule, or
                  parameters D / G <= {seen_size}, and a symptom; or D cannot tell
                  (AUC <= 0.65), and a copy that learns alone can (>= 0.8; D is dead
                  where a restarted one gains > {revived} more)
    """
    needs: ClassVar[frozenset[str]] = frozenset({"build"})
    worse: ClassVar[Directions] = WEAKER_D
    spoken_of: ClassVar[tuple[str, ...]] = ("lr_d", "lr_g", "n_critic", "optimizer_d")

    def __init__(
        self,
        *,
        told_rate: float = 0.5,
        seen_speed: float = 0.34,
        seen_size: float = 0.02,
        revived: float = 0.15,
    ) -> None:
        self.told_rate = told_rate  # D's learning rate over G's in the lab
        self.seen_speed = seen_speed  # rate times steps over G's rate in a script
        self.seen_size = seen_size  # D's parameters over G's in a script
        self.revived = revived  # AUC by which a restarted copy learns more: D's weights are dead

    def _told(self, history: History) -> Suspect | None:
        slow = history.rate_ratio <= self.told_rate
        if not (history.has(*LOST) or (slow and history.has(*COLLAPSED, *_ASTRAY))):
            return None
        against = () if slow else (f"The {history.rates()} do not make D the slower one.",)
        words = (f"D's learning rate is {history.rate_ratio:g} times G's ({history.rates()}).",)
        sure = history.has(*WINS)
        return Suspect(
            self.slug,
            (0.85 if slow else 0.4) - (0.3 if sure else 0.0),
            (*(words if slow else ()), *history.proof(*LOST, *COLLAPSED, *_ASTRAY)[:3]),
            (*against, *(("D was sure of every sample for a while.",) if sure else ())),
            _test_words(history),
        )

    def _seen(self, history: History) -> Suspect | None:
        return weightiest(filter(None, (self._starved(history), self._slow(history))))

    def _starved(self, history: History) -> Suspect | None:
        """D cannot tell, and a copy that learns alone can: not an equilibrium."""
        trial = history.burst
        if trial is None or not trial.starved:
            return None
        dead = trial.restarted - trial.after > self.revived
        return Suspect(
            self.slug,
            0.7,
            (
                f"D tells real from generated samples with an AUC of {trial.before:.2f}; a copy "
                f"that learned alone for 60 steps reached {trial.after:.2f}, a restarted one "
                f"{trial.restarted:.2f}.",
                "So the losses look like an equilibrium and are none.",
            ),
            fix="Let D learn faster: its learning rate up, more steps for each step of G"
            + (", and start it anew: its present weights are dead." if dead else "."),
            location=history.where("d step", "d loss"),
            checked="In a true equilibrium the copy would not have learned anything either.",
            source="Lopez-Paz & Oquab 2017 (arXiv:1610.06545)",
            harm="likely",
        )

    def _slow(self, history: History) -> Suspect | None:
        """D is blind, or cannot follow."""
        pair, blind = strength(history), history.sentences(*LOST)
        behind = pair.same_rule and 0 < pair.speed <= self.seen_speed
        slow = behind or pair.capacity <= self.seen_size
        shown = blind
        if slow and not blind:
            shown = history.sentences(*COLLAPSED) or history.sentences(*BAD)
        if not shown:
            return None
        return Suspect(
            self.slug,
            0.8 if slow else 0.55,
            (str(pair), *shown[:2]),
            fix="Give D the learning rate of G, more steps or more units.",
            location=history.made_of.made("d"),
            checked="A simple linear test does tell the samples apart."
            if blind
            else "G moves on before D has learned where it was.",
            source=self.source,
            harm="likely",
        )

    @staticmethod
    def cures(situation: Situation) -> tuple[Remedy, ...]:
        return answers.weak_d(situation)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        blind, hops = Symptom.DISCRIMINATOR_BLIND, Symptom.MODE_HOPPING
        behind: Facts = {"lr_d": 1e-4, "lr_g": 1e-3}
        small = replace(D, numbers=10)
        return (
            Specimen("the lab, no symptom", told(behind)),
            Specimen("the lab, a tenth of the rate", told(behind, hops), 0.85),
            Specimen("the lab, blind at equal rates", told({}, blind), 0.4),
            Specimen("near miss: the lab, it hops at equal rates", told({}, hops)),
            Specimen("a script, no symptom", script(d=small)),
            Specimen("a small D that is blind", script(blind, d=small), 0.8, "likely"),
            Specimen("blind at equal strength", script(blind), 0.55, "likely"),
            Specimen("a fifth of the rate", trained(script(hops), g=1e-3), 0.8, "likely"),
            Specimen("a copy of D learns", script(burst=Burst(0.55, 0.95, 0.97)), 0.7, "likely"),
            Specimen("near miss: no copy learns either", script(burst=Burst(0.52, 0.55))),
            Specimen("near miss: it hops at equal strength", script(hops)),
        )


def _test_words(history: History) -> str:
    test, auc = history.number("two_sample_auc"), history.number("auc")
    if test is None or auc is None:
        return "Not an equilibrium: samples are wrong."
    return f"Not an equilibrium: a linear test tells fakes at {test:.2f}, D itself at {auc:.2f}."
