"""G has all but stopped moving since a setting was changed while the run trained."""

from __future__ import annotations

import statistics
from typing import ClassVar

from ganlab.detectors.base import Detector
from ganlab.detectors.before import Before
from ganlab.detectors.series import Tail
from ganlab.detectors.specimen import IMAGE_FACTS, Specimen, changed
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Observation


class StalledSinceChange(Detector):
    """Samples do not get worse, and no longer get better either: they stand still."""

    name = "Stalled since a change"
    doc = (
        "G's samples of a fixed z moved from probe to probe, and came closer to the data, until a "
        "setting was changed; now they hardly move, and learning has all but stopped."
    )
    source = "bounds from the live breaks of the benchmark's open part"
    formula = """
        before = the last {memory} probes before the change
        share = median drift of the last {lasting} probes / median drift before
        share < {still},
        and codebook_js_long had fallen by more than the share {gain} over those before
        asked for {reach} steps after the change; closes once share > {moving}
    """
    needs: ClassVar[frozenset[str]] = frozenset({"drift", "codebook_js_long", "changes"})

    def __init__(
        self,
        *,
        still: float = 0.285,  # drift / before
        moving: float = 0.4,  # the same, from which G moves again
        gain: float = 0.1,  # share by which samples were getting closer to the data
        memory: int = 9,  # probes before the change
        lasting: int = 4,  # probes since the change
        reach: int = 1000,  # steps after the change
    ) -> None:
        self.still, self.moving, self.gain = still, moving, gain
        self.memory, self.lasting, self.reach = memory, lasting, reach
        super().__init__()

    def _reset(self) -> None:
        self._before = Before(("drift", "codebook_js_long"), self.memory)
        self._drifts = Tail(self.lasting)

    def _judge(self, observation: Observation) -> Finding | None:
        metrics, step, before = observation.metrics, observation.step, self._before
        changes = self.facts.get("changes", 0)
        if before.notice(changes, step, hold=self.standing is not None):
            self._drifts = Tail(self.lasting)
        if "drift" not in metrics:
            return self.standing
        self._drifts.add(step, metrics["drift"])
        before.remember(step, metrics)
        share = self._drifts.median() / max(self._drift_before(), 1e-12)
        if self.standing is not None:
            return None if share > self.moving else self.standing
        if step - before.step > self.reach:
            before.values = {}
        if not (before.values and self._drifts.full and share < self.still and self._fell()):
            return None
        return self._finding(step, share)

    def _drift_before(self) -> float:
        return statistics.median(self._before.values.get("drift", [0.0]))

    def _fell(self) -> bool:
        """Whether samples were getting closer to the data before the change."""
        known = self._before.values.get("codebook_js_long", [])
        return len(known) > 1 and known[-1] < (1.0 - self.gain) * known[0]

    def _finding(self, step: int, share: float) -> Finding:
        before = self._before.values["codebook_js_long"]
        return Finding(
            Symptom.STALLED_SINCE_CHANGE,
            Severity.WARNING,
            step,
            f"Learning has all but stopped since the change at step {self._before.step}: G's "
            f"samples move {share:.0%} as far from probe to probe as before it.",
            (
                Evidence("drift / before", share, "<", self.still, self._drifts.span),
                Evidence("codebook_js_long before", before[-1], "<", (1.0 - self.gain) * before[0]),
            ),
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return _SPECIMENS


def _learning(step: int) -> float:
    return max(0.05, 0.6 - step / 2000)


_SPECIMENS = (
    Specimen("G moves on", changed(IMAGE_FACTS, {"drift": 0.15, "codebook_js_long": _learning})),
    Specimen(
        "near miss: G was at its best, and smaller steps keep it there",
        changed(
            IMAGE_FACTS,
            {"drift": lambda step: 0.15 if step <= 1000 else 0.02, "codebook_js_long": 0.05},
        ),
    ),
    Specimen(
        "near miss: two quiet probes after the change",
        changed(
            IMAGE_FACTS,
            {
                "drift": lambda step: 0.02 if 1000 < step <= 1100 else 0.15,
                "codebook_js_long": _learning,
            },
        ),
    ),
    Specimen(
        "Adam's rates under plain SGD: G stands still",
        changed(
            IMAGE_FACTS,
            {
                "drift": lambda step: 0.15 if step <= 1000 else 0.02,
                "codebook_js_long": lambda step: _learning(min(step, 1000)),
            },
        ),
        Symptom.STALLED_SINCE_CHANGE,
        (1150, 1250),
    ),
    Specimen(
        "G stands still after a change, and moves again from step 1500 on",
        changed(
            IMAGE_FACTS,
            {
                "drift": lambda step: 0.02 if 1000 < step < 1500 else 0.15,
                "codebook_js_long": _learning,
            },
        ),
        Symptom.STALLED_SINCE_CHANGE,
        (1150, 1250),
        closes=(1550, 1700),
    ),
)
