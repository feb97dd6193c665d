"""Torch's stacks of modes, which the script uses too: its own keep their order."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import torch
from torch.overrides import TorchFunctionMode


def push(mode: TorchFunctionMode) -> None:
    """Puts the mode on top of torch's stack of function modes."""
    torch._C._push_on_torch_function_stack(mode)


def remove(mode: TorchFunctionMode) -> int:
    """Takes the mode out of the stack wherever it lies, and leaves the others in their order.

    Returns how many lay above it, for `put_back`; -1 where it was not there.
    """
    above: list[TorchFunctionMode] = []
    found = False
    while torch._C._len_torch_function_stack() and not found:
        top = torch._C._pop_torch_function_stack()
        found = top is mode
        if not found:
            above.append(top)
    _restore(above)
    return len(above) if found else -1


def put_back(mode: TorchFunctionMode, above: int) -> None:
    """Puts the mode where `remove` took it from."""
    count = min(above, torch._C._len_torch_function_stack())
    others = [torch._C._pop_torch_function_stack() for _ in range(count)]
    push(mode)
    _restore(others)


def _restore(modes: list[TorchFunctionMode]) -> None:
    for mode in reversed(modes):
        torch._C._push_on_torch_function_stack(mode)


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


def transforming() -> bool:
    """Whether torch.func works: what lies in its tensors cannot be looked at."""
    return torch._C._functorch.peek_interpreter_stack() is not None
