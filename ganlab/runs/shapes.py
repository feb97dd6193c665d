"""The types of what is stored of a run, with their bounds. Reads nothing.

Names that this version does not know (symptoms, severities, events, metrics, settings, causes)
are no damage: a newer version wrote them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ganlab.runs.plaintext import clean, cleaned
from ganlab.runs.record import Status

MOST_STEPS = 1 << 53  # beyond, a float would no longer tell one step from the next
_MOST_YEARS = 253_370_764_800.0  # unix time of the year 9999, the last that a date can show
_SEVERAL = {"traceback", "fix", "code"}  # the fields that keep their line breaks
_FLOAT32 = 1e37  # numbers of samples: room for what a picture adds to them

Step = Annotated[int, Meta(ge=0, lt=MOST_STEPS)]
Whole = Annotated[int, Meta(ge=-MOST_STEPS, le=MOST_STEPS)]
Number = Whole | float
Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Seconds = Annotated[float, Meta(ge=0.0, lt=1e12)]
Moment = Annotated[float, Meta(ge=0.0, lt=_MOST_YEARS)]
Place = Annotated[float, Meta(ge=-_FLOAT32, le=_FLOAT32)] | None
Value = bool | Whole | float | str | list[Whole]
Changes = dict[str, dict[str, Value]]  # of settings: {"lr_d": {"scale": 0.5}}


class _Row(msgspec.Struct):
    """Its texts are cleaned on reading: no control characters, no endless lines."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            setattr(self, name, cleaned(getattr(self, name), several=name in _SEVERAL))


class Evidence(_Row):
    """A measured number against its bound; what JSON has no number for is a word."""

    metric: str
    observed: Number | Literal["inf", "-inf", "nan"] | None
    relation: str
    bound: Number | Literal["inf", "-inf", "nan"] | None
    window: Number = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.observed = "nan" if self.observed is None else self.observed
        self.bound = "nan" if self.bound is None else self.bound


class Remedy(_Row):
    """What answers a finding."""

    name: str
    patch: Changes
    rationale: str = ""
    source: str = ""
    hot: bool | UnsetType = UNSET


class Finding(_Row, kw_only=True):
    """A finding that was opened, worsened or closed."""

    event: str
    symptom: str
    severity: str
    step: Step
    summary: str = ""
    evidence: Annotated[list[Evidence], Meta(min_length=1, max_length=100)]
    remedies: Annotated[list[Remedy], Meta(max_length=100)] = []
    until: Step | UnsetType | None = UNSET


class Patch(_Row, kw_only=True):
    """A live change of settings."""

    step: Step
    seconds: Number | None = 0.0
    patch: Changes
    origin: str = "user"
    error: str | UnsetType = UNSET


class Resume(_Row):
    """The logs were cut back to a step; checkpoints that could not be read were passed over."""

    step: Annotated[int, Meta(ge=-1, lt=MOST_STEPS)]
    time: Moment = 0.0
    passed: list[Step] = []


class Stepped(msgspec.Struct):
    """What rows of every log have."""

    step: Step


class Location(_Row):
    """A line of a script."""

    file: str
    line: Step
    code: str = ""


class Cause(_Row, kw_only=True):
    """What the doctor holds to be the cause, or worth a note."""

    slug: str
    confidence: Share = 0.0
    evidence: Annotated[list[str], Meta(min_length=1, max_length=100)]
    location: Location | None = None
    fix: str = ""
    checked: str = ""
    source: str = ""


class ReportedSymptom(_Row):
    """A symptom by its name."""

    slug: str
    severity: str = ""
    step: Number = 0


class Pair(_Row):
    """The two networks by the names that the script has for them."""

    generator: str | None = None
    discriminator: str | None = None


class Report(_Row, kw_only=True):
    """What the doctor says of a script."""

    verdict: str
    reason: str
    causes: Annotated[list[Cause], Meta(max_length=100)] = []
    notes: Annotated[list[Cause], Meta(max_length=1000)] = []
    symptoms: Annotated[list[ReportedSymptom], Meta(max_length=1000)] = []
    discovered: Pair = msgspec.field(default_factory=Pair)
    samples: dict[str, Number | None] = {}
    steps: Step = 0
    seconds: Seconds = 0.0
    overhead: Number = 0.0
    script_exit: Whole | None = None
    internal_errors: Annotated[list[str], Meta(max_length=100)] = []
    final: bool | UnsetType = UNSET


class Ended(_Row):
    """How a run ended."""

    status: Status
    step: Step
    seconds: Seconds | None
    error: str = ""
    traceback: str = ""
    finished: Moment = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.status.live:
            raise ValueError(f"the status {self.status.value!r} is none of a run that has ended")


class Script(_Row):
    """A user's own code that was watched."""

    script: str
    arguments: list[str] = []
    steps: Step = 0


def moment(value: object) -> float:
    """The unix time, or 0 for what is none that a date can show."""
    try:
        return msgspec.convert(value, Moment)
    except ValueError:
        return 0.0


class About(_Row):
    """What config.json says; `created` and what else only adorns a list may be missing."""

    config: dict[str, Any] | None = None
    source: Script | None = None
    name: Any = ""
    created: Any = 0.0
    parent: Any = None

    def __post_init__(self) -> None:
        if self.config is None and self.source is None:
            raise ValueError("it has neither settings nor a script")
        self.name = clean(self.name) if isinstance(self.name, str) else ""
        self.created = moment(self.created)
        self.parent = self.parent if isinstance(self.parent, str) else None


class Surface(_Row, kw_only=True):
    """D's output over the samples' extent: rows of `d` for each y, or a value for each x."""

    x: list[Place]
    y: list[Place] | UnsetType | None = UNSET
    d: list[list[Place] | Place]

    def __post_init__(self) -> None:
        width = len(self.x)
        plane = [len(row) for row in self.d if isinstance(row, list)]
        fits = plane == [width] * len(self.d) if plane else len(self.d) == width
        if not width or not fits or (plane and len(self.y or []) != len(plane)):
            raise ValueError("the surface does not fit its axes")


class Histogram(_Row):
    """Densities of real and generated values between edges."""

    edges: Annotated[list[Place], Meta(min_length=2)]
    real: list[Place]
    fake: list[Place]

    def __post_init__(self) -> None:
        if not len(self.real) == len(self.fake) == len(self.edges) - 1:
            raise ValueError("the histogram does not fit its edges")


class Details(_Row):
    """What is drawn beside generated samples, or instead of a picture of them."""

    points: Annotated[list[list[Place]], Meta(min_length=1)] | UnsetType = UNSET
    surface: Surface | UnsetType = UNSET
    histogram: Histogram | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.points is not UNSET and len({len(point) or -1 for point in self.points}) != 1:
            raise ValueError("the points have different numbers of dimensions")
        if self.points is not UNSET and not self.points[0]:
            raise ValueError("the points have no dimension")
