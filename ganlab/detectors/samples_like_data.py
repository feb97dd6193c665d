"""The all-clear, as a measurement: samples are like the data, by all that the probe can say."""

from __future__ import annotations

import math
import statistics
from typing import ClassVar, NamedTuple

from ganlab.detectors.base import Detector
from ganlab.detectors.series import Tail
from ganlab.detectors.specimen import IMAGE_FACTS, Specimen, stream, turning
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Facts, Observation


class SamplesLikeData(Detector):
    """A notice, and the only one that is good news."""

    name = "Samples like the data"
    doc = (
        "Neither a linear test nor the codebook tells generated samples from real ones by much, no "
        "mode is missing, labels are obeyed, and the run is about as good as it has ever been."
    )
    source = (
        "Lopez-Paz & Oquab 2017 (arXiv:1610.06545), two-sample tests; Richardson & Weiss 2018 "
        "(arXiv:1805.12462), bins; bounds from the healthy and failed runs of the open corpus"
    )
    formula = """
        medians of the last {opening} probes (of {closing}, once it stands):
        codebook_js < {distance} (of points {points}), two_sample_auc < {test} (of points {told}),
        missing_mass < {missing}, of points off_data < {stray}, with labels label_effect > {obeyed}
        and codebook_js < {near} times its smallest such median, or {noise} (of points {grain}),
        the others < their smallest plus {slack};
        a change of the settings starts the count of probes anew
    """
    needs: ClassVar[frozenset[str]] = frozenset({"codebook_js", "two_sample_auc", "missing_mass"})
    good_news: ClassVar[bool] = True

    def __init__(
        self,
        *,
        distance: float = 0.25,  # nats between the samples' codebook and the data's
        points: float = 0.1,  # the same for points, where each bin is a mode
        test: float = 0.75,  # AUC of the linear test
        told: float = 0.65,  # the same for points
        missing: float = 0.3,  # share of the real data in bins without samples
        stray: float = 0.97,  # share of points off the data
        obeyed: float = 0.6,  # effect of the labels on fakes / on reals
        near: float = 1.3,  # distance / own best distance
        slack: float = 0.1,  # share or AUC by which the others may lie above their best
        noise: float = 0.12,  # nats that a good G's probe reads as well
        grain: float = 0.03,  # the same for points
        opening: int = 5,  # probes
        closing: int = 3,  # probes
    ) -> None:
        self.distance, self.points, self.test, self.told = distance, points, test, told
        self.missing, self.stray, self.obeyed = missing, stray, obeyed
        self.near, self.slack, self.noise, self.grain = near, slack, noise, grain
        self.opening, self.closing = opening, closing
        super().__init__()

    def _reset(self) -> None:
        self._probes = {name: Tail(self.opening) for name in _MEASURES}
        self._best = dict.fromkeys(_MEASURES, math.inf)
        self._changes = self.facts.get("changes", 0)

    def _judge(self, observation: Observation) -> Finding | None:
        metrics, step = observation.metrics, observation.step
        if self._changed():
            self._probes = {name: Tail(self.opening) for name in _MEASURES}
            return None
        if "codebook_js" not in metrics:
            return self.standing
        for name, tail in self._probes.items():
            tail.add(step, metrics.get(name))  # type: ignore[arg-type]
        if not self._probes["codebook_js"].full:
            return None
        for name, tail in self._probes.items():
            if tail.full:
                self._best[name] = min(self._best[name], tail.median())
        claims = self._claims()
        return self._finding(step, claims) if all(claim.holds for claim in claims) else None

    def _changed(self) -> bool:
        """Whether the settings changed just now: what was measured before says nothing more."""
        before, self._changes = self._changes, self.facts.get("changes", 0)
        return self._changes != before

    def _claims(self) -> list[_Claim]:
        """Each measure against its bound, whether it holds or not."""
        point = self.of_points
        floor = self.grain if point else self.noise
        distance = min(
            self.points if point else self.distance,
            max(floor, self.near * self._best["codebook_js"]),
        )
        claims = [
            self._claim("codebook_js", "<", distance),
            self._near("two_sample_auc", self.told if point else self.test),
            self._near("missing_mass", self.missing),
        ]
        if point:
            claims.append(self._near("off_data", self.stray))
        if self.facts.get("conditional", "none") != "none":
            claims.append(self._claim("label_effect", ">", self.obeyed))
        return claims

    def _near(self, name: str, bound: float) -> _Claim:
        """Below its bound, and not far above the best that the run has had."""
        return self._claim(name, "<", min(bound, self._best[name] + self.slack))

    def _claim(self, name: str, relation: str, bound: float) -> _Claim:
        tail = self._probes[name]
        values = tail.values[-(self.closing if self.standing else self.opening) :]
        middle = statistics.median(values) if values else math.nan
        return _Claim(name, middle, relation, bound, tail.span)

    def _finding(self, step: int, claims: list[_Claim]) -> Finding:
        distance, test, missing = (claim.value for claim in claims[:3])
        missed = f"{missing:.0%} of the modes' mass is missing"
        modes = "all modes are there" if missing < 0.01 else missed
        return Finding(
            Symptom.SAMPLES_LIKE_DATA,
            Severity.NOTICE,
            step,
            f"Samples are close to the data: {modes}, their shares are {distance:.3f} nats off (0: "
            f"alike), a linear test knows them with AUC {test:.2f} (0.5: chance).",
            tuple(Evidence(*claim) for claim in claims),
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return _SPECIMENS


class _Claim(NamedTuple):
    """A measure and the bound that it has to keep, in the order of Evidence."""

    name: str
    value: float
    relation: str
    bound: float
    window: int

    @property
    def holds(self) -> bool:
        """False for what was not measured."""
        return self.value < self.bound if self.relation == "<" else self.value > self.bound


_MEASURES = ("codebook_js", "two_sample_auc", "missing_mass", "off_data", "label_effect")
_GOOD = {"codebook_js": 0.1, "two_sample_auc": 0.58, "missing_mass": 0.02}
_POINTS: Facts = {**IMAGE_FACTS, "dimensions": 2}
_LABELS: Facts = {**IMAGE_FACTS, "conditional": "one_hot"}


def _learning(step: int) -> float:
    return max(0.1, 0.6 - step / 2000)


_SPECIMENS = (
    Specimen(
        "noise to its end",
        stream(
            IMAGE_FACTS,
            {},
            probes={"codebook_js": 0.6, "two_sample_auc": 1.0, "missing_mass": 0.9},
        ),
    ),
    Specimen(
        "near miss: right on average, and one mode in three is missing",
        stream(IMAGE_FACTS, {}, probes=_GOOD | {"codebook_js": 0.25, "missing_mass": 0.35}),
    ),
    Specimen(
        "near miss: points between the modes, spread and coverage right",
        stream(_POINTS, {}, probes=_GOOD | {"codebook_js": 0.02, "off_data": 0.99}),
    ),
    Specimen(
        "near miss: good images under labels that say nothing",
        stream(_LABELS, {}, probes=_GOOD | {"label_effect": 0.1}),
    ),
    Specimen(
        "samples come closer to the data until nothing tells them apart",
        stream(
            IMAGE_FACTS,
            {},
            probes={
                "codebook_js": _learning,
                "two_sample_auc": lambda step: max(0.58, 1.0 - step / 2500),
                "missing_mass": lambda step: max(0.02, 0.9 - step / 800),
            },
        ),
        Symptom.SAMPLES_LIKE_DATA,
        (600, 900),
    ),
    Specimen(
        "near miss: good until the settings changed, not measured long enough since",
        (
            *stream(IMAGE_FACTS | {"changes": 0}, {}, probes=_GOOD, steps=200)[:-1],
            Observation(200, {}, IMAGE_FACTS | {"changes": 1}),
            *stream(IMAGE_FACTS, {}, probes=_GOOD, steps=400)[21:],
        ),
    ),
    Specimen(
        "points on all modes",
        stream(_POINTS, {}, probes=_GOOD | {"codebook_js": 0.01, "off_data": 0.6}),
        Symptom.SAMPLES_LIKE_DATA,
        (200, 300),
    ),
    Specimen(
        "labels that are obeyed",
        stream(_LABELS, {}, probes=_GOOD | {"label_effect": 0.9}),
        Symptom.SAMPLES_LIKE_DATA,
        (200, 300),
    ),
    Specimen(
        "samples like the data until step 1500, then far from it",
        turning(
            1500,
            stream(IMAGE_FACTS, {}, probes=_GOOD),
            stream(IMAGE_FACTS, {}, probes=_GOOD | {"codebook_js": 0.6, "two_sample_auc": 0.97}),
        ),
        Symptom.SAMPLES_LIKE_DATA,
        (200, 300),
        closes=(1500, 1600),
    ),
)
