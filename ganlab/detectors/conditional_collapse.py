"""The label does not change the sample; and which of the two networks ignores it."""

from __future__ import annotations

import statistics
from typing import ClassVar

from ganlab import remedies
from ganlab.detectors.base import Detector
from ganlab.detectors.series import Tail
from ganlab.detectors.specimen import IMAGE_FACTS, Specimen, stream, turning
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Facts, Observation


class ConditionalCollapse(Detector):
    """Variance between classes over variance within them, against the same of real data."""

    name = "Conditional collapse"
    doc = (
        "With the same z, a sample of one class differs from one of another by less than a "
        "twentieth of what real classes do. Young pairs use their labels late: this is a notice "
        "until it has stood still."
    )
    source = "Miyato & Koyama 2018 (arXiv:1802.05637); Mirza & Osindero 2014 (arXiv:1411.1784)"
    formula = """
        label_effect < {effect} at each of the last 10 probes: a notice after an epoch,
        a failure after {patience} steps (and an epoch) unless
            mean of the last 5 > (1 + {progress}) * mean of the 5 before
        D ignores the labels too where the median of 10 probes of label_auc_d < {blind}
    """
    needs: ClassVar[frozenset[str]] = frozenset({"label_effect"})
    forgets: ClassVar[frozenset[str]] = frozenset({"conditional"})

    def __init__(
        self,
        *,
        effect: float = 0.05,  # between over within, of fakes / of reals
        blind: float = 0.55,  # D's AUC of right against wrong labels, below which it ignores them
        patience: int = 2500,  # steps a pair may take to use its labels
        progress: float = 0.25,  # growth of the effect over ten probes that counts as learning
    ) -> None:
        self.effect, self.blind, self.patience, self.progress = effect, blind, patience, progress
        super().__init__()

    def _reset(self) -> None:
        self._effects = Tail(10)
        self._aucs = Tail(10)
        self._start: int | None = None

    def _judge(self, observation: Observation) -> Finding | None:
        metrics, step = observation.metrics, observation.step
        if self._start is None:
            self._start = step
        if "label_effect" not in metrics:
            return self.standing
        self._effects.add(step, metrics["label_effect"])
        self._aucs.add(step, metrics.get("label_auc_d"))
        age = step - self._start
        epoch = self.warm_up() if "epoch_steps" not in self.facts else self.facts["epoch_steps"]
        if not self._effects.full or age < epoch or max(self._effects.values) >= self.effect:
            return None
        failed = age >= max(self.patience, epoch) and not self._grows()
        return self._finding(step, failed)

    def _grows(self) -> bool:
        values = self._effects.values
        before, after = statistics.fmean(values[:5]), statistics.fmean(values[5:])
        return after > (1.0 + self.progress) * before

    def _finding(self, step: int, failed: bool) -> Finding:
        effect = self._effects.median()
        evidence = [Evidence("label_effect", effect, "<", self.effect, self._effects.span)]
        who = "Which network ignores it was not measured."
        if self._aucs.full:
            auc = self._aucs.median()
            ignored = auc < self.blind
            who = (
                f"D ignores it too: it takes a wrong label for the right one ({auc:.2f})."
                if ignored
                else f"G ignores it: D tells right labels from wrong ones ({auc:.2f})."
            )
            relation = "<" if ignored else ">="
            evidence.append(Evidence("label_auc_d", auc, relation, self.blind, self._aucs.span))
        return Finding(
            Symptom.CONDITIONAL_COLLAPSE,
            Severity.FAILURE if failed else Severity.NOTICE,
            step,
            f"The label changes a sample by {effect:.1%} of what real classes differ. {who}",
            tuple(evidence),
            remedies.for_ignored_labels(self.facts),
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        return _SPECIMENS


_CGAN: Facts = {**IMAGE_FACTS, "conditional": "one_hot"}

_SPECIMENS = (
    Specimen(
        "the label decides the class",
        stream(_CGAN, {}, probes={"label_effect": 0.6, "label_auc_d": 0.9}, steps=4000),
    ),
    Specimen(
        "near miss: a pair that learns its labels late",
        stream(
            _CGAN,
            {},
            probes={
                "label_effect": lambda step: 0.004 * 1.1 ** (step / 100),
                "label_auc_d": 0.6,
            },
            steps=4000,
        ),
    ),
    Specimen(
        "near miss: noise between the classes, as any unequal samples make, is above the bound",
        stream(_CGAN, {}, probes={"label_effect": 0.08, "label_auc_d": 0.52}, steps=4000),
    ),
    Specimen(
        "D tells the labels apart and G ignores them",
        stream(_CGAN, {}, probes={"label_effect": 0.005, "label_auc_d": 0.8}, steps=4000),
        Symptom.CONDITIONAL_COLLAPSE,
        (2500, 2600),
    ),
    Specimen(
        "neither network uses the label",
        stream(_CGAN, {}, probes={"label_effect": 0.005, "label_auc_d": 0.5}, steps=4000),
        Symptom.CONDITIONAL_COLLAPSE,
        (2500, 2600),
    ),
    Specimen(
        "labels that say nothing until step 3000, then decide the class",
        turning(
            3000,
            stream(_CGAN, {}, probes={"label_effect": 0.005, "label_auc_d": 0.8}, steps=4000),
            stream(_CGAN, {}, probes={"label_effect": 0.6, "label_auc_d": 0.9}, steps=4000),
        ),
        Symptom.CONDITIONAL_COLLAPSE,
        (2500, 2600),
        closes=(3000, 3000),
    ),
)
