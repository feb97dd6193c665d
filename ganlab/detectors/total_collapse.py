"""One image whatever z is. Early healthy training looks the same, so early it is only a notice."""

from __future__ import annotations

import math
import statistics
from itertools import combinations
from typing import ClassVar

from ganlab import remedies
from ganlab.detectors.base import Detector
from ganlab.detectors.specimen import IMAGE_FACTS, Specimen, stream
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Observation


class TotalCollapse(Detector):
    """Mode collapse in its total form: samples hardly differ from each other."""

    name = "Total mode collapse"
    doc = (
        "Generated samples lie as close together as copies of one image, have done so for a "
        "while, and are not moving apart."
    )
    source = "Salimans et al. 2016 (arXiv:1606.03498); Metz et al. 2017 (arXiv:1611.02163)"
    formula = """
        diversity < {narrow} or top_bin > {crowded} at each of the last {probes} probes:
        a notice, and a failure where
            median of 3 probes of diversity < 0.5 * its best, which was above 0.3
            or, after {patience} steps, ln(diversity) grows by {progress} at most over 10 probes
            (slope of Theil and Sen)
        asked after the warm-up
    """
    needs: ClassVar[frozenset[str]] = frozenset({"diversity", "top_bin"})

    def __init__(
        self,
        *,
        narrow: float = 0.15,  # pair distance of fakes / of reals
        crowded: float = 0.8,  # share of fakes in the fullest codebook bin
        probes: int = 4,  # probes in a row
        patience: int = 1500,  # steps a young run may stay narrow
        progress: float = 0.3,  # growth of log diversity over ten probes that counts as learning
    ) -> None:
        self.narrow, self.crowded, self.probes = narrow, crowded, probes
        self.patience, self.progress = patience, progress
        super().__init__()

    def _reset(self) -> None:
        self._recent: list[tuple[int, float, float]] = []  # step, diversity, top bin; ten probes
        self._streak = 0
        self._best = 0.0
        self._start: int | None = None

    def _judge(self, observation: Observation) -> Finding | None:
        metrics, step = observation.metrics, observation.step
        if "diversity" not in metrics or "top_bin" not in metrics:
            return self.standing
        if self._start is None:
            self._start = step
        diversity, top = metrics["diversity"], metrics["top_bin"]
        if not (math.isfinite(diversity) and math.isfinite(top)):
            return None
        self._recent = [*self._recent, (step, diversity, top)][-10:]
        collapsed = diversity < self.narrow or top > self.crowded
        self._streak = self._streak + 1 if collapsed else 0
        smoothed = statistics.median(entry[1] for entry in self._recent[-3:])
        self._best = max(self._best, smoothed)
        if self._streak < self.probes or step - self._start < self.warm_up():
            return None
        return self._finding(step, step - self._start, smoothed)

    def _finding(self, step: int, age: int, smoothed: float) -> Finding:
        fell = self._best > 0.3 and smoothed < 0.5 * self._best
        stuck = age >= self.patience and not self._grows()
        failed = fell or stuck
        return Finding(
            Symptom.TOTAL_COLLAPSE if failed else Symptom.NOT_YET_DIVERSE,
            Severity.FAILURE if failed else Severity.NOTICE,
            step,
            _COLLAPSED if failed else _YOUNG,
            self._evidence(smoothed if fell else None),
            remedies.for_collapse(self.facts) if failed else (),
        )

    def _evidence(self, fallen: float | None) -> tuple[Evidence, ...]:
        """Each probe was narrow or crowded: what all of them were, or the last one at least."""
        probes = self._recent[-self.probes :]
        diversities, tops = ([probe[place] for probe in probes] for place in (1, 2))
        window = probes[-1][0] - probes[0][0]
        evidence = []
        if max(diversities) < self.narrow:
            evidence.append(Evidence("diversity", max(diversities), "<", self.narrow, window))
        elif diversities[-1] < self.narrow:
            evidence.append(Evidence("diversity", diversities[-1], "<", self.narrow))
        if min(tops) > self.crowded:
            evidence.append(Evidence("top_bin", min(tops), ">", self.crowded, window))
        elif tops[-1] > self.crowded:
            evidence.append(Evidence("top_bin", tops[-1], ">", self.crowded))
        if fallen is not None:
            evidence.append(Evidence("diversity, median of 3", fallen, "<", 0.5 * self._best))
        return tuple(evidence)

    def _grows(self) -> bool:
        """Whether the samples move apart: Theil-Sen slope of log diversity over ten probes."""
        points = [(step, math.log(max(value, 1e-9))) for step, value, _ in self._recent]
        slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(points, 2)]
        span = points[-1][0] - points[0][0]
        return statistics.median(slopes) * span > self.progress

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return _SPECIMENS


