"""Samples that lie where no data are: between the modes of a mixture, or beyond all of them."""

from __future__ import annotations

from typing import ClassVar

from ganlab import remedies
from ganlab.detectors.base import Detector
from ganlab.detectors.series import Standstill, Tail
from ganlab.detectors.specimen import IMAGE_FACTS, Specimen, stream
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Facts, Observation


class OffData(Detector):
    """Spread and coverage may look right while no single sample does."""

    name = "Samples off the data"
    doc = (
        "Nearly all samples lie farther from every bin of the codebook than real ones do, and "
        "have come no closer for a while: spread and coverage look right, single samples do not."
    )
    source = "Srivastava et al. 2017 (arXiv:1705.07761), the share of high-quality samples"
    formula = """
        median of {probes} probes of off_data > {stray}
        and off_data not better by the share {gain} for {plateau} steps
        asked from step {patience} on
    """
    needs: ClassVar[frozenset[str]] = frozenset({"off_data"})
    forgets: ClassVar[frozenset[str]] = frozenset({"data_range", "output"})

    def __init__(
        self,
        *,
        stray: float = 0.95,  # share of samples off the data
        probes: int = 6,  # probes whose median it is
        patience: int = 2500,  # steps a young run may take to find its modes
        plateau: int = 1000,  # steps without fewer stray samples
        gain: float = 0.05,  # share by which there have to be fewer to count
    ) -> None:
        self.stray, self.probes = stray, probes
        self.patience, self.plateau, self.gain = patience, plateau, gain
        super().__init__()

    def _reset(self) -> None:
        self._shares = Tail(self.probes)
        self._progress = Standstill(self.gain)
        self._start: int | None = None

    def _judge(self, observation: Observation) -> Finding | None:
        metrics, step = observation.metrics, observation.step
        if self._start is None:
            self._start = step
        if "off_data" not in metrics:
            return self.standing
        self._shares.add(step, metrics["off_data"])
        stalled = self._progress.update(step, metrics["off_data"])
        if not self._shares.full or step - self._start < self.patience:
            return None
        share = self._shares.median()
        if share <= self.stray or stalled < self.plateau:
            return None
        return Finding(
            Symptom.OFF_DATA,
            Severity.WARNING,
            step,
            f"{share:.0%} of the samples lie where no data are, and there have been no fewer for "
            f"{stalled} steps.",
            (
                Evidence("off_data", share, ">", self.stray, self._shares.span),
                Evidence("steps without a better off_data", stalled, ">=", self.plateau),
            ),
            remedies.for_missing_modes(self.facts),
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return _SPECIMENS


_POINTS: Facts = {**IMAGE_FACTS, "output": "linear", "dimensions": 2, "reach_low": None,
                  "reach_high": None}  # fmt: skip

_SPECIMENS = (
    Specimen(
        "samples gather on the modes",
        stream(_POINTS, {}, probes={"off_data": lambda step: max(0.2, 1.0 - step / 2000)}),
    ),
    Specimen(
        "near miss: most samples stray, and fewer do all the time",
        stream(_POINTS, {}, probes={"off_data": lambda step: 1.0 - 0.08 * (step / 1000)}),
    ),
    Specimen(
        "near miss: a late starter, on no mode until step 2300",
        stream(
            _POINTS, {}, probes={"off_data": lambda step: 0.98 if step < 2300 else 0.6}, steps=3000
        ),
    ),
    Specimen(
        "near miss: half of the samples lie between the modes, as a soft G's do",
        stream(_POINTS, {}, probes={"off_data": 0.5}),
    ),
    Specimen(
        "a blob over all the modes: full coverage, no sample on any",
        stream(_POINTS, {}, probes={"off_data": 0.98}, steps=3000),
        Symptom.OFF_DATA,
        (2500, 2600),
    ),
    Specimen(
        "a blob over all the modes until step 3000, then samples on them",
        stream(
            _POINTS, {}, probes={"off_data": lambda step: 0.98 if step < 3000 else 0.3}, steps=4000
        ),
        Symptom.OFF_DATA,
        (2500, 2600),
        closes=(3000, 3200),
    ),
)
