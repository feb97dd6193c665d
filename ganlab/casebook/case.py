"""What a case is: a documented failure (or success) as data. Never code that runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ganlab.casebook.documents import Document
from ganlab.causes import CAUSES
from ganlab.config import ConfigError, Patch, RunConfig, Set
from ganlab.finding import Severity, Symptom
from ganlab.observation import METRICS
from ganlab.presets import preset

IMAGES = ("mnist", "digits")


@dataclass(frozen=True)
class Named:
    """A finding that has to open, at this severity or above, by this step."""

    symptom: Symptom
    by_step: int
    severity: Severity = Severity.FAILURE

    def __str__(self) -> str:
        return f"{self.symptom} ({self.severity.name.lower()}) by step {self.by_step}"


@dataclass(frozen=True)
class Signature:
    """A metric that stays beyond a bound for `window` steps, first by this step.

    `awaits` is the symptom whose detector will say so; until it exists the case is pending.
    Raises ValueError for a metric that nobody measures.
    """

    metric: str
    relation: Literal["<", ">"]
    bound: float
    by_step: int
    window: int = 100
    awaits: str = ""

    def __post_init__(self) -> None:
        _check_metric(self.metric)

    def __str__(self) -> str:
        held = f" for {self.window} steps" if self.window else ""
        return f"{self.metric} {self.relation} {self.bound:g}{held}, by step {self.by_step}"


@dataclass(frozen=True)
class Refused:
    """The run stops at once with an error that contains this text."""

    text: str
    by_step: int = 1

    def __str__(self) -> str:
        return f"stops with '{self.text}'"


@dataclass(frozen=True)
class Declined:
    """A metric of which less is better has turned: its median is `factor` times its best.

    It is seen at the step where it turned, once that is established.
    """

    metric: str
    factor: float
    by_step: int
    window: int = 200
    awaits: str = ""

    def __post_init__(self) -> None:
        _check_metric(self.metric)

    def __str__(self) -> str:
        return f"{self.metric} back at {self.factor:g} times its best, by step {self.by_step}"


Expectation: TypeAlias = Named | Signature | Declined | Refused


def _check_metric(name: str) -> None:
    if name not in METRICS:
        raise ValueError(f"No metric {name!r}; allowed: {', '.join(METRICS)}.")


@dataclass(frozen=True)
class Health:
    """What an outcome has to reach, by means that no detector uses (see Coverage).

    The defaults lie in the gap between 25 collapsed or dead runs (variety at most 0.15, Fréchet
    ratio at least 1.20) and 27 that draw digits (variety at least 0.32, ratio at most 1.01).
    """

    covered: float = 0.6  # of the classes or modes
    variety: float = 0.25  # mean pair distance of fakes / of reals
    frechet: float = 1.1  # squared Fréchet distance / the reals' total variance; images only
    high_quality: float = 0.0  # share within three sigma of a mode; mixtures only
    label_accuracy: float = 0.0  # conditional pairs only


@dataclass(frozen=True)
class Fix:
    """A change that is said to cure the case, and whether it did when we tried it."""

    name: str
    patch: Patch
    reason: str
    source: str
    helps: bool = True  # it cured every seed we tried
    steps: int | None = None  # length of the twin, where it needs longer than the failure


@dataclass(frozen=True)
class Case:
    """One documented system or failure with what we expect of it.

    A case without expectations is a healthy one: nothing above notice, and a healthy outcome
    (unless `judged` is off, where a run is too short to be judged).
    """

    slug: str
    title: str
    document: Document
    passage: str  # where in the document
    claim: str  # what the document says happens
    verdict: Literal["true", "partly", "false", "ours"]  # what we found of the claim
    truth: str  # what really happens, with its measurement or its source
    watch: str  # the signature, in words
    preset: str
    settings: Mapping[str, object]
    cause: str = "healthy"
    expects: tuple[Expectation, ...] = ()
    cure: Fix | None = None
    fixes: tuple[Fix, ...] = ()  # further ones that the document names
    healthy: str = ""  # what a healthy control looks like
    control: str = ""  # its slug, where it is a case of its own
    shown_by: str = ""  # the case that shows what a false claim says
    data: tuple[str, ...] = IMAGES
    absent: Mapping[str, str] = field(default_factory=dict)  # data set: why the case is not on it
    share: tuple[int, int] = (3, 3)  # of the seeds that show it, where chance decides
    shows: tuple[str, ...] = ()  # metrics that `watch` names and nothing expected is proven by
    quick: bool = True  # shows what it expects within 60 s on two cores
    judged: bool = True  # its healthy runs are long enough for an outcome
    health: Health = Health()

    def __post_init__(self) -> None:
        if self.cause not in CAUSES:
            raise ValueError(f"{self.slug}: no cause {self.cause!r}; see ganlab/causes/roster.py.")
        for metric in self.shows:
            _check_metric(metric)

    @property
    def fails(self) -> bool:
        """Whether something is expected to go wrong; a notice alone is no failure."""
        return any(
            not (isinstance(item, Named) and item.severity is Severity.NOTICE)
            for item in self.expects
        )

    @property
    def pending(self) -> tuple[str, ...]:
        """Symptoms whose detectors do not exist yet."""
        signatures = [item for item in self.expects if isinstance(item, Signature | Declined)]
        return tuple(dict.fromkeys(item.awaits for item in signatures if item.awaits))

    @property
    def tried(self) -> tuple[Fix, ...]:
        """The cure first, then every other fix."""
        return (*((self.cure,) if self.cure else ()), *self.fixes)

    def config(self, data: str | None = None, seed: int = 0, fix: Fix | None = None) -> RunConfig:
        """The run, on one of the case's data sets; with a fix, its cured twin.

        It is repeatable: live it shows what was measured headless, at the same steps.
        Raises ConfigError for data that the case does not run on.
        """
        chosen = self.data[0] if data is None else data
        self.check_data(chosen)
        asked = {**self.settings, "data": chosen, "seed": seed, "repeatable": True}
        config = preset(self.preset, **asked)
        if fix is None:
            return config
        longer: Patch = {} if fix.steps is None else {"steps": Set(fix.steps)}
        return config.patched({**fix.patch, **longer})

    def check_data(self, data: str) -> None:
        """Raises ConfigError, with the reason, for data that the case does not run on."""
        if data not in self.data:
            why = self.absent.get(data, "it was made for other data")
            raise ConfigError(
                f"Case {self.slug!r} does not run on data={data!r}: {why}. "
                f"Allowed: {', '.join(self.data)}."
            )