_COLLAPSED = "G makes nearly the same sample whatever z it gets."
_YOUNG = "Samples still look alike. Young runs do: this is watched, not yet a failure."

_CURVES = {"d_loss": 1.2, "g_loss": 1.0}


def _learning(step: int) -> float:
    return min(0.8, 0.04 * math.exp(step / 300))


_SPECIMENS = (
    Specimen(
        "healthy run: diversity grows from 0.04",
        stream(IMAGE_FACTS, _CURVES, probes={"diversity": _learning, "top_bin": 0.3}),
    ),
    Specimen(
        "near miss: a late starter, alike until step 1400, learning all the while",
        stream(
            IMAGE_FACTS,
            _CURVES,
            probes={
                "diversity": lambda step: 0.03 * math.exp(step / 700),
                "top_bin": lambda step: max(0.1, 1.0 - step / 2000),
            },
        ),
    ),
    Specimen(
        "near miss: two probes below the bound are no streak",
        stream(
            IMAGE_FACTS,
            _CURVES,
            probes={
                "diversity": lambda step: 0.1 if step in (1600, 1650) else 0.7,
                "top_bin": 0.2,
            },
        ),
    ),
    Specimen(
        "one image from the start, under losses that look normal",
        stream(IMAGE_FACTS, _CURVES, probes={"diversity": 0.07, "top_bin": 1.0}),
        Symptom.TOTAL_COLLAPSE,
        (1500, 1600),
    ),
    Specimen(
        "healthy until step 1000, then one image",
        stream(
            IMAGE_FACTS,
            _CURVES,
            probes={
                "diversity": lambda step: 0.7 if step < 1000 else 0.05,
                "top_bin": lambda step: 0.2 if step < 1000 else 1.0,
            },
        ),
        Symptom.TOTAL_COLLAPSE,
        (1000, 1300),
    ),
    Specimen(
        "one image from step 1000 to 1500, then many again",
        stream(
            IMAGE_FACTS,
            _CURVES,
            probes={
                "diversity": lambda step: 0.05 if 1000 <= step < 1500 else 0.7,
                "top_bin": lambda step: 1.0 if 1000 <= step < 1500 else 0.2,
            },
        ),
        Symptom.TOTAL_COLLAPSE,
        (1000, 1300),
        closes=(1500, 1500),
    ),
    Specimen(
        "alike in turns by distance and by bin, then many again",
        stream(
            IMAGE_FACTS,
            _CURVES,
            probes={
                "diversity": lambda s: (0.1 if s % 100 else 0.3) if s < 2000 else 0.7,
                "top_bin": lambda s: (0.5 if s % 100 else 0.9) if s < 2000 else 0.2,
            },
        ),
        Symptom.TOTAL_COLLAPSE,
        (1500, 1600),
        closes=(2000, 2000),
    ),
    Specimen(
        "all samples in one bin from step 1000 to 1500, one probe in four of them spread out",
        stream(
            IMAGE_FACTS,
            _CURVES,
            probes={
                "diversity": lambda s: 0.1 if 1000 <= s < 1500 and s % 200 != 150 else 0.7,
                "top_bin": lambda s: 0.9 if 1000 <= s < 1500 else 0.2,
            },
        ),
        Symptom.TOTAL_COLLAPSE,
        (1000, 1300),
        closes=(1500, 1500),
    ),
)
