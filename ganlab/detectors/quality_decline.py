"""Samples are clearly worse than this run's own best, since a step that is the evidence."""

from __future__ import annotations

import math
from typing import ClassVar

from ganlab import remedies
from ganlab.detectors.base import Detector
from ganlab.detectors.series import Tail
from ganlab.detectors.specimen import IMAGE_FACTS, Curve, Specimen, stream
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Observation


class QualityDecline(Detector):
    """A one-sided cumulative sum of the log distance over its own running best."""

    name = "Quality decline"
    doc = (
        "The distance of the samples to the real codebook, a median of five probes, has left its "
        "own best behind for good. The step since which it has is the onset."
    )
    source = "Page 1954, Continuous inspection schemes (Biometrika 41)"
    formula = """
        q = max({noise}, median of 5 probes of codebook_js);  r = q / the smallest q so far
        S = max(0, S + ln r - ln({worse}) / 2);  onset = the last step with S = 0 or a new best
        r >= {worse} (a failure where r >= {far}), and {lasting} steps or more since the onset,
        and q >= {bad} and smallest q <= {good}
        asked after the warm-up
    """
    needs: ClassVar[frozenset[str]] = frozenset({"codebook_js"})
    forgets: ClassVar[frozenset[str]] = frozenset({"data_range", "output"})

    def __init__(
        self,
        *,
        worse: float = 1.5,  # distance / own best distance
        far: float = 2.0,  # the same, when it is a failure
        bad: float = 0.25,  # nats below which samples are still close to the data
        noise: float = 0.1,  # nats; a distance that a good G's probe reads as well
        good: float = 0.35,  # nats; a run whose best is above has had nothing to lose
        lasting: int = 400,  # steps since the onset
    ) -> None:
        self.worse, self.far, self.bad, self.noise = worse, far, bad, noise
        self.good, self.lasting = good, lasting
        super().__init__()

    def _reset(self) -> None:
        self._recent = Tail(5)
        self._best, self._best_step = math.inf, 0
        self._sum = 0.0
        self._onset = 0
        self._start: int | None = None

    def _judge(self, observation: Observation) -> Finding | None:
        metrics, step = observation.metrics, observation.step
        if self._start is None:
            self._start = step
        if "codebook_js" not in metrics:
            return self.standing
        self._recent.add(step, metrics["codebook_js"])
        if not self._recent.full or step - self._start < self.warm_up():
            return None
        now = max(self._recent.median(), self.noise)
        if now < self._best:
            self._best, self._best_step, self._onset = now, step, step
        # Half of the wanted growth is the slack: noise around the best adds up to nothing.
        slack = math.log(self.worse) / 2
        self._sum = max(0.0, self._sum + math.log(now / self._best) - slack)
        if self._sum == 0.0:
            self._onset = step
        ratio = now / self._best
        if ratio < self.worse or now < self.bad or self._best > self.good:
            return None
        if step - self._onset < self.lasting:
            return None
        return self._finding(step, now, ratio)

    def _finding(self, step: int, now: float, ratio: float) -> Finding:
        grave = ratio >= self.far
        bound = self.far if grave else self.worse
        return Finding(
            Symptom.QUALITY_DECLINE,
            Severity.FAILURE if grave else Severity.WARNING,
            step,
            f"Samples have got worse since step {self._onset}: their distance to the data is "
            f"{ratio:.1f} times its best, {self._best:.3f} at step {self._best_step}.",
            (
                Evidence("codebook_js / its best", ratio, ">=", bound, self._recent.span),
                Evidence("codebook_js", now, ">=", self.bad),
                Evidence("best codebook_js", self._best, "<=", self.good),
                Evidence("step of the onset", self._onset, ">=", self._best_step),
                Evidence("steps since the onset", step - self._onset, ">=", self.lasting),
            ),
            remedies.for_memorisation(self.facts),
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return _SPECIMENS


def _falling(step: int) -> float:
    return max(0.1, float(0.6 * 0.9 ** (step / 100)))


def _stairs(*stairs: tuple[int, float]) -> Curve:
    """Each value from its step on."""
    return lambda s: next(value for start, value in reversed(stairs) if s >= start)


_SPECIMENS = (
    Specimen("closer and closer", stream(IMAGE_FACTS, {}, probes={"codebook_js": _falling})),
    Specimen(
        "near miss: a dip of 200 steps, as a change of the learning rate makes",
        stream(
            IMAGE_FACTS,
            {},
            probes={"codebook_js": lambda s: 0.3 if 1500 <= s < 1700 else _falling(s)},
        ),
    ),
    Specimen(
        "near miss: probe noise of a third around the best",
        stream(
            IMAGE_FACTS,
            {},
            probes={"codebook_js": lambda s: _falling(s) * (1.35 if s % 150 else 0.9)},
        ),
    ),
    Specimen(
        "near miss: the noise of a good G on four modes, 0.002 to 0.06",
        stream(IMAGE_FACTS, {}, probes={"codebook_js": lambda s: 0.002 if s < 900 else 0.06}),
    ),
    Specimen(
        "near miss: a run that never was any good swings between bad and worse",
        stream(IMAGE_FACTS, {}, probes={"codebook_js": lambda s: 0.4 if s < 800 else 0.65}),
    ),
    Specimen(
        "best at step 1000, then worse and worse",
        stream(
            IMAGE_FACTS,
            {},
            probes={"codebook_js": lambda s: _falling(s) if s < 1000 else 0.21 + (s - 1000) / 3000},
            steps=4000,
        ),
        Symptom.QUALITY_DECLINE,
        (1300, 2500),
    ),
    Specimen(
        "best at step 1000, worse until step 2500, then back",
        stream(
            IMAGE_FACTS,
            {},
            probes={"codebook_js": lambda s: 0.6 if 1000 <= s < 2500 else _falling(s)},
            steps=4000,
        ),
        Symptom.QUALITY_DECLINE,
        (1300, 1800),
        closes=(2500, 2700),
    ),
    Specimen(
        "worse twice, with a new best in between",
        stream(
            IMAGE_FACTS,
            {},
            probes={
                "codebook_js": _stairs((0, 0.3), (1000, 0.6), (2000, 0.2), (2500, 0.6), (3500, 0.2))
            },
            steps=4500,
        ),
        Symptom.QUALITY_DECLINE,
        (1300, 1800),
        closes=(3500, 3700),
    ),
    Specimen(
        "a dip, a new best right after it, and a decline that is dated from there",
        stream(
            IMAGE_FACTS,
            {},
            probes={
                "codebook_js": _stairs((0, 0.3), (1000, 0.7), (1350, 0.2), (1600, 0.5), (2500, 0.2))
            },
            steps=4000,
        ),
        Symptom.QUALITY_DECLINE,
        (1850, 1900),
        closes=(2500, 2700),
    ),
)
