"""Torch's own functions under what a script has put in their place."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.optimizer import Optimizer

_OWNERS: tuple[Any, ...] = (Tensor, nn.Module, Optimizer, torch.optim.Adam, torch.autograd)
_MISSING = object()


class Originals:
    """Torch's own functions as they are now; `back` puts them in the place of later patches."""

    def __init__(self) -> None:
        self._known = [(owner, dict(vars(owner))) for owner in _OWNERS]
        self._seen: dict[Any, Any] = {}  # functions -> themselves, or what they are patches of

    def _patched(self) -> list[tuple[Any, str, Any, Any]]:
        """Owner, name, patch and original of each; _MISSING for an inherited original."""
        return [
            (owner, name, vars(owner)[name], known.get(name, _MISSING))
            for owner, known in self._known
            if vars(owner) != known
            for name in _changed(owner, known)
        ]

    def of(self, function: Any) -> Any:
        """Torch's own for a patch of it; any other function as it is.

        For modes: torch's functions name themselves to a mode by looking themselves up, and so
        name the patch that has called them.
        """
        if function not in self._seen:
            self._seen[function] = function
            for owner, name, patch, original in self._patched():
                base = getattr(super(owner, owner), name) if original is _MISSING else original
                self._seen[patch] = base
        return self._seen[function]

    @contextlib.contextmanager
    def back(self) -> Iterator[None]:
        """Inside, what was patched since is as it was; what was added stays."""
        patched = self._patched()
        try:
            for owner, name, _, original in patched:
                _put(owner, name, original)
            yield
        finally:
            for owner, name, patch, _ in patched:
                setattr(owner, name, patch)


def _changed(owner: Any, known: Mapping[str, Any]) -> list[str]:
    """Names whose function is another one now, in the owner or over one that it inherits."""
    return [
        name
        for name, value in list(vars(owner).items())
        if callable(value)
        and known.get(name, _MISSING) is not value
        and (name in known or _inherited(owner, name))
    ]


def _inherited(owner: Any, name: str) -> bool:
    return isinstance(owner, type) and any(name in vars(base) for base in owner.__mro__[1:])


def _put(owner: Any, name: str, value: Any) -> None:
    if value is _MISSING:
        delattr(owner, name)
    else:
        setattr(owner, name, value)
