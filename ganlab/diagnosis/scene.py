"""What a diagnosis sees, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from ganlab.causes import CAUSES
from ganlab.diagnosis.changes import Change
from ganlab.finding import Finding, Severity, Symptom
from ganlab.observation import Facts


@dataclass(frozen=True)
class Suspect:
    """A cause with what speaks for it, what against it, and the other explanation looked at."""

    cause: str
    confidence: float  # 0 to 1
    evidence: tuple[str, ...]
    against: tuple[str, ...]
    checked: str
    change: Change | None = None  # the live patch that is blamed; the UI offers its undo

    def __post_init__(self) -> None:
        if self.cause not in CAUSES:
            raise ValueError(f"No cause {self.cause!r}; see ganlab/causes.py.")
        if not self.evidence:
            raise ValueError(f"Suspect {self.cause} has no evidence; give the measured number.")

    def as_row(self) -> dict[str, Any]:
        """The JSON form."""
        return {name: value for name, value in asdict(self).items() if value is not None}


class Scene:
    """The findings by symptom, the facts and the last metrics of one run."""

    def __init__(
        self, findings: Sequence[Finding], facts: Facts, metrics: Mapping[str, Any], error: str
    ) -> None:
        self.findings = {finding.symptom: finding for finding in findings}
        self.loud = [f.symptom for f in findings if f.severity > Severity.NOTICE]
        self.facts, self.metrics, self.error = facts, metrics, error

    def has(self, *symptoms: Symptom) -> bool:
        """Whether one of the symptoms stands above notice."""
        return any(symptom in self.loud for symptom in symptoms)

    def proof(self, *symptoms: Symptom) -> tuple[str, ...]:
        """One sentence for each of the loud symptoms, with its first number."""
        return tuple(
            f"{symptom} {_when(finding)}: {finding.evidence[0]}"
            for symptom in symptoms
            if (finding := self.findings.get(symptom)) and symptom in self.loud
        )

    def summary(self, symptom: Symptom) -> str:
        """The finding's sentence, which is of the past once it has closed."""
        finding = self.findings[symptom]
        past = "" if finding.until is None else f"Until step {finding.until}: "
        return f"{past}{finding.summary}"

    def since(self, symptom: Symptom, steps: int) -> list[Symptom]:
        """The loud symptoms that opened more than so many steps before this one, in order."""
        at = self.findings[symptom].step - steps
        earlier = [other for other in self.loud if self.findings[other].step < at]
        return sorted(earlier, key=lambda other: self.findings[other].step)

    @property
    def adversarial(self) -> bool:
        """Whether the loss is a cross-entropy or the like, not a critic's score."""
        return not self.facts.get("loss", "").startswith("wgan")

    @property
    def points(self) -> bool:
        """Whether samples are points on a line or in a plane."""
        return 0 < self.facts.get("dimensions", 0) <= 3

    @property
    def rate_ratio(self) -> float:
        """D's learning rate over G's; 1 where one is unknown."""
        lr_d, lr_g = self.facts.get("lr_d", 0.0), self.facts.get("lr_g", 0.0)
        return lr_d / lr_g if lr_d > 0.0 and lr_g > 0.0 else 1.0

    @property
    def size_ratio(self) -> float:
        """D's parameters over G's; 1 where unknown."""
        d, g = self.facts.get("parameters_d", 0), self.facts.get("parameters_g", 0)
        return d / g if d and g else 1.0

    def rates(self) -> str:
        """Both learning rates, as text."""
        lr_d, lr_g = self.facts.get("lr_d"), self.facts.get("lr_g")
        if lr_d is None or lr_g is None:
            return "learning rates unknown"
        return f"learning rates {lr_d:g} (D) and {lr_g:g} (G)"

    def optimisers(self) -> tuple[str, str]:
        """D's and G's, in lower case; empty where unknown."""
        return self.facts.get("optimizer_d", "").lower(), self.facts.get("optimizer_g", "").lower()

    def number(self, name: str) -> float | None:
        """A metric's last value."""
        value = self.metrics.get(name)
        return float(value) if isinstance(value, int | float) else None


def _when(finding: Finding) -> str:
    if finding.until is None:
        return f"since step {finding.step}"
    return f"from step {finding.step} to {finding.until}"


Rule: TypeAlias = Callable[[Scene], Suspect | None]
