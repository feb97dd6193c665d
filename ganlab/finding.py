"""A symptom with the evidence that proves it and the remedies that answer it."""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ganlab.config import Patch, Scale, Set, is_hot


class Symptom(enum.StrEnum):
    """What detectors measure. The slugs are public; add, never rename."""

    SATURATION = "saturation"
    DISCRIMINATOR_DOMINATES = "discriminator-dominates"
    CLAMP_DEATH = "clamp-death"
    TOTAL_COLLAPSE = "total-collapse"
    PARTIAL_COLLAPSE = "partial-collapse"
    OFF_DATA = "off-data"
    MODE_HOPPING = "mode-hopping"
    CONDITIONAL_COLLAPSE = "conditional-collapse"
    SCALING_MISMATCH = "scaling-mismatch"
    OUTPUT_SATURATION = "output-saturation"
    OSCILLATION = "oscillation"
    DISCRIMINATOR_BLIND = "discriminator-blind"
    FALSE_EQUILIBRIUM = "false-equilibrium"
    EQUILIBRIUM = "equilibrium"
    DIVERGENCE = "divergence"
    CRITIC_UNBOUNDED = "critic-unbounded"
    CRITIC_FLAT = "critic-flat"
    CRITIC_OVERPENALISED = "critic-overpenalised"
    CRITIC_BOUNDED = "critic-bounded"
    MEMORISATION = "memorisation"
    QUALITY_DECLINE = "quality-decline"
    DEAD_UNITS = "dead-units"
    UPDATE_IMBALANCE = "update-imbalance"
    BARELY_MOVING = "barely-moving"
    NOT_YET_DIVERSE = "not-yet-diverse"
    WORSE_SINCE_CHANGE = "worse-since-change"
    STALLED_SINCE_CHANGE = "stalled-since-change"
    SAMPLES_LIKE_DATA = "samples-like-data"


class Severity(enum.IntEnum):
    """How bad it is. Silent means nothing above NOTICE."""

    NOTICE = 1
    WARNING = 2
    FAILURE = 3


@dataclass(frozen=True)
class Evidence:
    """The number that proves a finding, against its bound."""

    metric: str
    observed: float
    relation: str  # "<" or ">"; "beyond" for what is no finite number
    bound: float
    window: int = 0  # steps over which it held; 0: at once

    def __str__(self) -> str:
        held = f" for {self.window} steps" if self.window else ""
        return f"{self.metric} = {self.observed:.4g} {self.relation} {self.bound:.4g}{held}"


@dataclass(frozen=True)
class Remedy:
    """A cure as data: what to change, why, and who says so."""

    name: str
    patch: Patch
    rationale: str
    source: str

    @property
    def hot(self) -> bool:
        """Whether it can be applied to the running run; derived from its patch."""
        return is_hot(self.patch)


@dataclass(frozen=True)
class Finding:
    """One symptom at one step. Raises ValueError without evidence."""

    symptom: Symptom
    severity: Severity
    step: int
    summary: str  # one sentence in plain words
    evidence: tuple[Evidence, ...]
    remedies: tuple[Remedy, ...] = ()

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError(f"Finding {self.symptom} has no evidence; give the measured number.")

    def as_row(self) -> dict[str, Any]:
        """The JSON form: plain strings, numbers and lists."""
        return {
            "symptom": self.symptom.value,
            "severity": self.severity.name.lower(),
            "step": self.step,
            "summary": self.summary,
            "evidence": [
                asdict(item) | {"observed": _finite(item.observed)} for item in self.evidence
            ],
            "remedies": [
                {
                    "name": remedy.name,
                    "patch": patch_as_row(remedy.patch),
                    "rationale": remedy.rationale,
                    "source": remedy.source,
                    "hot": remedy.hot,
                }
                for remedy in self.remedies
            ],
        }


def finding_of_row(row: Mapping[str, Any]) -> Finding:
    """The finding that `as_row` wrote."""
    return Finding(
        Symptom(row["symptom"]),
        Severity[row["severity"].upper()],
        row["step"],
        row["summary"],
        tuple(Evidence(**item | {"observed": float(item["observed"])}) for item in row["evidence"]),
        tuple(
            Remedy(cure["name"], patch_of_row(cure["patch"]), cure["rationale"], cure["source"])
            for cure in row["remedies"]
        ),
    )


def _finite(number: float) -> float | str:
    """JSON knows neither infinity nor NaN: they travel as words."""
    return number if math.isfinite(number) else str(number)


def patch_as_row(patch: Patch) -> dict[str, Any]:
    """The JSON form of a patch: {"lr_d": {"scale": 0.5}, "loss": {"set": "hinge"}}."""
    return {
        name: {"set": change.value} if isinstance(change, Set) else {"scale": change.factor}
        for name, change in patch.items()
    }


def patch_of_row(row: Mapping[str, Mapping[str, Any]]) -> Patch:
    """The patch that `patch_as_row` wrote."""
    return {
        name: Set(_tuple(change["set"])) if "set" in change else Scale(change["scale"])
        for name, change in row.items()
    }


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
