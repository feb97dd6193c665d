"""Changes of settings as data. Knows no setting's name and no bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ganlab.knob import ConfigError, Value


@dataclass(frozen=True)
class Set:
    """Sets a setting to a value."""

    value: Value

    def applied_to(self, old: Value) -> Value:
        return self.value


@dataclass(frozen=True)
class Scale:
    """Multiplies a numeric setting by a factor."""

    factor: float

    def applied_to(self, old: Value) -> Value:
        number = _number(self, old, self.factor)
        try:
            return type(number)(number * self.factor)
        except (OverflowError, ValueError):  # a whole number times an infinite one
            raise ConfigError(
                f"{old!r} times {self.factor!r} is no number; allowed: a product that is one. Use "
                "a smaller factor."
            ) from None


@dataclass(frozen=True)
class AtLeast:
    """Raises a numeric setting to a bound; a larger one stays."""

    bound: float

    def applied_to(self, old: Value) -> Value:
        return max(_number(self, old, self.bound), self.bound)


@dataclass(frozen=True)
class AtMost:
    """Lowers a numeric setting to a bound; a smaller one stays."""

    bound: float

    def applied_to(self, old: Value) -> Value:
        return min(_number(self, old, self.bound), self.bound)


Change: TypeAlias = Set | Scale | AtLeast | AtMost
Patch: TypeAlias = Mapping[str, Change]


def _number(change: Change, old: Value, operand: float) -> float:
    """The old value, where it and what it is to be changed by are numbers."""
    for value in (old, operand):
        if isinstance(value, (str, tuple)):
            raise ConfigError(
                f"{type(change).__name__} needs a number, got {value!r}; use Set instead."
            )
    return old  # type: ignore[return-value]  # just looked at
