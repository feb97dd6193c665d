"""A symptom with the evidence that proves it and the remedies that answer it."""

from __future__ import annotations

import enum
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ganlab.config import ConfigError, find_knob, is_hot
from ganlab.patch import AtLeast, AtMost, Change, Patch, Scale, Set


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

    @classmethod
    def named(cls, name: str) -> Symptom:
        """The symptom of that name; one of a newer version is a symptom of no known kind."""
        try:
            return cls(name)
        except ValueError:
            unknown = str.__new__(cls, name)
            unknown._name_ = unknown._value_ = name
            return unknown


class Severity(enum.IntEnum):
    """How bad it is. Silent means nothing above NOTICE."""

    NOTICE = 1
    WARNING = 2
    FAILURE = 3

    @classmethod
    def named(cls, name: str) -> Severity:
        """The severity of that name; one of a newer version raises no alarm."""
        return cls.__members__.get(name.upper(), cls.NOTICE)


_RELATIONS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "beyond": lambda observed, _: not math.isfinite(observed),  # NaN or infinite: no number
}


def holds(observed: float, relation: str, bound: float) -> bool:
    """Whether the inequality is true. NaN is neither less nor more than anything, nor equal."""
    return relation in _RELATIONS and _RELATIONS[relation](observed, bound)


@dataclass(frozen=True)
class Evidence:
    """The number that proves a finding, against its bound. Raises ValueError where it does not."""

    metric: str
    observed: float
    relation: str  # "<", "<=", ">", ">="; "beyond" for what is no finite number
    bound: float
    window: int = 0  # steps over which it held; 0: at once

    def __post_init__(self) -> None:
        if not holds(self.observed, self.relation, self.bound):
            raise ValueError(
                f"Evidence {self.metric} = {self.observed:g} {self.relation} {self.bound:g} is "
                f"false; allowed: a true inequality with {', '.join(_RELATIONS)}. Keep the "
                "finding that was proven, or say nothing."
            )

    @classmethod
    def stored(cls, row: Mapping[str, Any]) -> Evidence:
        """What a row says, true or not: earlier versions wrote what no longer held."""
        found = object.__new__(cls)
        numbers = {name: float(row[name]) for name in ("observed", "bound")}
        for name, value in ({"window": 0} | dict(row) | numbers).items():
            object.__setattr__(found, name, value)
        return found

    def __str__(self) -> str:
        if self.relation == "beyond":
            return f"{self.metric} = {self.observed:g}, no finite number"
        held = f" for {self.window} steps" if self.window else ""
        return f"{self.metric} = {self.observed:.4g} {self.relation} {self.bound:.4g}{held}"

    def as_row(self) -> dict[str, Any]:
        """The JSON form; JSON knows neither infinity nor NaN, which travel as words."""
        return asdict(self) | {"observed": _word(self.observed), "bound": _word(self.bound)}


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

    def as_row(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "name": self.name,
            "patch": patch_as_row(self.patch),
            "rationale": self.rationale,
            "source": self.source,
            "hot": self.hot,
        }


@dataclass(frozen=True)
class Finding:
    """One symptom at one step. Raises ValueError without evidence."""

    symptom: Symptom
    severity: Severity
    step: int
    summary: str  # one sentence in plain words
    evidence: tuple[Evidence, ...]
    remedies: tuple[Remedy, ...] = ()
    until: int | None = None  # step at which it closed; None while it stands

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError(f"Finding {self.symptom} has no evidence; give the measured number.")

    def as_row(self) -> dict[str, Any]:
        """The JSON form: plain strings, numbers and lists."""
        closed = {} if self.until is None else {"until": self.until}
        return closed | {
            "symptom": self.symptom.value,
            "severity": self.severity.name.lower(),
            "step": self.step,
            "summary": self.summary,
            "evidence": [item.as_row() for item in self.evidence],
            "remedies": [remedy.as_row() for remedy in self.remedies],
        }


def is_known(row: Mapping[str, Any]) -> bool:
    """Whether this version knows what has happened to the finding of a row."""
    return row["event"] in ("opened", "worsened", "closed")


def finding_of_row(row: Mapping[str, Any]) -> Finding:
    """The finding that `as_row` wrote; without remedies that this version cannot apply."""
    return Finding(
        Symptom.named(row["symptom"]),
        Severity.named(row["severity"]),
        row["step"],
        row["summary"],
        tuple(Evidence.stored(item) for item in row["evidence"]),
        tuple(remedy for cure in row["remedies"] if (remedy := remedy_of_row(cure))),
        row.get("until"),
    )


def remedy_of_row(row: Mapping[str, Any]) -> Remedy | None:
    """The remedy that `as_row` wrote; None where its patch speaks of what is not known here."""
    try:
        patch = patch_of_row(row["patch"])
        for name in patch:
            find_knob(name)
    except ConfigError:
        return None
    return Remedy(row["name"], patch, row["rationale"], row["source"])


def _word(number: float) -> float | str:
    return number if math.isfinite(number) else str(float(number))


def patch_as_row(patch: Patch) -> dict[str, Any]:
    """The JSON form of a patch: {"lr_d": {"scale": 0.5}, "loss": {"set": "hinge"}}."""
    words = {kind: word for word, kind in _KINDS.items()}
    return {
        name: {words[type(change)]: next(iter(vars(change).values()))}
        for name, change in patch.items()
    }


def patch_of_row(row: Mapping[str, Mapping[str, Any]]) -> Patch:
    """The patch that `patch_as_row` wrote. Raises ConfigError for a kind of a newer version."""
    unknown = [word for change in row.values() for word in change if word not in _KINDS]
    if unknown:
        raise ConfigError(
            f"A setting cannot change by {unknown[0]!r}; allowed: {', '.join(_KINDS)}. A newer "
            "version wrote this: read it with that one."
        )
    return {
        name: _KINDS[word](_tuple(value))
        for name, change in row.items()
        for word, value in change.items()
    }


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


_KINDS: Mapping[str, type[Change]] = {
    "set": Set,
    "scale": Scale,
    "at_least": AtLeast,
    "at_most": AtMost,
}
