"""One network moves far faster than the other, weight for weight."""

from __future__ import annotations

import math
from typing import ClassVar

from ganlab import remedies
from ganlab.detectors.base import Detector
from ganlab.detectors.series import Tail
from ganlab.detectors.specimen import IMAGE_FACTS, Specimen, stream, turning
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Observation


class UpdateImbalance(Detector):
    """D's relative move a step over G's."""

    name = "Update imbalance"
    doc = (
        "A step moves one network's weights, in relation to their size, more than twenty times "
        "as far as the other's; or one of them does not move at all. Learning rates alone do not "
        "say so: Adam hides a vanished gradient, and weights grow."
    )
    source = "Heusel et al. 2017 (arXiv:1706.08500); Ba et al. 2015 (arXiv:1412.6980), section 2.1"
    formula = """
        most, least = the larger and the smaller median of {probes} probes
                      of update_ratio_d and of update_ratio_g
        most / least >= {times} and most >= {still}
        asked after the warm-up
    """
    needs: ClassVar[frozenset[str]] = frozenset({"update_ratio_d", "update_ratio_g"})

    def __init__(
        self,
        *,
        times: float = 20.0,  # D's move / G's, or the inverse
        still: float = 1e-8,  # 1/step; below it a network stands
        probes: int = 6,  # probes whose median counts
    ) -> None:
        self.times, self.still, self.probes = times, still, probes
        super().__init__()

    def _reset(self) -> None:
        self._moves = {player: Tail(self.probes) for player in "dg"}
        self._start: int | None = None

    def _judge(self, observation: Observation) -> Finding | None:
        metrics, step = observation.metrics, observation.step
        if self._start is None:
            self._start = step
        if "update_ratio_d" not in metrics or "update_ratio_g" not in metrics:
            return self.standing
        self._moves["d"].add(step, metrics["update_ratio_d"])
        self._moves["g"].add(step, metrics["update_ratio_g"])
        full = self._moves["d"].full and self._moves["g"].full
        if not full or step - self._start < self.warm_up():
            return None
        d, g = self._moves["d"].median(), self._moves["g"].median()
        slow, least, most = ("G", g, d) if g < d else ("D", d, g)
        ratio = most / least if least > 0.0 else math.inf
        if not (most >= self.still and ratio >= self.times):
            return None
        return self._finding(step, slow, least, most, ratio)

    def _finding(self, step: int, slow: str, least: float, most: float, ratio: float) -> Finding:
        span = self._moves["d"].span
        fast = "D" if slow == "G" else "G"
        proof = Evidence("update ratio, fast over slow", ratio, ">=", self.times, span)
        how = f"moves {ratio:.0f} times as slowly"
        if least < self.still:
            proof = Evidence(f"update_ratio_{slow.lower()}", least, "<", self.still, span)
            how = "stands still"
        return Finding(
            Symptom.UPDATE_IMBALANCE,
            Severity.WARNING,
            step,
            f"{slow} {how}, while {fast} moves by {most:.1g} of its weights' size a step.",
            (proof, Evidence(f"update_ratio_{fast.lower()}", most, ">=", self.still, span)),
            remedies.for_imbalance(self.facts),
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return _SPECIMENS


_SPECIMENS = (
    Specimen(
        "both move alike",
        stream(IMAGE_FACTS, {}, probes={"update_ratio_d": 2e-3, "update_ratio_g": 3e-3}),
    ),
    Specimen(
        "near miss: ten times apart, as five critic steps for each of G's make",
        stream(IMAGE_FACTS, {}, probes={"update_ratio_d": 1e-2, "update_ratio_g": 1e-3}),
    ),
    Specimen(
        "near miss: both stand",
        stream(IMAGE_FACTS, {}, probes={"update_ratio_d": 1e-24, "update_ratio_g": 0.0}),
    ),
    Specimen(
        "D moves fifty times as fast",
        stream(IMAGE_FACTS, {}, probes={"update_ratio_d": 5e-3, "update_ratio_g": 1e-4}),
        Symptom.UPDATE_IMBALANCE,
        (250, 400),
    ),
    Specimen(
        "G stands",
        stream(IMAGE_FACTS, {}, probes={"update_ratio_d": 1e-3, "update_ratio_g": 0.0}),
        Symptom.UPDATE_IMBALANCE,
        (250, 400),
    ),
    Specimen(
        "D moves fifty times as fast until step 1000, then both alike",
        turning(
            1000,
            stream(IMAGE_FACTS, {}, probes={"update_ratio_d": 5e-3, "update_ratio_g": 1e-4}),
            stream(IMAGE_FACTS, {}, probes={"update_ratio_d": 2e-3, "update_ratio_g": 3e-3}),
        ),
        Symptom.UPDATE_IMBALANCE,
        (250, 400),
        closes=(1050, 1150),
    ),
)
