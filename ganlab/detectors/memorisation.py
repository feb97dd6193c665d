"""D knows its training images from held-out ones."""

from __future__ import annotations

from typing import ClassVar

from ganlab import remedies
from ganlab.detectors.base import Detector, Lasting
from ganlab.detectors.series import Tail
from ganlab.detectors.specimen import IMAGE_FACTS, Specimen, stream, turning
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Facts, Observation


class Memorisation(Detector):
    """D's standardised lead of training reals over held-out reals."""

    name = "Memorisation"
    doc = (
        "D scores the real images it was trained on above real images it never saw. The raw gap "
        "of logits says nothing; in units of D's own spread it does. Without held-out reals this "
        "is not assessed."
    )
    source = "Karras et al. 2020 (arXiv:2006.06676), section 2 and figure 1"
    formula = """
        median of 8 probes of train_gap > {gap}, for {hold} steps; a failure where > {grave}
        train_gap = (mean D(training reals) - mean D(held-out reals)) / spread of D's output
        asked after the warm-up
    """
    needs: ClassVar[frozenset[str]] = frozenset({"train_gap"})

    def __init__(
        self,
        *,
        gap: float = 0.36,  # deviations of D's output, median of eight probes
        grave: float = 1.0,  # the same, when held-out reals score like fakes
        hold: int = 150,  # steps it has to last
    ) -> None:
        self.gap, self.grave, self.hold = gap, grave, hold
        super().__init__()

    def _reset(self) -> None:
        self._gaps = Tail(8)
        self._known = Lasting(on=self.hold, off=300)
        self._start: int | None = None

    def _judge(self, observation: Observation) -> Finding | None:
        metrics, step = observation.metrics, observation.step
        if self._start is None:
            self._start = step
        if "train_gap" not in metrics:
            return self.standing
        self._gaps.add(step, metrics["train_gap"])
        if not self._gaps.full or step - self._start < self.warm_up():
            return None
        median = self._gaps.median()
        proven = self._finding(step, median) if median > self.gap else None
        return self._known.update(step, proven)

    def _finding(self, step: int, median: float) -> Finding:
        size = self.facts.get("train_size")
        images = f"its {size} training images" if size else "its training images"
        grave = median > self.grave
        bound = self.grave if grave else self.gap
        return Finding(
            Symptom.MEMORISATION,
            Severity.FAILURE if grave else Severity.WARNING,
            step,
            f"D scores {images} {median:.2f} deviations above images it never saw.",
            (Evidence("train_gap", median, ">", bound, self._gaps.span),),
            remedies.for_memorisation(self.facts),
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return _SPECIMENS


_FEW: Facts = {**IMAGE_FACTS, "train_size": 200}

_SPECIMENS = (
    Specimen(
        "training and held-out images score alike",
        stream(IMAGE_FACTS, {}, probes={"train_gap": 0.02}),
    ),
    Specimen(
        "near miss: the noise of 128 images, up to 0.39 either way",
        stream(IMAGE_FACTS, {}, probes={"train_gap": lambda step: 0.39 if step % 100 else -0.3}),
    ),
    Specimen(
        "near miss: a logit gap of 0.9 under a wide spread",
        stream(IMAGE_FACTS, {"logit_real": 0.9}, probes={"train_gap": 0.2, "logit_held_out": 0.0}),
    ),
    Specimen(
        "200 images, known by heart from step 600 on",
        stream(_FEW, {}, probes={"train_gap": lambda step: min(1.6, step / 800)}),
        Symptom.MEMORISATION,
        (500, 1300),
    ),
    Specimen(
        "200 images known by heart until step 1200, then 60 000",
        turning(
            1200,
            stream(_FEW, {}, probes={"train_gap": 1.2}),
            stream({**_FEW, "train_size": 60000}, {}, probes={"train_gap": 0.02}),
        ),
        Symptom.MEMORISATION,
        (350, 700),
        closes=(1500, 1800),
    ),
)
