"""Which remedies can act: a cure that would change nothing, or be refused, is not offered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from ganlab.config import ADAPTIVE, KNOBS, ConfigError, RunConfig, find_knob
from ganlab.finding import Remedy
from ganlab.knob import Value
from ganlab.observation import Facts
from ganlab.patch import AtLeast, AtMost, Change, Patch, Set

Settings: TypeAlias = Mapping[str, Value]
Refusal: TypeAlias = Callable[[Settings, Settings], bool]  # of the settings before and after


def offered(
    remedies: Iterable[Remedy], facts: Facts, config: RunConfig | None = None
) -> tuple[Remedy, ...]:
    """Those that would change what the run does, no name and no change twice, in their order.

    With a config their patches say just what would change, and to what; without one a setting
    that the facts do not tell counts as one that may change.
    """
    return Offer(facts, config).add(remedies).given


class Offer:
    """Remedies for one run, collected in the order in which they are to be offered."""

    def __init__(self, facts: Facts, config: RunConfig | None = None) -> None:
        self._exact = config is not None
        told = dict(_told(facts)) if config is None else dict(config)
        self._told = frozenset(told)
        self._config = config or _like(told)
        self._before: Settings = dict(self._config)
        self._given: dict[str, Remedy] = {}

    @property
    def given(self) -> tuple[Remedy, ...]:
        """What has been collected."""
        return tuple(self._given.values())

    def add(self, remedies: Iterable[Remedy], refused: Refusal | None = None) -> Offer:
        """Takes those that can act, are new, and are not refused for what they would do."""
        for remedy in remedies:
            if remedy.name not in self._given:
                self._consider(remedy, refused)
        return self

    def _consider(self, remedy: Remedy, refused: Refusal | None) -> None:
        try:
            after: Settings = dict(self._config.patched(remedy.patch))
        except ConfigError:
            return
        acting = self._acting(remedy.patch, after)
        if not acting or (refused is not None and refused(self._before, after)):
            return
        patch = acting if self._exact else remedy.patch
        if all(patch != other.patch for other in self._given.values()):
            self._given[remedy.name] = replace(remedy, patch=patch)

    def _acting(self, patch: Patch, after: Settings) -> Patch:
        """The part of the patch that may change what the run does, with values for bounds."""
        return {
            name: _valued(change, after[name])
            for name, change in patch.items()
            if (name not in self._told or self._before[name] != after[name])
            and (self._has_a_say(name, self._before) or self._has_a_say(name, after))
        }

    def _has_a_say(self, name: str, settings: Settings) -> bool:
        knob = KNOBS[name]
        untold = knob.when is not None and knob.when[0] not in self._told
        return untold or knob.has_a_say(settings)


def _valued(change: Change, value: Value) -> Change:
    return Set(value) if isinstance(change, AtLeast | AtMost) else change


def _like(told: Mapping[str, object]) -> RunConfig:
    """A config with these settings; the defaults where they make none."""
    for faults in (False, True):
        try:
            return RunConfig.of({**told, "allow_faults": faults})
        except ConfigError:
            continue
    return RunConfig()


def _told(facts: Facts) -> Iterator[tuple[str, Value]]:
    """The settings among the facts. A script's may be unlike any of the lab's."""
    given = dict(facts)
    for player in "dg":
        momentum = given.pop(f"momentum_{player}", None)
        adaptive = given.get(f"optimizer_{player}") in ADAPTIVE
        given[f"{'beta1' if adaptive else 'momentum'}_{player}"] = momentum
    for name in KNOBS:
        try:
            yield name, find_knob(name).check(given[name])
        except (KeyError, ConfigError):
            continue
