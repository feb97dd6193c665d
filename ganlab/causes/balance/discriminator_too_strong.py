"""D outruns G: learning rate, steps, capacity."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from ganlab.causes.balance.strength import strength
from ganlab.causes.balance.symptoms import COLLAPSED, D_WINS, WINS
from ganlab.causes.base import Cause
from ganlab.causes.directions import STRONGER_D, Directions
from ganlab.causes.history import History
from ganlab.causes.specimen import D, Specimen, script, told, trained
from ganlab.causes.suspect import Suspect
from ganlab.finding import Remedy, Symptom
from ganlab.observation import Facts
from ganlab.remedies import Situation, answers


class DiscriminatorTooStrong(Cause):
    """A D that is sure leaves G no slope.

    The lab calls D stronger from twice the rate and four times the size on, any further step
    included; a script's rate and steps count together, from three times on, and its size from
    eight times on, since networks that others write differ more.
    """

    slug = "discriminator-too-strong"
    doc = "D outruns G: learning rate, steps, capacity"
    source = "Heusel et al. 2017 (arXiv:1706.08500)"
    formula = """
        the lab   n_critic > 1, or parameters D / G >= {told_size}, or lr_d /
                  lr_g >= {told_rate}, and D wins or G collapses (update-imbalance
                  will do from {left_behind} on); an AUC <= {sure} speaks against
        a script  lr_d * D's steps / lr_g >= {seen_speed} under one rule, or
                  parameters D / G >= {seen_size}, and D wins or G collapses
    """
    needs: ClassVar[frozenset[str]] = frozenset({"findings"})
    worse: ClassVar[Directions] = STRONGER_D
    spoken_of: ClassVar[tuple[str, ...]] = ("lr_d", "lr_g", "n_critic", "optimizer_g")

    def __init__(
        self,
        *,
        told_rate: float = 2.0,
        told_size: float = 4.0,
        left_behind: float = 10.0,
        sure: float = 0.9,
        seen_speed: float = 3.0,
        seen_size: float = 8.0,
    ) -> None:
        self.told_rate = told_rate  # D's learning rate over G's in the lab
        self.told_size = told_size  # D's parameters over G's in the lab
        self.left_behind = left_behind  # the former where updates that differ are symptom enough
        self.sure = sure  # AUC of D up to which it speaks against
        self.seen_speed = seen_speed  # rate times steps over G's rate in a script
        self.seen_size = seen_size  # D's parameters over G's in a script

    def _told(self, history: History) -> Suspect | None:
        if not (history.adversarial and self._shows(history)):
            return None
        structural, reasons = self._structure(history), self._pace(history)
        if not (structural or reasons or history.has(*WINS)):
            return None
        reasons = [*structural, *reasons]
        auc = history.number("auc")
        against = () if auc is None or auc > self.sure else (
            f"D ranks only {auc:.0%} of the pairs right.",)  # fmt: skip
        unreachable = history.facts.get("unreachable", 0.0)
        return Suspect(
            self.slug,
            0.9 if structural else 0.8 if reasons else 0.35,
            (*reasons, *history.proof(*WINS, *COLLAPSED, Symptom.UPDATE_IMBALANCE)[:2]),
            against if reasons else (*against, "Steps, sizes and learning rates are balanced."),
            "A D that is sure because of the ranges would be named range-mismatch; "
            f"{unreachable:.0%} of the real values are out of G's reach.",
        )

    def _shows(self, history: History) -> bool:
        left = history.rate_ratio >= self.left_behind and history.has(Symptom.UPDATE_IMBALANCE)
        return history.has(*WINS, *COLLAPSED) or left

    def _structure(self, history: History) -> list[str]:
        steps, size = history.facts.get("n_critic", 1), history.size_ratio
        reasons = [f"D takes {steps} steps for each of G's."] if steps > 1 else []
        return reasons + ([f"D has {size:.1f} times G's parameters."]
                          if size >= self.told_size else [])  # fmt: skip

    def _pace(self, history: History) -> list[str]:
        rate = history.rate_ratio
        if rate < self.told_rate:
            return []
        return [f"D's learning rate is {rate:g} times G's ({history.rates()})."]

    def _seen(self, history: History) -> Suspect | None:
        pair = strength(history)
        fast = pair.same_rule and pair.speed >= self.seen_speed
        unequal = fast or pair.capacity >= self.seen_size
        wins = history.sentences(*D_WINS)
        if unequal and not wins:
            wins = history.sentences(*COLLAPSED)
        # A Wasserstein critic is meant to be trained until it is sure.
        if not wins or history.loss in ("wgan", "wgan_gp"):
            return None
        return Suspect(
            self.slug,
            0.8 if unequal else 0.45,
            (str(pair), *wins[:2]),
            fix="Slow D down (its learning rate by four, one step for each of G's), make it "
            "smaller, or regularise it (R1, spectral norm, label smoothing).",
            location=history.made_of.made("d"),
            checked="Wiring and ranges were found to be right, so it is the balance."
            if unequal
            else "Rates and sizes are about equal.",
            source=self.source,
            harm="likely",
        )

    @staticmethod
    def cures(situation: Situation) -> tuple[Remedy, ...]:
        return answers.strong_d(situation)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        wins, hops = Symptom.SATURATION, Symptom.MODE_HOPPING
        lead: Facts = {"lr_d": 2e-3}
        large = replace(D, numbers=9000)
        return (
            Specimen("the lab, no symptom", told(lead)),
            Specimen("the lab, five steps of D", told({"n_critic": 5}, wins), 0.9),
            Specimen("the lab, ten times the rate", told(lead, hops), 0.8),
            Specimen("the lab, D wins and nothing is unequal", told({}, wins), 0.35),
            Specimen("near miss: the lab, it hops and nothing is unequal", told({}, hops)),
            Specimen("near miss: a critic that is sure", told({**lead, "loss": "wgan_gp"}, wins)),
            Specimen("a script, no symptom", script(d=large)),
            Specimen("D nine times as large", script(wins, d=large), 0.8, "likely"),
            Specimen("D wins and nothing is unequal", script(wins), 0.45, "likely"),
            Specimen("five times the rate", trained(script(hops), d=1e-3), 0.8, "likely"),
            Specimen("near miss: another rule's rate", trained(
                script(hops), d=1e-3, rule_d="RMSprop")),
            Specimen("near miss: a large critic", script(wins, d=large, loss="wgan_gp")),
        )  # fmt: skip
