"""One setting: its type, its bounds, its words, and how text becomes its value."""

from __future__ import annotations

import dataclasses
import difflib
import math
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Value = bool | int | float | str | tuple[int, ...]


class ConfigError(ValueError):
    """A setting or a combination that cannot run; the text says what was got, allowed and to do.

    `settings` names those that are refused, where the text is about settings.
    """

    def __init__(self, text: str, settings: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.settings = settings


@dataclass(frozen=True)
class Knob:
    """What a form, a tooltip, a flag and a handbook need to know of one setting."""

    name: str
    kind: type
    default: Value
    doc: str
    group: str
    hot: bool
    choices: tuple[str, ...]
    low: float
    high: float
    unit: str
    source: str
    log: bool
    when: tuple[str, tuple[Value, ...]] | None

    def has_a_say(self, settings: Mapping[str, object]) -> bool:
        """Whether the setting changes anything beside the others."""
        return self.when is None or settings[self.when[0]] in self.when[1]

    def check(self, value: object) -> Value:
        """The value in the knob's own type. Raises ConfigError when it does not fit."""
        typed = _typed(self, value)
        if self.choices and typed not in self.choices:
            raise ConfigError(
                f"{self.name} is {typed!r}; allowed: {', '.join(self.choices)}."
                + nearest(str(typed), self.choices),
                (self.name,),
            )
        for number in typed if isinstance(typed, tuple) else (typed,):
            in_range = isinstance(number, str) or self.low <= number <= self.high
            if not in_range:
                raise ConfigError(
                    f"{self.name} is {typed!r}; allowed: {self.allowed()}.", (self.name,)
                )
        return typed

    def parse(self, text: str) -> Value:
        """The value that a command line or a form wrote as text."""
        return self.check(text)

    def allowed(self) -> str:
        """The allowed values in words: 'one of ...', 'a number from ... to ...'."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.kind is bool:
            return "true or false"
        if self.kind is str:
            return f"UTF-8 text of at most {_LONGEST} characters"
        number = {int: "a whole number", float: "a number", tuple: "whole numbers like 256,512"}
        return f"{number[self.kind]}{_bounds(self.low, self.high)}"


def _bounds(low: float, high: float) -> str:
    if math.isinf(high):
        return f" of at least {low:g}" if not math.isinf(low) else ""
    return f" from {low:g} to {high:g}"


def nearest(word: str, words: tuple[str, ...]) -> str:
    """' Did you mean ...?' for the most similar of the words, or nothing."""
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    return f" Did you mean {close[0]!r}?" if close else ""


_LONGEST = 4096  # characters of a text
_TRUE = ("true", "1", "yes", "on")
_FALSE = ("false", "0", "no", "off")


def _typed(knob: Knob, value: object) -> Value:
    """Converts text and harmless numbers; refuses everything that would lose information."""
    text = f"{knob.name} is {value!r:.200}; allowed: {knob.allowed()}."
    problem = ConfigError(text, (knob.name,))
    try:
        if knob.kind is tuple:
            return _widths(value)
        if knob.kind is bool:
            return _flag(value)
        if knob.kind is str:
            return _text(value)
        return _number(knob.kind, value)
    except (TypeError, ValueError, OverflowError):
        raise problem from None


def _refuse() -> typing.NoReturn:
    raise ValueError


def _text(value: object) -> str:
    """Text that can be stored and be a path."""
    if not isinstance(value, str) or "\0" in value or len(value) > _LONGEST:
        _refuse()
    value.encode()  # refuses what no encoding has, such as a name of other bytes than UTF-8
    return value


def _widths(value: object) -> tuple[int, ...]:
    parts = value.strip("()[] ").split(",") if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)):
        _refuse()
    return tuple(int(part) for part in parts if str(part).strip())


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    return True if word in _TRUE else False if word in _FALSE else _refuse()


def _number(kind: type, value: object) -> float | int:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        _refuse()
    number = float(value)
    if math.isnan(number) or (kind is int and not number.is_integer()):
        _refuse()
    return int(number) if kind is int else number


def knob(
    default: Value,
    doc: str,
    *,
    group: str,
    hot: bool = False,
    choices: tuple[str, ...] = (),
    low: float = 0.0,
    high: float = math.inf,
    unit: str = "",
    source: str = "",
    log: bool = False,
    when: tuple[str, tuple[Value, ...]] | None = None,
) -> Any:
    """A dataclass field with its documentation. `hot` settings may change while a run trains."""
    details = dict(locals())
    del details["default"]
    return dataclasses.field(default=default, metadata=details)
