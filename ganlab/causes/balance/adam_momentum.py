"""Adam's beta1 is too high for the game."""

from __future__ import annotations

from typing import ClassVar

from ganlab.causes.balance.symptoms import COLLAPSED, D_WINS, WINS
from ganlab.causes.base import Cause
from ganlab.causes.directions import UP, Directions
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, script, told, trained
from ganlab.causes.suspect import Suspect
from ganlab.causes.trace import PLAYERS
from ganlab.config import ADAPTIVE
from ganlab.finding import Remedy, Symptom
from ganlab.observation import Facts
from ganlab.rates import ADAM
from ganlab.remedies import Situation, catalogue

# What a G that overshoots leaves behind; seen with beta1 of 0.95 and more.
_ERRATIC = (
    Symptom.DEAD_UNITS,
    Symptom.SCALING_MISMATCH,
    Symptom.QUALITY_DECLINE,
    Symptom.OFF_DATA,
)


class AdamMomentum(Cause):
    """Many pairs train with 0.9 too, so that without a symptom it is no cause.

    One adaptive player is enough in the lab, from 0.9 on; in a script both have to be, from 0.85
    on, and only 0.95 is as good as sure. Neither was fitted to the other's runs.
    """

    slug = "adam-momentum"
    doc = "Adam's beta1 is too high for the game and training cycles"
    source = "Radford et al. 2016 (arXiv:1511.06434), section 4"
    formula = """
        the lab   max(beta1) >= {told} of Adam, and a collapse, an oscillation or a D
                  that wins (from {heavy} on also what overshoots)
        a script  max(beta1) >= {seen} with Adam for both (sure: >= {heavy})
    """
    needs: ClassVar[frozenset[str]] = frozenset({"build"})
    worse: ClassVar[Directions] = {"beta1_d": UP, "beta1_g": UP}
    spoken_of: ClassVar[tuple[str, ...]] = ("beta1_d", "beta1_g")

    def __init__(self, *, told: float = 0.9, seen: float = 0.85, heavy: float = 0.95) -> None:
        self.told = told  # beta1 of the lab
        self.seen = seen  # beta1 of a script
        self.heavy = heavy  # beta1 of either that is hardly ever right

    def _told(self, history: History) -> Suspect | None:
        facts = history.facts
        betas = facts.get("momentum_d", 0.0), facts.get("momentum_g", 0.0)
        adaptive = any(rule in ADAPTIVE for rule in history.optimisers())
        heavy = max(betas) >= self.heavy
        symptoms = (*COLLAPSED, Symptom.OSCILLATION, *WINS, *(_ERRATIC if heavy else ()))
        if not adaptive or max(betas) < self.told or not history.has(*symptoms):
            return None
        return Suspect(
            self.slug,
            0.85 if heavy else 0.8,
            (f"Adam's beta1 is {betas[0]:g} (D) and {betas[1]:g} (G); 0 to 0.5 is usual for GANs.",
             *history.proof(*symptoms)[:2]),
            (),
            f"Not an imbalance: the {history.rates()}.",
        )  # fmt: skip

    def _seen(self, history: History) -> Suspect | None:
        build = history.made_of
        betas = {player: build.momentum(player) for player in PLAYERS}
        most = max(betas.values())
        if most < self.seen or not all(build.rule(player) in ADAM for player in PLAYERS):
            return None
        symptoms = (*COLLAPSED, *D_WINS, Symptom.OSCILLATION, Symptom.NOT_YET_DIVERSE)
        bad = history.sentences(*symptoms)
        extreme = most >= self.heavy
        return Suspect(
            self.slug,
            0.8 if extreme else 0.62 if bad else 0.3,
            (
                f"Adam's beta1 is {betas['d']:g} for D and {betas['g']:g} for G (0.9 is torch's "
                "default).",
                *bad[:2],
            ),
            fix="betas=(0.5, 0.999) for both optimisers.",
            location=build.made("g"),
            checked="Many pairs train with 0.9 too, so without a symptom this is no cause.",
            source=self.source,
            harm="likely" if extreme else "unclear",
        )

    @staticmethod
    def cures(situation: Situation) -> tuple[Remedy, ...]:
        return (catalogue.LOWER_MOMENTUM,)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        high: Facts = {"momentum_d": 0.9, "momentum_g": 0.9}
        plain: Facts = {**high, "optimizer_d": "momentum", "optimizer_g": "momentum"}
        heavy: Facts = {"momentum_d": 0.97, "momentum_g": 0.97}
        hopping, dead = Symptom.MODE_HOPPING, Symptom.DEAD_UNITS
        return (
            Specimen("the lab, 0.5", told({"momentum_d": 0.5}, hopping)),
            Specimen("the lab, 0.9 and it hops", told(high, hopping), 0.8),
            Specimen("the lab, 0.97 and dead units", told(heavy, dead), 0.85),
            Specimen("near miss: the lab, 0.9 and dead units", told(high, dead)),
            Specimen("near miss: the lab, SGD with 0.9", told(plain, hopping)),
            Specimen("0.5", script(hopping)),
            Specimen("0.9 and it hops", trained(script(hopping), momentum=0.9), 0.62, "unclear"),
            Specimen("0.9 alone", trained(script(), momentum=0.9), 0.3, "unclear"),
            Specimen("0.97", trained(script(), momentum=0.97), 0.8, "likely"),
            Specimen("near miss: RMSprop with 0.9",
                     trained(script(hopping), momentum=0.9, rule="RMSprop")),
        )  # fmt: skip
