"""What can be read off what a run has told: its findings, facts and last metrics."""

from __future__ import annotations

from collections.abc import Mapping

from ganlab.finding import Finding, Severity, Symptom
from ganlab.observation import Facts


class Told:
    """The findings of an episode in the order in which they opened, the facts and last metrics."""

    findings: tuple[Finding, ...]
    facts: Facts
    metrics: Mapping[str, float]

    @property
    def symptoms(self) -> dict[str, Finding]:
        """The findings by their slugs."""
        return {finding.symptom.value: finding for finding in self.findings}

    @property
    def loud(self) -> list[Symptom]:
        """The symptoms above notice."""
        return [each.symptom for each in self.findings if each.severity > Severity.NOTICE]

    def has(self, *symptoms: Symptom) -> bool:
        """Whether one of the symptoms stands above notice."""
        return any(symptom in self.loud for symptom in symptoms)

    def proof(self, *symptoms: Symptom) -> tuple[str, ...]:
        """One sentence for each of the loud symptoms, with its first number."""
        return tuple(
            f"{symptom} {_when(finding)}: {finding.evidence[0]}"
            for symptom in symptoms
            if (finding := self.symptoms.get(symptom)) and symptom in self.loud
        )

    def sentences(self, *slugs: str) -> list[str]:
        """One for each of the loud symptoms among these, as a script's report has it."""
        return [
            f"Symptom {slug} ({each.severity.name.lower()}) since step {each.step}: {each.summary}"
            for slug, each in self.symptoms.items()
            if slug in slugs and each.severity > Severity.NOTICE
        ]

    def summary(self, symptom: Symptom) -> str:
        """The finding's sentence, which is of the past once it has closed."""
        finding = self.symptoms[symptom]
        past = "" if finding.until is None else f"Until step {finding.until}: "
        return f"{past}{finding.summary}"

    def since(self, symptom: Symptom, steps: int) -> list[Symptom]:
        """The loud symptoms that opened more than so many steps before this one, in order."""
        at = self.symptoms[symptom].step - steps
        earlier = [other for other in self.loud if self.symptoms[other].step < at]
        return sorted(earlier, key=lambda other: self.symptoms[other].step)

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
