"""What the detectors and the assessment say of a live break, beside what became of it."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ganlab.bench.live.runs import LiveRun
from ganlab.bench.live.truth import Harm, Margin, harm_of
from ganlab.diagnosis import Assessment, Change, State, assess
from ganlab.observation import Observation
from ganlab.panel import DetectorPanel

LIVE = "live-change"  # the cause that blames a patch


@dataclass(frozen=True)
class Told:
    """One look after the patch: what a person is told there."""

    step: int
    opened: tuple[str, ...]  # symptoms above notice that opened here, or the cause called wrong
    state: State
    first: str  # the first suspect's cause, "" without suspects
    blamed: int | None  # the step of the change that the first suspect blames
    accuses: bool  # whether any suspect blames a change


@dataclass(frozen=True)
class Judged:
    """One break and seed: its truth, and what was told from the patch on."""

    name: str
    base: str
    seed: int
    pair: bool
    patched_at: int
    undone_at: int | None
    blamed: int | None  # the first update under the change that is to be named
    harm: Harm
    told: tuple[Told, ...]
    twin_symptoms: frozenset[str]  # above notice in the twin, from the checkpoint on

    @property
    def run(self) -> str:
        """NAME@SEED"""
        return f"{self.name}@{self.seed}"

    @property
    def until(self) -> int:
        """The last step under the patch."""
        return self.told[-1].step if self.undone_at is None else self.undone_at

    @property
    def held(self) -> tuple[Told, ...]:
        """What was told under the patch."""
        return tuple(told for told in self.told if told.step <= self.until)

    @property
    def noticed(self) -> int | None:
        """The first step at which something is said to be wrong, or a change is blamed."""
        return next((told.step for told in self.held if _loud(told)), None)

    @property
    def diagnosed(self) -> Told | None:
        """The last that was told under the patch with a cause named."""
        return next((told for told in reversed(self.held) if told.first), None)

    @property
    def named(self) -> bool:
        """Whether the last diagnosis under the patch has the right change first."""
        return self._right(self.diagnosed)

    @property
    def named_at_once(self) -> bool:
        """Whether the diagnosis at the notice has it first."""
        return self._right(next((told for told in self.held if _loud(told)), None))

    def _right(self, told: Told | None) -> bool:
        return told is not None and told.first == LIVE and told.blamed == self.blamed

    @property
    def alarms(self) -> tuple[str, ...]:
        """Symptoms above notice that opened under the patch and that the twin does not have."""
        opened = dict.fromkeys(symptom for told in self.held for symptom in told.opened)
        return tuple(symptom for symptom in opened if symptom not in self.twin_symptoms)

    @property
    def green_over_harm(self) -> bool:
        """Whether the all-clear is shown while harm stands."""
        since = self.harm.since
        return since is not None and any(
            told.state is State.HEALTHY for told in self.held if told.step >= since
        )

    @property
    def all_clear(self) -> int | None:
        """The first step after the undo with an all-clear."""
        if self.undone_at is None:
            return None
        later = (told for told in self.told if told.step > (self.undone_at or 0))
        return next((told.step for told in later if told.state is State.HEALTHY), None)


def _loud(told: Told) -> bool:
    return bool(told.opened) or (told.accuses and told.state is not State.HEALTHY)


@dataclass
class Watch:
    """A panel and everything that it has said so far."""

    panel: DetectorPanel = field(default_factory=DetectorPanel)
    events: list[Mapping[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)

    def see(self, look: Observation) -> list[Mapping[str, Any]]:
        """Takes a look; returns the events that it causes."""
        self.facts |= look.facts or {}
        self.metrics |= look.metrics
        events: list[Mapping[str, Any]] = [event.as_row() for event in self.panel.update(look)]
        self.events += events
        return events

    def assessed(
        self, changes: Sequence[Change], error: str = "", step: int | None = None
    ) -> Assessment:
        """What is told now."""
        return assess(self.events, self.facts, self.metrics, error, changes, step)  # type: ignore[arg-type]


Key = tuple[str, int]  # a base and a seed


def judge_all(
    runs: Iterable[LiveRun], twins: Mapping[Key, LiveRun], margins: Mapping[str, Margin]
) -> Iterator[Judged]:
    """Each run, replayed. The way to a checkpoint is replayed once for all breaks from there."""
    ways: dict[Key, Watch] = {}
    heard: dict[Key, frozenset[str]] = {}
    for run in runs:
        key = run.base, run.seed
        if key not in ways:
            ways[key] = _way(run)
            twin = told_of(twins[key], ways[key])
            heard[key] = frozenset(symptom for told in twin for symptom in told.opened)
        yield judged(run, told_of(run, ways[key]), heard[key], margins.get(run.base, Margin()))


def _way(run: LiveRun) -> Watch:
    watch = Watch()
    for look in run.looks:
        if look.step <= run.patched_at:
            watch.see(look)
    return watch


def told_of(run: LiveRun, way: Watch) -> tuple[Told, ...]:
    """What a person is told from the checkpoint on, by a panel that has seen the way to it."""
    watch = copy.deepcopy(way)
    before = watch.assessed(()).state
    found: list[Told] = []
    for look in run.looks:
        if look.step > run.patched_at:
            events = watch.see(look)
            said = watch.assessed(run.changes(look.step))
            found.append(_told(look.step, _opened(events), said, before))
            before = said.state
    if run.error:
        step = found[-1].step if found else run.patched_at + 1
        said = watch.assessed(run.changes(step), run.error, step)
        found.append(_told(step, ["stopped"], said, before))
    return tuple(found)


def _opened(events: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        event["symptom"]
        for event in events
        if event["event"] != "closed" and event["severity"] != "notice"
    ]


def _told(step: int, opened: Sequence[str], said: Assessment, before: State) -> Told:
    first = said.suspects[0] if said.suspects else None
    built = said.state is State.WRONG and before is not State.WRONG and not opened
    return Told(
        step=step,
        opened=(*opened, *((f"cause {first.cause}",) if built and first else ())),
        state=said.state,
        first=first.cause if first else "",
        blamed=first.change.step if first and first.change else None,
        accuses=any(suspect.cause == LIVE for suspect in said.suspects),
    )


def judged(run: LiveRun, told: tuple[Told, ...], twin: frozenset[str], margin: Margin) -> Judged:
    """Joins truth and replay."""
    until = run.undone_at if run.undone_at is not None else told[-1].step
    return Judged(
        name=run.name,
        base=run.base,
        seed=run.seed,
        pair=len(run.changes(until)) > 1,
        patched_at=run.patched_at,
        undone_at=run.undone_at,
        blamed=run.blamed.step if run.blamed else None,
        harm=harm_of(
            run.checks, run.twin, margin,
            start=run.patched_at, undone=until, crashed=bool(run.error),
        ),
        told=told,
        twin_symptoms=twin,
    )  # fmt: skip
