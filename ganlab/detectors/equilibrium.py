"""D cannot tell: because samples are good, because it is blind, or because it is dead."""

from __future__ import annotations

import math
from typing import ClassVar

from ganlab import remedies
from ganlab.config import PROBABILITY_LOSSES
from ganlab.detectors.base import Detector, Lasting, Window
from ganlab.detectors.series import Tail
from ganlab.detectors.specimen import IMAGE_FACTS, Specimen, stream, turning
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Facts, Metrics, Observation


class Equilibrium(Detector):
    """Equilibrium, blind D and false equilibrium: a simple two-sample test decides."""

    name = "Equilibrium, true or false"
    doc = (
        "D's answers do not separate real from generated samples. If a linear test cannot either, "
        "training has reached its end; if it can, D is blind, and where its answers hardly vary "
        "or the losses stand at their textbook values as well, the equilibrium is a false one."
    )
    source = "Lopez-Paz & Oquab 2017 (arXiv:1610.06545); Goodfellow et al. 2014, theorem 1"
    formula = """
        test = median of 6 probes of two_sample_auc; auc, losses and spreads: medians of 300 steps
        always  auc < {unsure}
        blind   test > {plain}, for {patience} steps
        false   blind, and under a cross-entropy
                |d_loss - 2 ln 2| < {textbook} and ||g_loss| - ln 2| < {textbook};
                or, for 150 steps, test > {told} and
                max(logit_real_std, logit_fake_std) < {constant}
        true    test < {unsure}, for {patience} steps (a notice)
        asked after the warm-up
    """
    needs: ClassVar[frozenset[str]] = frozenset({"auc", "two_sample_auc"})
    forgets: ClassVar[frozenset[str]] = frozenset({"loss", "head"})

    def __init__(
        self,
        *,
        unsure: float = 0.6,  # AUC below which D, or the test, cannot tell
        plain: float = 0.75,  # AUC above which the test tells easily
        told: float = 0.65,  # the same against a D that answers all alike; alike samples: 0.60
        textbook: float = 0.02,  # nats between the losses and 2 ln 2 and ln 2
        constant: float = 0.01,  # logits; spread of D's answers below which it is dead
        patience: int = 500,  # steps it has to last
    ) -> None:
        self.unsure, self.plain, self.told = unsure, plain, told
        self.textbook, self.constant, self.patience = textbook, constant, patience
        super().__init__()

    def _reset(self) -> None:
        self._aucs = Window(300)
        self._tests = Tail(6)
        self._d_losses, self._g_losses = Window(300), Window(300)
        self._spreads = Window(300)
        self._blind = Lasting(on=self.patience, off=200)
        self._dead = Lasting(on=150, off=200)
        self._level = Lasting(on=self.patience, off=200)
        self._start: int | None = None

    def _judge(self, observation: Observation) -> Finding | None:
        metrics, step = observation.metrics, observation.step
        if self._start is None:
            self._start = step
        self._tests.add(step, metrics.get("two_sample_auc"))
        if "auc" not in metrics:
            return self.standing
        self._collect(step, metrics)
        if not self._aucs.full or not self._tests.full or step - self._start < self.warm_up():
            return None
        return self._first(
            step,
            self._dead.update(step, self._seen_dead(step)),
            self._blind.update(step, self._seen_blind(step)),
            self._level.update(step, self._seen_level(step)),
        )

    @property
    def _unsure(self) -> bool:
        return self._aucs.median() < self.unsure

    def _seen_dead(self, step: int) -> Finding | None:
        told = self._unsure and self._tests.median() > self.told
        if not (told and self._spreads.median() < self.constant):
            return None
        return self._finding(step, Symptom.FALSE_EQUILIBRIUM, Severity.FAILURE)

    def _seen_blind(self, step: int) -> Finding | None:
        if not (self._unsure and self._tests.median() > self.plain):
            return None
        if self._balanced():
            return self._finding(step, Symptom.FALSE_EQUILIBRIUM, Severity.FAILURE)
        return self._finding(step, Symptom.DISCRIMINATOR_BLIND, Severity.WARNING)

    def _seen_level(self, step: int) -> Finding | None:
        if not (self._unsure and self._tests.median() < self.unsure):
            return None
        return self._finding(step, Symptom.EQUILIBRIUM, Severity.NOTICE)

    def _collect(self, step: int, metrics: Metrics) -> None:
        self._aucs.add(step, metrics["auc"])
        if "d_loss" in metrics and "g_loss" in metrics:
            self._d_losses.add(step, metrics["d_loss"])
            self._g_losses.add(step, metrics["g_loss"])
        if "logit_real_std" in metrics and "logit_fake_std" in metrics:
            self._spreads.add(step, max(metrics["logit_real_std"], metrics["logit_fake_std"]))

    def _balanced(self) -> bool:
        """Whether both losses stand where a D that always says one half puts them."""
        if self.facts.get("loss") not in PROBABILITY_LOSSES:
            return False
        return all(off < self.textbook for off in self._off().values())

    def _off(self) -> dict[str, float]:
        """Nats between each loss and its textbook value; NaN where it was not measured."""
        d, g = self._d_losses.median(), abs(self._g_losses.median())
        return {"d_loss": abs(d - 2 * math.log(2)), "g_loss": abs(g - math.log(2))}

    def _finding(self, step: int, symptom: Symptom, severity: Severity) -> Finding:
        auc, test = self._aucs.median(), self._tests.median()
        good = symptom is Symptom.EQUILIBRIUM
        span = self._tests.span
        bound = self.unsure if good else self.plain if test > self.plain else self.told
        evidence = [
            Evidence("auc", auc, "<", self.unsure, 300),
            Evidence("two_sample_auc", test, "<" if good else ">", bound, span),
        ]
        if symptom is Symptom.FALSE_EQUILIBRIUM:
            spread = self._spreads.median()
            if spread < self.constant:
                evidence.append(
                    Evidence("max(logit_real_std, logit_fake_std)", spread, "<", self.constant, 300)
                )
            if self._balanced():
                evidence += [
                    Evidence(f"{name} off its textbook value", off, "<", self.textbook, 300)
                    for name, off in self._off().items()
                ]
        cures = () if good else remedies.for_blind_d(self.facts)
        summary = _SUMMARIES[symptom].format(auc=auc, test=test)
        return Finding(symptom, severity, step, summary, tuple(evidence), cures)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return _SPECIMENS


