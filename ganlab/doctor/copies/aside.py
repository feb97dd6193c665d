"""Keeps what we try beside a script from being seen by what it has put into torch and Python.

Its hooks on every module, its printing and its random numbers are for its own training, not for
our trials.
"""

from __future__ import annotations

import contextlib
import random
import sys
from _thread import get_ident
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn
from torch.optim.optimizer import Optimizer

_HOOKS = [
    (module, name)
    for module in (nn.modules.module, sys.modules[Optimizer.__module__])
    for name, value in vars(module).items()
    if name.startswith("_global_") and isinstance(value, dict)
]


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
