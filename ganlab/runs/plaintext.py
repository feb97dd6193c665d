"""Text from a file made fit to be shown: nothing in it steers a terminal or turns a line around."""

from __future__ import annotations

import unicodedata
from typing import Any

_LINE, _TEXT = 2_000, 100_000  # characters of a line, and of what has several


def cleaned(value: Any, *, several: bool) -> Any:
    """The value with clean texts, at any depth."""
    if isinstance(value, str) and type(value) is str:
        return clean(value, several=several)
    if isinstance(value, list):
        return [cleaned(item, several=several) for item in value]
    if isinstance(value, dict):
        return {clean(name): cleaned(item, several=several) for name, item in value.items()}
    return value


def clean(text: str, *, several: bool = False) -> str:
    """The text without characters that steer a terminal or turn a line around, and not endless.

    A line (`several` false) has spaces for its breaks.

    >>> clean("a\\x1b[31m\\nb")
    'a\ufffd[31m b'
    """
    text = text[: _TEXT if several else _LINE]
    if text.isprintable():
        return text
    return "".join(one if several and one in "\n\t" else _character(one) for one in text)


def _character(one: str) -> str:
    kind = unicodedata.category(one)
    if one in "\n\t" or kind in ("Zl", "Zp") or one in _TURNING:
        return " "
    return "\ufffd" if kind in ("Cc", "Cs") else one


_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")
