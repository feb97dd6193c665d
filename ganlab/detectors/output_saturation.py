"""G's output activation is pinned at its bounds, where it is flat."""

from __future__ import annotations

from typing import ClassVar

from ganlab import remedies
from ganlab.detectors.base import Detector
from ganlab.detectors.series import Tail
from ganlab.detectors.specimen import IMAGE_FACTS, Specimen, stream
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Observation


class OutputSaturation(Detector):
    """Nearly all generated values at a bound of tanh or sigmoid."""

    name = "Output saturation"
    doc = (
        "Nearly every generated value lies at a bound of G's output activation, where its slope "
        "is zero: what D signals does not get through. Most of a digit is background, so a large "
        "share at the bounds is normal."
    )
    source = "LeCun et al. 1998, Efficient BackProp, section 4.4; our measurement"
    formula = """
        output_saturation > {pinned} at each of the last {probes} probes
        asked after the warm-up
    """
    needs: ClassVar[frozenset[str]] = frozenset({"output_saturation"})
    forgets: ClassVar[frozenset[str]] = frozenset({"output"})

    def __init__(
        self,
        *,
        pinned: float = 0.95,  # share of outputs within 1.5 % of a bound
        probes: int = 4,  # probes in a row
    ) -> None:
        self.pinned, self.probes = pinned, probes
        super().__init__()

    def _reset(self) -> None:
        self._shares = Tail(self.probes)
        self._start: int | None = None

    def _judge(self, observation: Observation) -> Finding | None:
        metrics, step = observation.metrics, observation.step
        if self._start is None:
            self._start = step
        if "output_saturation" not in metrics:
            return self.standing
        self._shares.add(step, metrics["output_saturation"])
        if not self._shares.full or step - self._start < self.warm_up():
            return None
        least = min(self._shares.values)
        if not least > self.pinned:
            return None
        return Finding(
            Symptom.OUTPUT_SATURATION,
            Severity.FAILURE,
            step,
            f"{least:.1%} of the generated values are pinned at a bound of "
            f"{self.facts.get('output', 'the output activation')}, where it is flat.",
            (Evidence("output_saturation", least, ">", self.pinned, self._shares.span),),
            remedies.for_pinned_output(self.facts),
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return _SPECIMENS


_SPECIMENS = (
    Specimen(
        "half of the pixels at a bound", stream(IMAGE_FACTS, {}, probes={"output_saturation": 0.5})
    ),
    Specimen(
        "near miss: digits on a black background",
        stream(IMAGE_FACTS, {}, probes={"output_saturation": 0.85}),
    ),
    Specimen(
        "near miss: three probes are no streak",
        stream(
            IMAGE_FACTS,
            {},
            probes={"output_saturation": lambda step: 1.0 if 600 <= step <= 700 else 0.6},
        ),
    ),
    Specimen(
        "every pixel pinned from step 300 on",
        stream(
            IMAGE_FACTS,
            {},
            probes={"output_saturation": lambda step: 0.3 if step < 300 else 1.0},
        ),
        Symptom.OUTPUT_SATURATION,
        (300, 600),
    ),
    Specimen(
        "every pixel pinned until step 1000, then most of them free",
        stream(
            IMAGE_FACTS,
            {},
            probes={"output_saturation": lambda step: 1.0 if step < 1000 else 0.6},
        ),
        Symptom.OUTPUT_SATURATION,
        (200, 400),
        closes=(1000, 1000),
    ),
)
