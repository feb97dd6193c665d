"""What the detectors say of a recorded run, beside what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ganlab.bench.corpus.fate import Fate, fate_of, healthy_from, memorised
from ganlab.bench.corpus.plans import Family, Plan
from ganlab.bench.corpus.proof import Proof, proof_of
from ganlab.bench.corpus.recording import Recording
from ganlab.bench.corpus.split import Part, family_of, part_of
from ganlab.bench.corpus.states import states_of
from ganlab.diagnosis.replay import replay

_LARGE = 5e-3  # Adam's learning rate from which it is too high whatever else is wrong


@dataclass(frozen=True)
class Alarm:
    """A finding above notice, from its step until it was withdrawn or the run ended."""

    symptom: str
    step: int
    until: int

    @property
    def stood(self) -> int:
        """Steps; never 0, so that 0 means no alarm."""
        return self.until - self.step + 1


@dataclass(frozen=True)
class Judged:
    """One run: its truth, its alarms, its suspects (best first)."""

    plan: str
    seed: int
    part: Part
    family: str  # "" for a healthy plan
    held_out: bool
    fate: Fate
    patched_at: int  # 0: wrong from the start
    health: int | None  # step from which it was healthy, if it ever was
    last: int
    alarms: tuple[Alarm, ...]
    suspects: tuple[str, ...]
    causes: tuple[str, ...]  # any of these is right
    states: Mapping[str, bool] = field(default_factory=dict)  # at the end, by the truth
    proof: Proof = field(default_factory=Proof)

    @property
    def name(self) -> str:
        """plan@seed"""
        return f"{self.plan}@{self.seed}"

    @property
    def scored(self) -> bool:
        """Whether it became what its plan was made for: failed, or healthy."""
        return self.fate == ("failed" if self.family else "healthy")


def judged(run: Recording, plan: Plan) -> Judged:
    """Replays the run. Pure: equal recordings and detectors give equal answers."""
    family = family_of(plan.name)
    found = replay(run.observations(), error=run.error)
    fate = fate_of(run)
    if family is not None and family.fails_by_memory:
        fate = "failed" if memorised(run) else "mild"
    return Judged(
        plan=plan.name,
        seed=run.seed,
        part=part_of(plan.name),
        family=family.slug if family else "",
        held_out=plan.held_out,
        fate=fate,
        patched_at=plan.patch_at,
        health=healthy_from(run),
        last=run.steps[-1],
        alarms=alarms_of(found.events, run.steps[-1], run.error),
        suspects=tuple(suspect.cause for suspect in found.suspects),
        causes=_causes(family, plan),
        states=states_of(run),
        proof=proof_of(found.events),
    )


def _causes(family: Family | None, plan: Plan) -> tuple[str, ...]:
    """Every name that is true of the injected fault."""
    if family is None:
        return ()
    config = plan.config(0)
    large = max(config.lr_d, config.lr_g) >= _LARGE and "adam" in config.optimizer_d
    also = ("learning-rate-too-high",) if large else ()
    return (*family.causes, *(cause for cause in also if cause not in family.causes))


def alarms_of(events: Sequence[Mapping[str, Any]], last: int, error: str = "") -> tuple[Alarm, ...]:
    """Findings above notice as intervals; what stopped the run is an alarm of its own."""
    since: dict[str, int] = {}
    found: list[Alarm] = []
    for event in events:
        symptom, step = event["symptom"], event["step"]
        loud = event["event"] != "closed" and event["severity"] != "notice"
        if loud:
            since.setdefault(symptom, step)
        elif symptom in since:
            found.append(Alarm(symptom, since.pop(symptom), step))
    found += [Alarm(symptom, step, last) for symptom, step in since.items()]
    if error:
        found.append(Alarm("stopped", last, last))
    return tuple(sorted(found, key=lambda alarm: alarm.step))
