"""Keeps what we do beside a script from being seen by what it has put into torch and Python.

Its patches of torch's own functions, its hooks on every module, its modes, its printing and its
random numbers are for its own training, not for our looks and trials.
"""

from __future__ import annotations

import contextlib
import random
import sys
from _thread import get_ident
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.optimizer import Optimizer

_OWNERS: tuple[Any, ...] = (Tensor, nn.Module, Optimizer, torch.optim.Adam, torch.autograd)
_MISSING = object()
_HOOKS = [
    (module, name)
    for module in (nn.modules.module, sys.modules[Optimizer.__module__])
    for name, value in vars(module).items()
    if name.startswith("_global_") and isinstance(value, dict)
]


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


@contextlib.contextmanager
def unheard() -> Iterator[None]:
    """Inside, no hook on all modules or optimisers is called, and this thread prints nothing.

    For passes of copies, whose code is the script's own.
    """
    hooks = [(module, name, getattr(module, name)) for module, name in _HOOKS]
    out, error = sys.stdout, sys.stderr
    for module, name, value in hooks:
        # Another dictionary, not an emptied one: torch may be going through it just now.
        setattr(module, name, OrderedDict() if isinstance(value, OrderedDict) else {})
    muted: Any = (_Muted(out), _Muted(error))
    sys.stdout, sys.stderr = muted
    try:
        yield
    finally:
        if (sys.stdout, sys.stderr) == muted:  # else the code has put its own there
            sys.stdout, sys.stderr = out, error
        for module, name, value in hooks:
            setattr(module, name, value)


class _Muted:
    """A stream that passes on what other threads write."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._thread = get_ident()

    def write(self, text: str) -> int:
        if get_ident() == self._thread or self._stream is None:
            return len(text)
        return int(self._stream.write(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextlib.contextmanager
def no_modes() -> Iterator[None]:
    """Inside, the script's dispatch modes see nothing: a counter of operations, say."""
    modes = []
    while torch._C._len_torch_dispatch_stack():
        modes.append(torch._C._pop_torch_dispatch_stack(None))
    try:
        yield
    finally:
        for mode in reversed(modes):
            torch._C._push_on_torch_dispatch_stack(mode)


class untouched_randomness:  # noqa: N801 - reads as a phrase
    """Inside, random streams may be used; afterwards they are as they were.

    Those of torch, of Python, and of numpy where the script has it.
    """

    def __enter__(self) -> None:
        self._python = random.getstate()
        numpy: Any = sys.modules.get("numpy")
        self._numpy = None if numpy is None else numpy.random.get_state()
        self._cpu = torch.get_rng_state()
        self._cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else []

    def __exit__(self, *_: object) -> None:
        random.setstate(self._python)
        if self._numpy is not None:
            sys.modules["numpy"].random.set_state(self._numpy)
        torch.set_rng_state(self._cpu)
        if self._cuda:
            torch.cuda.set_rng_state_all(self._cuda)
