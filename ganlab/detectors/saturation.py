"""D is sure and G gets no signal: saturated loss, inert G, dead output, or what Adam hides.

Loss-aware: the non-saturating generator keeps a large gradient while D wins, and a Wasserstein
critic ranks every pair right in a healthy run.
"""

from __future__ import annotations

import math
from typing import ClassVar

from ganlab import remedies
from ganlab.config import PROBABILITY_LOSSES
from ganlab.detectors.base import Detector, Lasting, Window
from ganlab.detectors.saturation_streams import SPECIMENS
from ganlab.detectors.series import Tail
from ganlab.detectors.specimen import Specimen
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Facts, Observation


class Saturation(Detector):
    """Saturation and vanishing generator gradient, and D's mere dominance."""

    name = "Saturation"
    doc = (
        "D separates real from generated samples, and G's loss has no slope (or its output no "
        "longer moves): nothing tells G where to go."
    )
    source = "Goodfellow et al. 2014; Arjovsky & Bottou 2017 (arXiv:1701.04862), theorem 2.4"
    formula = """
        median of 100 steps of auc > {sure} and, for 150 steps, one of
            loss_slope < {slope} in 60 % of the last 100 steps
            median of 100 steps of grad_norm_g / input_gradient
                < {transfer} * its median of steps 20 to 200,
                unless drift > {moving} in 50 steps at each of the last 4 probes
            drift < {still} in 50 steps, at each of the last 4 probes
            eps_dominated_g > {drowned} at each of the last 4 probes
        dominance: under a cross-entropy, each in 80 % of the last 300 steps,
            auc > 0.995 and d_loss - (the least loss its labels allow) < {margin}
        asked after the warm-up
    """
    needs: ClassVar[frozenset[str]] = frozenset({"d_loss", "g_loss", "auc", "loss_slope", "loss"})
    forgets: ClassVar[frozenset[str]] = frozenset({"loss", "head", "output", "data_range"})

    def __init__(
        self,
        *,
        sure: float = 0.95,  # AUC above which D separates the two
        slope: float = 0.02,  # |dL_G/dlogit| below which the loss is flat
        still: float = 0.005,  # drift in 50 steps below which G stands
        transfer: float = 0.05,  # grad_norm_g / input_gradient against its early median
        moving: float = 0.1,  # drift in 50 steps above which an output that passes little learns
        margin: float = 0.07,  # nats between D's loss and its floor
        drowned: float = 0.5,  # share of G's weights at which only Adam's eps is left
    ) -> None:
        self.sure, self.slope, self.still = sure, slope, still
        self.transfer, self.moving = transfer, moving
        self.margin, self.drowned = margin, drowned
        super().__init__()

    def _reset(self) -> None:
        self._slopes, self._aucs, self._transfers = Window(100), Window(100), Window(100)
        self._early_transfers = Window(200)
        self._drifts = Window(200)
        self._margins = Window(300)
        self._certain = Window(300)
        self._drowned = Tail(4)
        self._saturated = Lasting(on=150, off=300)
        self._dominates = Lasting(on=0, off=300)
        self._start: int | None = None

    def _judge(self, observation: Observation) -> Finding | None:
        metrics, step = observation.metrics, observation.step
        if "drift" in metrics:
            self._drifts.add(step, metrics["drift"])
        self._drowned.add(step, metrics.get("eps_dominated_g"))
        if not self.needs & metrics.keys() >= self.needs - {"loss"}:
            return self.standing
        if self._start is None:
            self._start = step
        self._collect(observation)
        if step - self._start < self.warm_up():
            return None
        saturated = self._saturated.update(step, self._saturation(step))
        dominates = self._dominates.update(step, self._dominance(step))
        return self._first(step, saturated, dominates)

    def _collect(self, observation: Observation) -> None:
        metrics, step = observation.metrics, observation.step
        self._slopes.add(step, metrics["loss_slope"])
        self._aucs.add(step, metrics["auc"])
        self._margins.add(step, metrics["d_loss"] - loss_floor(self.facts))
        self._certain.add(step, metrics["auc"])
        gradient, signal = metrics.get("grad_norm_g"), metrics.get("input_gradient")
        if gradient is not None and signal:
            ratio = gradient / signal
            self._transfers.add(step, ratio)
            assert self._start is not None
            if 20 <= step - self._start <= 200:
                self._early_transfers.add(step, ratio)

    def _saturation(self, step: int) -> Finding | None:
        """G gets no signal now."""
        auc = self._aucs.median()
        if not (self._aucs.full and auc > self.sure):
            return None
        proof = (
            self._flat_loss()
            or self._dead_output()
            or self._inert_generator()
            or self._hidden_by_adam()
        )
        if proof is None:
            return None
        evidence = proof, Evidence("auc", auc, ">", self.sure, 100)
        return self._finding(Symptom.SATURATION, Severity.FAILURE, step, evidence)

    def _flat_loss(self) -> Evidence | None:
        flat = self._slopes.share(value < self.slope for value in self._slopes.values)
        slope = self._slopes.median()
        if not (flat >= 0.6 and slope < self.slope):
            return None
        return Evidence("loss_slope", slope, "<", self.slope, 100)

    def _dead_output(self) -> Evidence | None:
        """G's output layer passes on almost nothing of the signal that reaches it."""
        if not self._transfers.values or len(self._early_transfers.values) < 5:
            return None
        now, bound = self._transfers.median(), self.transfer * self._early_transfers.median()
        drifts = self._drifts.values[-4:]
        # Black pixels at a sigmoid's end pass nothing on, and the rest learns all the same.
        moves = bool(drifts) and min(drifts) > self.moving * self._probe_share
        if moves or not now < bound:
            return None
        return Evidence("grad_norm_g / input_gradient", now, "<", bound, 100)

    def _inert_generator(self) -> Evidence | None:
        drifts = self._drifts.values[-4:]
        bound = self.still * self._probe_share
        if len(drifts) < 4 or not max(drifts) < bound:
            return None
        return Evidence("drift", max(drifts), "<", bound, round(4 * self._drifts.spacing))

    @property
    def _probe_share(self) -> float:
        """Probes closer than usual see G move less."""
        return min(1.0, self._drifts.spacing / _PROBE_STEPS)

    def _hidden_by_adam(self) -> Evidence | None:
        """Adam's step is scale-free until its eps rules: a vanished gradient hides behind it."""
        shares = self._drowned.values
        if not (self._drowned.full and min(shares) > self.drowned):
            return None
        return Evidence("eps_dominated_g", min(shares), ">", self.drowned, self._drowned.span)

    def _dominance(self, step: int) -> Finding | None:
        """D is certain, but G still gets a gradient: worth a warning, not a failure."""
        if self.facts.get("loss") not in PROBABILITY_LOSSES or not self._margins.full:
            return None
        close = self._margins.share(value < self.margin for value in self._margins.values)
        sure = self._certain.share(value > 0.995 for value in self._certain.values)
        margin, auc = self._margins.median(), self._certain.median()
        if not (close >= 0.8 and margin < self.margin and sure >= 0.8 and auc > 0.995):
            return None
        evidence = (
            Evidence("d_loss above its floor", margin, "<", self.margin, 300),
            Evidence("auc", auc, ">", 0.995, 300),
        )
        return self._finding(Symptom.DISCRIMINATOR_DOMINATES, Severity.WARNING, step, evidence)

    def _finding(
        self, symptom: Symptom, severity: Severity, step: int, evidence: tuple[Evidence, ...]
    ) -> Finding:
        cures = remedies.for_saturation(self.facts)
        return Finding(symptom, severity, step, _SUMMARIES[symptom], evidence, cures)

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return SPECIMENS


_PROBE_STEPS = 50


def loss_floor(facts: Facts) -> float:
    """The least loss a perfect D can reach at its labels, in nats: the labels' entropy."""
    return _entropy(facts.get("real_label", 1.0)) + _entropy(facts.get("fake_label", 0.0))


def _entropy(p: float) -> float:
    return -sum(q * math.log(q) for q in (p, 1.0 - p) if q > 0.0)


_SUMMARIES = {
    Symptom.SATURATION: "D is sure of every sample, and G's loss no longer tells G where to go.",
    Symptom.DISCRIMINATOR_DOMINATES: "D is sure of every sample; G still gets a gradient.",
}
