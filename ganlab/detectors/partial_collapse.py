"""Modes of the data are missing for good. Every young run misses most of them, and finds them."""

from __future__ import annotations

from typing import ClassVar

from ganlab import remedies
from ganlab.detectors.base import Detector
from ganlab.detectors.series import Standstill, Tail
from ganlab.detectors.specimen import IMAGE_FACTS, Specimen, stream, turning
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Facts, Observation


class PartialCollapse(Detector):
    """Missing mass of the codebook, with quality at a plateau."""

    name = "Partial mode collapse"
    doc = (
        "Samples differ, and still most of the data's modes have had none over the last eight "
        "probes; neither has the distance to the data got smaller for a long while."
    )
    source = "Arora & Zhang 2018 (arXiv:1706.08224); Richardson & Weiss 2018 (arXiv:1805.12462)"
    formula = """
        at each of the last {probes} probes codebook_entropy < {uneven}
        and missing_mass > {missing}, of points > {modes}
        and their median diversity >= {spread}
        and codebook_js_long not better by the share {gain} for {plateau} steps
        asked from step {patience} on
    """
    needs: ClassVar[frozenset[str]] = frozenset(
        {"missing_mass", "codebook_entropy", "codebook_js_long", "diversity"}
    )

    def __init__(
        self,
        *,
        missing: float = 0.6,  # share of the real data in bins without samples
        modes: float = 0.4,  # the same for points, where each bin is a mode
        uneven: float = 0.75,  # entropy of the bins / of reals, below which few bins hold most
        spread: float = 0.15,  # pair distance of fakes / of reals: below it, the collapse is total
        probes: int = 6,  # probes in a row
        patience: int = 1500,  # steps a young run may take to find its modes
        plateau: int = 700,  # steps without a better distance to the data
        gain: float = 0.05,  # share by which a distance has to be smaller to count as better
    ) -> None:
        self.missing, self.modes, self.uneven = missing, modes, uneven
        self.spread, self.probes = spread, probes
        self.patience, self.plateau, self.gain = patience, plateau, gain
        super().__init__()

    def _reset(self) -> None:
        self._missing, self._entropy = Tail(self.probes), Tail(self.probes)
        self._diversity = Tail(self.probes)
        self._quality = Standstill(self.gain)
        self._start: int | None = None

    def _judge(self, observation: Observation) -> Finding | None:
        metrics, step = observation.metrics, observation.step
        if self._start is None:
            self._start = step
        if "missing_mass" not in metrics:
            return self.standing
        self._missing.add(step, metrics["missing_mass"])
        self._entropy.add(step, metrics.get("codebook_entropy"))
        self._diversity.add(step, metrics.get("diversity"))
        stalled = self._quality.update(step, metrics.get("codebook_js_long"))
        if not self._missing.full or step - self._start < self.patience or stalled < self.plateau:
            return None
        return self._finding(step, stalled) if self._gone() else None

    def _gone(self) -> bool:
        """Whether all the last probes miss modes; one image alone is a total collapse."""
        return (
            min(self._missing.values) > self._bound
            and self._entropy.full
            and max(self._entropy.values) < self.uneven
            and self._diversity.median() >= self.spread
        )

    @property
    def _bound(self) -> float:
        """Bins of images are parts of a class, and a good G leaves out more of them."""
        return self.modes if self.of_points else self.missing

    def _finding(self, step: int, stalled: int) -> Finding:
        missing, entropy = self._missing.values[-1], self._entropy.values[-1]
        return Finding(
            Symptom.PARTIAL_COLLAPSE,
            Severity.FAILURE,
            step,
            f"G leaves out modes that hold {missing:.0%} of the data, and has come no closer to "
            f"the data for {stalled} steps.",
            (
                Evidence("missing_mass", missing, ">", self._bound, self._missing.span),
                Evidence("codebook_entropy", entropy, "<", self.uneven, self._entropy.span),
                Evidence("steps without a better codebook_js_long", stalled, ">=", self.plateau),
            ),
            remedies.for_missing_modes(self.facts),
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return _SPECIMENS


_FULL = {
    "missing_mass": 0.05,
    "codebook_entropy": 0.93,
    "codebook_js_long": 0.07,
    "diversity": 0.85,
}
_HALF = {
    "missing_mass": 0.75,
    "codebook_entropy": 0.5,
    "codebook_js_long": 0.45,
    "diversity": 0.5,
}

_MIXTURE: Facts = {**IMAGE_FACTS, "output": "linear", "dimensions": 1}
_TWO_OF_FOUR = _HALF | {"missing_mass": 0.49, "codebook_entropy": 0.47, "diversity": 0.4}

_SPECIMENS = (
    Specimen("every mode has samples", stream(IMAGE_FACTS, {}, probes=_FULL)),
    Specimen(
        "near miss: modes come one after the other until step 2000",
        stream(
            IMAGE_FACTS,
            {},
            probes=_HALF
            | {
                "missing_mass": lambda step: max(0.05, 0.98 - step / 2200),
                "codebook_entropy": lambda step: min(0.9, 0.2 + step / 2800),
                "codebook_js_long": lambda step: max(0.08, 0.65 - step / 3500),
            },
        ),
    ),
    Specimen(
        "near miss: blurred but diverse samples far from the codebook, no mode missing",
        stream(IMAGE_FACTS, {}, probes=_FULL | {"codebook_js_long": 0.3, "missing_mass": 0.3}),
    ),
    Specimen(
        "near miss: one image is a total collapse, and another detector's",
        stream(IMAGE_FACTS, {}, probes=_HALF | {"diversity": 0.05, "missing_mass": 0.98}),
    ),
    Specimen(
        "a quarter of the data has samples, and it stays so",
        stream(IMAGE_FACTS, {}, probes=_HALF),
        Symptom.PARTIAL_COLLAPSE,
        (1500, 1600),
    ),
    Specimen(
        "near miss: images without samples in half of the bins, which are parts of classes",
        stream(IMAGE_FACTS, {}, probes=_TWO_OF_FOUR),
    ),
    Specimen(
        "two of four modes on a line",
        stream(_MIXTURE, {}, probes=_TWO_OF_FOUR),
        Symptom.PARTIAL_COLLAPSE,
        (1500, 1700),
    ),
    Specimen(
        "a quarter of the data has samples until step 2000, then all of it",
        turning(
            2000,
            stream(IMAGE_FACTS, {}, probes=_HALF),
            stream(IMAGE_FACTS, {}, probes=_FULL),
        ),
        Symptom.PARTIAL_COLLAPSE,
        (1500, 1600),
        closes=(2000, 2100),
    ),
)
