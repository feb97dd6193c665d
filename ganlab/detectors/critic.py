"""A Wasserstein critic off its Lipschitz bound: the four ways it fails."""

from __future__ import annotations

import math
from typing import ClassVar

from ganlab import remedies
from ganlab.detectors.base import Detector, Lasting, Window
from ganlab.detectors.critic_streams import SPECIMENS
from ganlab.detectors.series import Standstill, Tail
from ganlab.detectors.specimen import Specimen
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Metrics, Observation


class Critic(Detector):
    """Unbounded, bounded by a sigmoid, flat, or flat under its penalty."""

    name = "Wasserstein critic"
    doc = (
        "The critic's gradient norm on interpolates should lie near 1. Far above it the score is "
        "no distance (a notice while samples still get better); below it behind a sigmoid the "
        "score is bounded; and a score without difference where a linear test sees one is flat."
    )
    source = "Gulrajani et al. 2017 (arXiv:1704.00028); Arjovsky et al. 2017 (arXiv:1701.07875)"
    formula = """
        norm = median of 100 steps of interpolate_norm, of input_gradient where there is none
        rise = median of 100 steps of (logit_real - logit_fake)
               / median of 6 probes of real_fake_distance
        unbounded  norm > {free} once, with gp_weight = weight_clip = 0; or norm > {boundless};
                   or norm > {free} with 0 < gp_weight <= {feeble};
                   or norm > {steep} (a notice) and codebook_js not 5 % better for {plateau} steps
                   with a median of 6 probes > {far}
        bounded    norm < {shallow} behind a sigmoid, for 50 steps
        flat       rise < {flat} and median of 6 probes of two_sample_auc > {plain}, for 200 steps
        over-penalised: flat, and median of 100 steps of interpolate_norm_std < {even}
        asked of Wasserstein losses only; all but "bounded" from step {young} on
    """
    needs: ClassVar[frozenset[str]] = frozenset(
        {"input_gradient", "logit_real", "logit_fake", "real_fake_distance", "two_sample_auc"}
    )
    forgets: ClassVar[frozenset[str]] = frozenset({"loss", "head", "gp_weight", "weight_clip"})

    def __init__(
        self,
        *,
        steep: float = 2.0,  # gradient norm on interpolates; Lipschitz 1 asks for at most 1
        boundless: float = 200.0,  # the same, where no score is a distance any more
        free: float = 10.0,  # the same, where nothing holds the critic, or next to nothing
        feeble: float = 0.01,  # weight up to which a penalty is next to nothing; 10 is usual
        shallow: float = 0.9,  # the same, behind a sigmoid
        even: float = 0.02,  # its spread over samples, below which the penalty rules alone
        flat: float = 0.03,  # critic's distance / mean distance of real and fake; at most 1
        plain: float = 0.8,  # AUC of the linear test, above which fakes are easy to tell
        young: int = 300,  # steps before which every G makes one image, and norms are even
        plateau: int = 300,  # steps without samples closer to the data
        far: float = 0.3,  # nats between them and the data
    ) -> None:
        self.steep, self.boundless = steep, boundless
        self.free, self.feeble = free, feeble
        self.shallow, self.even, self.flat = shallow, even, flat
        self.plain, self.young, self.plateau, self.far = plain, young, plateau, far
        super().__init__()

    def _reset(self) -> None:
        self._norms, self._spreads, self._distances = Window(100), Window(100), Window(100)
        self._tests, self._between = Tail(6), Tail(6)
        self._quality = Standstill(0.05)
        self._stalled = 0
        self._away = Tail(6)
        self._bounded = Lasting(on=50, off=200)
        self._flat = Lasting(on=200, off=200)
        self._stuck = Lasting(on=0, off=300)
        self._ran_free = 0.0  # the norm at which it did
        self._name = "interpolate_norm"
        self._start: int | None = None

    def _judge(self, observation: Observation) -> Finding | None:
        metrics, step = observation.metrics, observation.step
        if self._start is None:
            self._start = step
        if not self.facts.get("loss", "wgan_gp").startswith("wgan"):
            return None
        if "two_sample_auc" in metrics:
            self._tests.add(step, metrics["two_sample_auc"])
            self._between.add(step, metrics.get("real_fake_distance"))
            self._away.add(step, metrics.get("codebook_js"))
            self._stalled = self._quality.update(step, metrics.get("codebook_js"))
        # Under a Wasserstein loss G's gradient at its samples is the critic's own.
        self._name = "interpolate_norm" if "interpolate_norm" in metrics else "input_gradient"
        if not {self._name, "logit_real", "logit_fake"} <= metrics.keys():
            return self.standing
        self._collect(step, metrics)
        if not self._norms.full or not self._between.full:
            return None
        bounded = self._bounded.update(step, self._bound(step))
        flat = self._flat.update(step, self._flatness(step))
        return self._first(step, bounded, flat, self._steepness(step))

    def _collect(self, step: int, metrics: Metrics) -> None:
        self._norms.add(step, metrics[self._name])  # type: ignore[literal-required]
        self._spreads.add(step, metrics.get("interpolate_norm_std", 1.0))
        self._distances.add(step, metrics["logit_real"] - metrics["logit_fake"])

    def _young(self, step: int) -> bool:
        assert self._start is not None
        return step - self._start < self.young

    def _bound(self, step: int) -> Finding | None:
        norm = self._norms.median()
        if not (self.facts.get("head") == "sigmoid" and norm < self.shallow):
            return None
        evidence = Evidence(self._name, norm, "<", self.shallow, 100)
        text = f"A sigmoid bounds the critic's scores; their slope is {norm:.2f} where 1 is wanted."
        return self._finding(Symptom.CRITIC_BOUNDED, Severity.FAILURE, step, text, evidence)

    def _share(self) -> float:
        """Critic's distance over the mean distance, which no Lipschitz-1 critic exceeds."""
        return self._distances.median() / max(self._between.median(), 1e-12)

    def _flatness(self, step: int) -> Finding | None:
        share, test, spread = self._share(), self._tests.median(), self._spreads.median()
        # Below 0 the critic ranks fakes above reals.
        if self._young(step) or not (test > self.plain and share < self.flat):
            return None
        strong = spread < self.even
        proof = [
            Evidence("critic's distance / real_fake_distance", share, "<", self.flat, 200),
            Evidence("two_sample_auc", test, ">", self.plain, self._tests.span),
        ]
        if strong:
            proof.append(Evidence("interpolate_norm_std", spread, "<", self.even, 100))
        return self._finding(
            Symptom.CRITIC_OVERPENALISED if strong else Symptom.CRITIC_FLAT,
            Severity.WARNING,
            step,
            f"From fakes to reals the critic's score rises by {share:.3f} of their mean distance, "
            f"and a linear test tells them ({test:.2f}).",
            *proof,
        )

    def _steepness(self, step: int) -> Finding | None:
        norm = self._norms.median()
        if self._young(step):
            return None
        if self._unheld and norm > self.free:
            self._ran_free = max(norm, self._ran_free)
        if self._ran_free > self.free:
            text = f"Nothing holds the critic: its gradient norm has reached {self._ran_free:.0f}."
            evidence = Evidence(f"largest {self._name}", self._ran_free, ">", self.free, 100)
            return self._finding(Symptom.CRITIC_UNBOUNDED, Severity.FAILURE, step, text, evidence)
        stuck = self._stuck.update(step, self._stalling(step, norm))
        slope = self._slope(step, norm)
        if slope is None or slope.severity > Severity.NOTICE:
            return slope
        return self._first(step, stuck, slope)

    @property
    def _unheld(self) -> bool:
        """Whether there is neither a penalty nor clipping, as far as it was told."""
        return self.facts.get("gp_weight") == 0 and self.facts.get("weight_clip") == 0

    def _stalling(self, step: int, norm: float) -> Finding | None:
        """Too steep, and samples come no closer to the data."""
        away = self._away.median()
        if not (norm > self.steep and self._stalled >= self.plateau and away > self.far):
            return None
        return self._finding(
            Symptom.CRITIC_UNBOUNDED,
            Severity.FAILURE,
            step,
            f"The critic's gradient norm is {norm:.1f} where 1 is wanted, and samples have come "
            f"no closer to the data for {self._stalled} steps.",
            Evidence(self._name, norm, ">", self.steep, 100),
            Evidence("steps without a better codebook_js", self._stalled, ">=", self.plateau),
            Evidence("codebook_js", away, ">", self.far, self._away.span),
        )

    def _slope(self, step: int, norm: float) -> Finding | None:
        """Too steep: loud where it is beyond all bounds, whatever the samples do."""
        text = f"The critic's gradient norm is {norm:.1f} where 1 is wanted"
        feeble = 0.0 < self.facts.get("gp_weight", math.inf) <= self.feeble
        most = self.free if feeble else self.boundless
        if norm > most:
            evidence = Evidence(self._name, norm, ">", most, 100)
            return self._finding(Symptom.CRITIC_UNBOUNDED, Severity.WARNING, step, text, evidence)
        if norm > self.steep:
            evidence = Evidence(self._name, norm, ">", self.steep, 100)
            text += "; samples still come closer to the data."
            return self._finding(Symptom.CRITIC_UNBOUNDED, Severity.NOTICE, step, text, evidence)
        return None

    def _finding(
        self, symptom: Symptom, severity: Severity, step: int, text: str, *proof: Evidence
    ) -> Finding:
        return Finding(symptom, severity, step, text, proof, remedies.for_critic(self.facts))

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return SPECIMENS
