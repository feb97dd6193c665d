"""What is known of a run when causes are asked: frozen, and JSON.

The lab tells facts, findings and last metrics. A script's sensor adds the rounds it looked at, what
the pair is built of, and what it measured and tried out itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ganlab.causes.build import Build
from ganlab.causes.looks import Looks
from ganlab.causes.rows import fields_of, to_row
from ganlab.causes.told import Told
from ganlab.causes.trace import Likeness, Location, Trace
from ganlab.finding import Finding, finding_of_row
from ganlab.observation import Facts

LESSON_RATE = 1e-3  # learning rate at which a copy of D learns alone


@dataclass(frozen=True)
class Burst:
    """What a copy of D can tell before and after learning alone for a while: AUC on new samples."""

    before: float
    after: float
    restarted: float = 0.0  # a copy with new weights, after the same lessons; only if starved

    @property
    def starved(self) -> bool:
        """Whether D can hardly tell, and a copy of it learned to within the lesson."""
        return self.before <= 0.65 and self.after >= 0.8


@dataclass(frozen=True)
class History(Told, Looks):
    """One run up to now."""

    findings: tuple[Finding, ...] = ()  # what stands, in the order in which it opened
    facts: Facts = field(default_factory=Facts)
    metrics: dict[str, float] = field(default_factory=dict)  # the last of each
    error: str = ""  # that ended the run
    build: Build | None = None  # of a script
    rounds: tuple[Trace, ...] = ()  # the last ones
    early: tuple[Trace, ...] = ()  # the first ones, before either player is sure
    loose: tuple[Likeness, ...] = ()
    updates: int = 0  # of G
    loss: str = ""  # family, once it is known
    outcome: dict[str, float] = field(default_factory=dict)  # the last probe's measurements
    answers: dict[str, float | None] = field(default_factory=dict)  # of experiments on copies
    burst: Burst | None = None  # the one on D
    distinct: int = 0  # real samples seen, each counted once
    real_seen: int = 0
    ended: str = ""  # why no more was looked at
    failure: str = ""  # why nothing but a cause can be said

    def as_row(self) -> dict[str, Any]:
        """The JSON form."""
        row: dict[str, Any] = to_row(replace(self, findings=()))
        return row | {"findings": [finding.as_row() for finding in self.findings]}

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> History:
        """What `as_row` wrote. Raises LookupError, TypeError or ValueError for anything else."""
        rest = {name: value for name, value in row.items() if name != "findings"}
        findings = tuple(map(finding_of_row, row["findings"]))
        return cls(findings=findings, **fields_of(cls, rest))

    @property
    def made_of(self) -> Build:
        """What the pair is built of. Raises ValueError for a run of the lab."""
        if self.build is None:
            raise ValueError("The lab's history has no build; ask only where a script was seen.")
        return self.build

    def layer_of_d(self, word: str, *names: str) -> Location | None:
        """The line in which D's class names such a layer, else the newest of one of the names."""
        return self.made_of.discriminator.lines.get(word) or self.where(*names)

    def prospers(self) -> bool | None:
        """Whether G's samples are varied, on the data and all over it; None before 600 updates."""
        outcome = self.outcome
        needed = ("diversity", "codebook_js_long", "missing_mass", "off_data")
        if self.updates < 600 or not all(name in outcome for name in needed):
            return None
        return (
            0.5 < outcome["diversity"] < 1.5
            and outcome["codebook_js_long"] < 0.15
            and outcome["missing_mass"] < 0.15
            and outcome["off_data"] < 0.6
            and not self.restless()
        )

    def far_off(self) -> bool:
        """Whether G's samples are hardly like the data: as early ones are, or failing ones."""
        outcome = self.outcome
        return "missing_mass" in outcome and (
            outcome["codebook_js_long"] > 0.35
            or outcome["missing_mass"] > 0.5
            or outcome["diversity"] < 0.2
            or outcome["off_data"] > 0.97
        )

    def fails(self) -> bool:
        """Whether they still are after a thousand updates."""
        return self.updates >= 1000 and self.far_off()

    def poor(self, *, soon: bool = False) -> list[str]:
        """A sentence where the samples are far off; `soon`: where 300 updates tell."""
        said = f"After {self.updates} updates the samples are hardly like the data."
        bad = self.fails() or (soon and self.updates >= 300 and self.far_off())
        return [said] if bad else []

    def falls_short(self) -> bool:
        """Whether they do not prosper after a thousand updates."""
        return self.updates >= 1000 and self.prospers() is False

    def starved(self) -> bool:
        """Whether D could not tell, and a copy of it that learned alone could."""
        return self.burst is not None and self.burst.starved

    def restless(self) -> bool:
        """Whether after 1500 updates the samples still jump from mode to mode between probes.

        Healthy pairs stayed under 0.4 and 0.11, at rates that harmed at 0.8 and 0.25 (measured).
        """
        turns, apart = self.outcome.get("mode_turns", 0.0), self.outcome.get("codebook_js", 0.0)
        return self.updates >= 1500 and turns > 0.6 and apart > 0.2
