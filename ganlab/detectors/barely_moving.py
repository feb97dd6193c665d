"""Both networks move so little that the samples stay where the first weights put them."""

from __future__ import annotations

from typing import ClassVar

from ganlab import remedies
from ganlab.detectors.base import Detector
from ganlab.detectors.series import Tail
from ganlab.detectors.specimen import IMAGE_FACTS, Specimen, stream, turning
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Observation


class BarelyMoving(Detector):
    """Steps that are too small for both players: nobody wins, and nothing is learned."""

    name = "Barely moving"
    doc = (
        "Steps change both networks by next to nothing of their weights' size, samples of the same "
        "z hardly move from probe to probe, and they are far from the data. Small steps alone say "
        "nothing: a run that has arrived takes them too."
    )
    source = "Ba et al. 2015 (arXiv:1412.6980), section 2.1; Smith 2017 (arXiv:1506.01186)"
    formula = """
        median of {probes} probes of max(update_ratio_d, update_ratio_g) < {small}
        and median of {probes} probes of drift < {still}
        and median of {probes} probes of codebook_js > {far}
        asked after the warm-up, and from step {young} on
    """
    needs: ClassVar[frozenset[str]] = frozenset(
        {"update_ratio_d", "update_ratio_g", "drift", "codebook_js"}
    )

    def __init__(
        self,
        *,
        small: float = 2.5e-4,  # 1/step; relative move of the faster network's weights
        still: float = 0.03,  # drift of G's samples between two probes
        far: float = 0.3,  # nats between samples and data
        probes: int = 6,  # probes whose medians count
        young: int = 500,  # steps before which nothing is said
    ) -> None:
        self.small, self.still, self.far = small, still, far
        self.probes, self.young = probes, young
        super().__init__()

    def _reset(self) -> None:
        self._moves, self._drifts = Tail(self.probes), Tail(self.probes)
        self._distances = Tail(self.probes)
        self._start: int | None = None

    def _judge(self, observation: Observation) -> Finding | None:
        metrics, step = observation.metrics, observation.step
        if self._start is None:
            self._start = step
        if "update_ratio_g" not in metrics or "update_ratio_d" not in metrics:
            return self.standing
        self._moves.add(step, max(metrics["update_ratio_d"], metrics["update_ratio_g"]))
        self._drifts.add(step, metrics.get("drift"))
        self._distances.add(step, metrics.get("codebook_js"))
        full = self._moves.full and self._drifts.full and self._distances.full
        if not full or step - self._start < max(self.young, self.warm_up()):
            return None
        move, drift, away = (t.median() for t in (self._moves, self._drifts, self._distances))
        if not (move < self.small and drift < self.still and away > self.far):
            return None
        span = self._moves.span
        return Finding(
            Symptom.BARELY_MOVING,
            Severity.WARNING,
            step,
            f"The faster network moves by {move:.1g} of its weights' size a step, and G's samples "
            f"stay {away:.2f} nats away from the data.",
            (
                Evidence("larger update ratio", move, "<", self.small, span),
                Evidence("drift", drift, "<", self.still, span),
                Evidence("codebook_js", away, ">", self.far, span),
            ),
            remedies.for_tiny_steps(self.facts),
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return _SPECIMENS


_SLOW = {"update_ratio_d": 1e-4, "update_ratio_g": 5e-5, "drift": 0.02, "codebook_js": 0.47}

_SPECIMENS = (
    Specimen(
        "usual steps",
        stream(IMAGE_FACTS, {}, probes=_SLOW | {"update_ratio_d": 3e-3, "drift": 0.2}),
    ),
    Specimen(
        "near miss: decayed rates, and samples that have arrived",
        stream(IMAGE_FACTS, {}, probes=_SLOW | {"codebook_js": 0.08}),
    ),
    Specimen(
        "near miss: small steps in large weights, and samples that move",
        stream(IMAGE_FACTS, {}, probes=_SLOW | {"drift": 0.15}),
    ),
    Specimen(
        "near miss: G stands still before a D that moves; another detector's business",
        stream(IMAGE_FACTS, {}, probes=_SLOW | {"update_ratio_d": 2e-3, "drift": 0.001}),
    ),
    Specimen(
        "learning rates of 2e-6",
        stream(IMAGE_FACTS, {}, probes=_SLOW),
        Symptom.BARELY_MOVING,
        (500, 600),
    ),
    Specimen(
        "learning rates of 2e-6, raised at step 1000",
        turning(
            1000,
            stream(IMAGE_FACTS, {}, probes=_SLOW),
            stream(IMAGE_FACTS, {}, probes=_SLOW | {"update_ratio_d": 3e-3, "drift": 0.2}),
        ),
        Symptom.BARELY_MOVING,
        (500, 600),
        closes=(1050, 1150),
    ),
)
