"""The whole batch jumps from mode to mode. A young G wanders too, while it learns."""

from __future__ import annotations

from typing import ClassVar

from ganlab import remedies
from ganlab.detectors.base import Detector
from ganlab.detectors.series import Tail, Trend
from ganlab.detectors.specimen import IMAGE_FACTS, Specimen, stream, turning
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Observation


class ModeHopping(Detector):
    """Modes take turns: each probe is on few of them, ten probes together on many."""

    name = "Mode hopping"
    doc = (
        "From one probe to the next nearly all samples move to other modes of the data, and no "
        "single batch comes closer to the data. One look at it shows a collapse, ten show a cycle."
    )
    source = "Metz et al. 2017 (arXiv:1611.02163), figure 2; Mescheder et al. 2018"
    formula = """
        median of 10 probes of mode_shift > {shift}
        and median of 10 probes of mode_turns > {turns}
        and mean of 10 probes of codebook_js >= (1 - {gain}) * mean of the 10 before
        asked from step {patience} on
    """
    needs: ClassVar[frozenset[str]] = frozenset({"mode_shift", "mode_turns", "codebook_js"})

    def __init__(
        self,
        *,
        shift: float = 0.8,  # share of samples in another bin, median of ten probes
        turns: float = 0.9,  # nats between probe and bin, median of ten probes
        patience: int = 1500,  # steps a young run may wander
        gain: float = 0.1,  # share by which ten probes are closer to the data than ten before
    ) -> None:
        self.shift, self.turns = shift, turns
        self.patience, self.gain = patience, gain
        super().__init__()

    def _reset(self) -> None:
        self._shifts, self._turns = Tail(10), Tail(10)
        self._quality = Trend()
        self._start: int | None = None

    def _judge(self, observation: Observation) -> Finding | None:
        metrics, step = observation.metrics, observation.step
        if self._start is None:
            self._start = step
        if "mode_shift" not in metrics:
            return self.standing
        self._shifts.add(step, metrics["mode_shift"])
        self._turns.add(step, metrics.get("mode_turns"))
        self._quality.add(step, metrics.get("codebook_js"))
        if not self._turns.full or step - self._start < self.patience:
            return None
        if not self._quality.known or self._quality.falls(self.gain):
            return None
        shift, turns = self._shifts.median(), self._turns.median()
        if not (shift > self.shift and turns > self.turns):
            return None
        return Finding(
            Symptom.MODE_HOPPING,
            Severity.FAILURE,
            step,
            f"From probe to probe {shift:.0%} of the samples change their mode: the batch runs "
            "from one to the next.",
            (
                Evidence("mode_shift", shift, ">", self.shift, self._shifts.span),
                Evidence("mode_turns", turns, ">", self.turns, self._turns.span),
            ),
            remedies.for_missing_modes(self.facts),
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return _SPECIMENS


_SETTLED = {"mode_shift": 0.2, "mode_turns": 0.2, "codebook_js": 0.08}
_CYCLE = {"mode_shift": 1.0, "mode_turns": 1.7, "codebook_js": 0.49}

_SPECIMENS = (
    Specimen("samples keep their modes", stream(IMAGE_FACTS, {}, probes=_SETTLED)),
    Specimen(
        "near miss: a young G wanders until step 1300, ever closer to the data",
        stream(
            IMAGE_FACTS,
            {},
            probes={
                "mode_shift": lambda step: 0.95 if step < 1300 else 0.3,
                "mode_turns": lambda step: 1.5 if step < 1300 else 0.6,
                "codebook_js": lambda step: max(0.1, 0.6 - step / 3000),
            },
        ),
    ),
    Specimen(
        "near miss: one jump of the whole batch",
        stream(
            IMAGE_FACTS,
            {},
            probes=_SETTLED | {"mode_shift": lambda step: 1.0 if step == 1700 else 0.2},
        ),
    ),
    Specimen(
        "near miss: noise on 47 bins shifts a third of the samples, turns read 0.5",
        stream(IMAGE_FACTS, {}, probes=_CYCLE | {"mode_shift": 0.35, "mode_turns": 0.5}),
    ),
    Specimen(
        "one mode at a time, another at each probe",
        stream(IMAGE_FACTS, {}, probes=_CYCLE),
        Symptom.MODE_HOPPING,
        (1500, 1600),
    ),
    Specimen(
        "another mode at each probe, until samples settle at step 2000",
        turning(
            2000,
            stream(IMAGE_FACTS, {}, probes=_CYCLE),
            stream(IMAGE_FACTS, {}, probes=_SETTLED),
        ),
        Symptom.MODE_HOPPING,
        (1500, 1600),
        closes=(2000, 2100),
    ),
)
