"""What a command line may say: text to values, refused in words."""

from __future__ import annotations

import argparse
import math
import os
from pathlib import Path

_EXACT = 1 << 53  # whole numbers up to here survive JSON and floats


def path(text: str) -> Path:
    """A path of any bytes but none and NUL."""
    if not text or "\0" in text or not _is_a_name(text):
        raise _refusal(text, "a path", "Name one, or leave the flag out")
    return Path(text)


def spelling(text: str) -> str:
    """A path in the user's own letters: "./train.py" is no Path."""
    path(text)
    return text


def _is_a_name(text: str) -> bool:
    try:
        return bool(os.fsencode(text))
    except UnicodeEncodeError:
        return False


def name(text: str) -> str:
    """A name in UTF-8 that is not empty."""
    if not text.strip() or "\0" in text or any("\ud800" <= each <= "\udfff" for each in text):
        raise _refusal(text, "a name", "Give one, or leave the flag out")
    return text


def whole(text: str) -> int:
    """A whole number that survives being stored."""
    try:
        if abs(value := int(text)) <= _EXACT:
            return value
    except ValueError:
        pass
    raise _refusal(text, "a whole number of at most 2^53", "For example 2000")


def number(text: str) -> float:
    """A finite number."""
    try:
        if math.isfinite(value := float(text)):
            return value
    except ValueError:
        pass
    raise _refusal(text, "a finite number", "For example 600")


def _refusal(text: str, allowed: str, advice: str) -> argparse.ArgumentTypeError:
    got = text if len(text) <= 60 else f"{text[:60]}... ({len(text)} characters)"
    return argparse.ArgumentTypeError(f"got {got!r}; allowed: {allowed}. {advice}.")