_SUMMARIES = {
    Symptom.EQUILIBRIUM: "Neither D ({auc:.2f}) nor a linear test ({test:.2f}) tells fakes from "
    "reals: as good as this pair gets.",
    Symptom.DISCRIMINATOR_BLIND: "D ranks fakes against reals no better than chance ({auc:.2f}), "
    "and a linear test tells them apart ({test:.2f}).",
    Symptom.FALSE_EQUILIBRIUM: "It looks like the equilibrium: D cannot tell ({auc:.2f}). A "
    "linear test can ({test:.2f}), so samples are wrong and D is dead or blind.",
}

_LEADS = {
    "auc": 0.8,
    "d_loss": 1.1,
    "g_loss": 1.0,
    "logit_real_std": 0.8,
    "logit_fake_std": 0.7,
}
_CANNOT = _LEADS | {"auc": 0.5, "d_loss": 1.2, "g_loss": 0.8}
_CRITIC: Facts = {**IMAGE_FACTS, "loss": "wgan_gp", "head": "logits"}

_SPECIMENS = (
    Specimen("D leads", stream(IMAGE_FACTS, _LEADS, probes={"two_sample_auc": 0.8})),
    Specimen(
        "near miss: true equilibrium, the test cannot tell either",
        stream(
            IMAGE_FACTS,
            _CANNOT | {"d_loss": 1.3863, "g_loss": 0.6931},
            probes={"two_sample_auc": 0.53},
        ),
    ),
    Specimen(
        "near miss: G ahead for the first 300 steps",
        stream(
            IMAGE_FACTS,
            _LEADS | {"auc": lambda step: 0.3 if step < 300 else 0.8},
            probes={"two_sample_auc": 0.95},
        ),
    ),
    Specimen(
        "near miss: a critic whose scores lie all on one side still ranks them",
        stream(_CRITIC, _LEADS | {"d_loss": -4.0}, probes={"two_sample_auc": 0.95}),
    ),
    Specimen(
        "D cannot tell what a linear test can",
        stream(IMAGE_FACTS, _CANNOT, probes={"two_sample_auc": 0.97}),
        Symptom.DISCRIMINATOR_BLIND,
        (700, 1100),
    ),
    Specimen(
        "a dead D says one half to everything",
        stream(
            IMAGE_FACTS,
            _CANNOT
            | {"d_loss": 1.3863, "g_loss": 0.6931, "logit_real_std": 0.0, "logit_fake_std": 0.0},
            probes={"two_sample_auc": 1.0},
        ),
        Symptom.FALSE_EQUILIBRIUM,
        (300, 700),
    ),
    Specimen(
        "a dead D before samples that are not far off",
        stream(
            IMAGE_FACTS,
            _CANNOT | {"logit_real_std": 0.0, "logit_fake_std": 0.0},
            probes={"two_sample_auc": 0.7},
        ),
        Symptom.FALSE_EQUILIBRIUM,
        (300, 700),
    ),
    Specimen(
        "D cannot tell what a linear test can, until step 1500",
        turning(
            1500,
            stream(IMAGE_FACTS, _CANNOT, probes={"two_sample_auc": 0.97}),
            stream(IMAGE_FACTS, _LEADS, probes={"two_sample_auc": 0.97}),
        ),
        Symptom.DISCRIMINATOR_BLIND,
        (700, 1100),
        closes=(1700, 1950),
    ),
    Specimen(
        "a dead D comes back to life before samples that are good by then",
        turning(
            1000,
            stream(
                IMAGE_FACTS,
                _CANNOT | {"logit_real_std": 0.0, "logit_fake_std": 0.0},
                probes={"two_sample_auc": 0.7},
            ),
            stream(IMAGE_FACTS, _LEADS, probes={"two_sample_auc": 0.55}),
        ),
        Symptom.FALSE_EQUILIBRIUM,
        (300, 700),
        closes=(1200, 1450),
    ),
)
