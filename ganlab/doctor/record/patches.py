"""Wraps functions of torch, and takes the wrapping away again."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any


class Patches:
    """What was put into torch, to be undone in reverse order."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] = []

    def add(self, undo: Callable[[], None]) -> None:
        """Something else that is to be taken back."""
        self._undo.append(undo)

    def wrap(self, owner: Any, name: str, around: Callable[..., Any]) -> None:
        """From now on `around(original, ...)` is called in the original's place."""
        original = getattr(owner, name)

        called = functools.partial(around, original)

        @functools.wraps(original)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            return called(*args, **kwargs)

        def undo() -> None:
            nonlocal called
            called = functools.partial(original)
            if getattr(owner, name) is wrapped:  # else the script has put its own around it
                setattr(owner, name, original)

        setattr(owner, name, wrapped)
        self._undo.append(undo)

    def undo(self) -> None:
        """Takes all of it away."""
        for undo in reversed(self._undo):
            undo()
        self._undo.clear()
