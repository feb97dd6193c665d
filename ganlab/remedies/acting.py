"""Which remedies can act: a cure that would change nothing, or be refused, is not offered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ganlab.config import ADAPTIVE, KNOBS, ConfigError, RunConfig, find_knob
from ganlab.finding import Remedy
from ganlab.knob import Value
from ganlab.observation import Facts
from ganlab.patch import AtLeast, AtMost, Patch, Set


@dataclass(frozen=True)
class Known:
    """A run's settings, and which of them were told; the others stand at their defaults."""

    config: RunConfig
    told: frozenset[str]

    @classmethod
    def of(cls, facts: Facts, config: RunConfig | None = None) -> Known:
        """By the config, or by facts alone, which say less."""
        if config is not None:
            return cls(config, frozenset(KNOBS))
        told = dict(_told(facts))
        for faults in (False, True):
            try:
                known = RunConfig.of({**told, "allow_faults": faults})
            except ConfigError:
                continue
            return cls(known, frozenset(told))
        return cls(RunConfig(), frozenset())

    def acting(self, patch: Patch) -> Patch:
        """The part of the patch that may change what the run does; none of it where refused."""
        try:
            after = dict(self.config.patched(patch))
        except ConfigError:
            return {}
        before = dict(self.config)
        return {
            name: change
            for name, change in patch.items()
            if (name not in self.told or before[name] != after[name])
            and any(self._has_a_say(name, settings) for settings in (before, after))
        }

    def _has_a_say(self, name: str, settings: dict[str, Value]) -> bool:
        knob = KNOBS[name]
        untold = knob.when is not None and knob.when[0] not in self.told
        return untold or knob.has_a_say(settings)


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


def offered(
    remedies: Iterable[Remedy], facts: Facts, config: RunConfig | None = None
) -> tuple[Remedy, ...]:
    """Those that would change what the run does, no name and no change twice, in their order.

    With a config their patches say just what would change, and to what; without one a setting
    that the facts do not tell counts as one that may change.
    """
    known = Known.of(facts, config)
    found: list[Remedy] = []
    for remedy in remedies:
        acting = known.acting(remedy.patch)
        patch = remedy.patch if config is None else _exact(acting, config)
        if acting and not any(remedy.name == other.name or patch == other.patch for other in found):
            found.append(replace(remedy, patch=patch))
    return tuple(found)


def _exact(patch: Patch, config: RunConfig) -> Patch:
    """The patch with values in place of bounds."""
    after = dict(config.patched(patch))
    return {
        name: Set(after[name]) if isinstance(change, AtLeast | AtMost) else change
        for name, change in patch.items()
    }
