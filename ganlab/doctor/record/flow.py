"""Follows tensors from network to network by value: through detach, cat, no_grad and copies.

Knows nothing of GANs. Labels live beside the tensors, never on them: a user's files stay clean.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import FunctionType
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils.weak import WeakIdKeyDictionary

Key = int  # of a network


@dataclass(frozen=True)
class Origin:
    """Which networks a tensor's values come from.

    `rows` says it part by part where samples of different origin were concatenated in one batch.
    """

    networks: frozenset[Key] = frozenset()
    rows: tuple[tuple[Origin, int], ...] = ()
    born: int = 0  # optimiser steps of the script before the newest of them was made

    @property
    def mixed(self) -> bool:
        """Whether one batch holds generated samples and others."""
        return any(bool(part.networks) != bool(self.networks) for part, _ in self.rows)

    def numbers(self, generated: bool) -> Tensor:
        """(n,) The numbers of the rows that a network made, or of the others."""
        made = [bool(part.networks) for part, count in self.rows for _ in range(count)]
        return torch.tensor(made, dtype=torch.bool).eq(generated).nonzero().flatten()

    def picked(self, index: Any) -> Origin:
        """The origin of the rows that an index picks; without `rows` where that is unclear."""
        index = index[0] if isinstance(index, tuple) and index else index
        if isinstance(index, int) and index >= 0:  # as datasets ask, row by row
            ends = itertools.accumulate(count for _, count in self.rows)
            return next(
                (p for (p, _), e in zip(self.rows, ends, strict=True) if index < e), NOWHERE
            )
        parts = [part for part, count in self.rows for _ in range(count)]
        try:
            order = torch.arange(len(parts))[index.cpu() if isinstance(index, Tensor) else index]
        except (IndexError, TypeError, RuntimeError):
            return replace(self, rows=())
        if order.dim() == 0:
            return parts[int(order)]
        if order.dim() > 1:
            return replace(self, rows=())
        chosen = [parts[number] for number in order.tolist()]
        rows = tuple((part, len(list(run))) for part, run in itertools.groupby(chosen))
        return replace(_union(chosen), rows=rows)


def _union(origins: Iterable[Origin]) -> Origin:
    found = list(origins)
    networks = frozenset().union(*(origin.networks for origin in found))
    return Origin(networks, born=max((origin.born for origin in found), default=0))


NOWHERE = Origin()
# A result of these has nothing of its arguments' values.
_SHAPES_ONLY = frozenset(
    [
        "zeros_like",
        "ones_like",
        "empty_like",
        "rand_like",
        "randn_like",
        "randint_like",
        "full_like",
        "new_zeros",
        "new_ones",
        "new_empty",
        "new_full",
        "new_tensor",
        "size",
        "dim",
        "numel",
    ]
)
_OVERWRITES = frozenset(
    ["zero_", "fill_", "normal_", "uniform_", "random_", "bernoulli_", "exponential_"]
)
# What a network written as plain functions is made of.
_COMPUTES = frozenset(
    [
        "linear",
        "matmul",
        "__matmul__",
        "__rmatmul__",
        "mm",
        "addmm",
        "bmm",
        "baddbmm",
        "einsum",
        "conv1d",
        "conv2d",
        "conv3d",
        "conv_transpose1d",
        "conv_transpose2d",
        "conv_transpose3d",
        "embedding",
        "batch_norm",
        "layer_norm",
        "group_norm",
        "instance_norm",
        "prelu",
        "bilinear",
        "add",
        "mul",
        "__add__",
        "__radd__",
        "__mul__",
        "__rmul__",
    ]
)
_CONCATENATES = frozenset(["cat", "concat", "concatenate", "vstack", "stack"])


class Flow(TorchFunctionMode):
    """While it is active, results of torch functions inherit the origin of their arguments.

    `on_parameters(key, x, out)` is told when a tensor that an optimiser owns is used outside of
    every known network: a network written as plain functions.
    """

    def __init__(self) -> None:
        super().__init__()
        self.origins: Any = WeakIdKeyDictionary()
        self.steps = 0  # of optimisers so far
        self.quiet = 0  # above 0 inside a known network, or while somebody only looks
        self.owned: dict[int, Key] = {}  # id of a parameter -> network
        self.inside: set[str] | None = None  # names of functions used inside a network, if wanted
        # Torch's function for what may be the script's own around it.
        self.original: Callable[[Any], Any] = lambda function: function
        self.on_parameters: Callable[[Key, Tensor, Tensor], None] | None = None
        # Told of the tensor, the bounds, and whether the tensor itself was changed.
        self.on_clamp: Callable[[Tensor, list[Any], bool], None] | None = None

    def origin(self, tensor: Tensor) -> Origin:
        """Where a tensor's values come from."""
        found: Origin = self.origins.get(tensor, NOWHERE)
        return found

    def mark(self, tensor: Tensor, key: Key) -> None:
        """From now on the tensor is an output of that network."""
        self.origins[tensor] = Origin(frozenset({key}), born=self.steps)

    def __torch_function__(
        self,
        func: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        if type(func) is FunctionType:
            func = self.original(func)
        out = func(*args, **(kwargs or {}))
        if not self.quiet and not transforming():
            self._follow(getattr(func, "__name__", ""), args, kwargs or {}, out)
        elif self.inside is not None:
            self.inside.add(getattr(func, "__name__", ""))
        return out

    def _follow(
        self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], out: Any
    ) -> None:
        given = [*tensors_in(args), *tensors_in(kwargs.values())]
        if self.owned and name in _COMPUTES:
            self._used_by_a_function(given, out)
        if name.startswith(("clamp", "clip")) and given and self.on_clamp is not None:
            in_place = name.endswith("_") or "out" in kwargs
            self.on_clamp(given[0], [*args[1:], *kwargs.values()], in_place)
        if not self.origins or not given or name in _SHAPES_ONLY:
            return
        if name in _OVERWRITES:
            self.origins.pop(given[0], None)
        elif name == "copy_":
            self._put(given[0], self.origin(given[-1]))
        elif name == "__setitem__":
            self._put(given[0], self._joined(given))
        elif name == "__getitem__" and self.origin(given[0]).rows:
            self._inherit(out, self.origin(given[0]).picked(args[1]))
        else:
            rows = name in _CONCATENATES and not _dimension(args, kwargs)
            self._inherit(
                out, self._stacked(given, name == "stack") if rows else self._joined(given)
            )

    def _inherit(self, out: Any, origin: Origin) -> None:
        if origin.networks:
            for result in tensors_in((out,)):
                self._put(result, origin)

    def _put(self, tensor: Tensor, origin: Origin) -> None:
        if origin.networks:
            self.origins[tensor] = origin
        else:
            self.origins.pop(tensor, None)

    def _joined(self, given: Iterable[Tensor]) -> Origin:
        origins = [self.origins[tensor] for tensor in given if tensor in self.origins]
        if len(origins) == 1:
            return origins[0]  # type: ignore[no-any-return]
        return _union(origins)

    def _stacked(self, given: list[Tensor], one_each: bool) -> Origin:
        parts = tuple(
            (self.origin(tensor), 1 if one_each else len(tensor))
            for tensor in given
            if one_each or tensor.dim()
        )
        return replace(self._joined(given), rows=parts)

    def _used_by_a_function(self, given: list[Tensor], out: Any) -> None:
        keys = {self.owned[id(tensor)] for tensor in given if id(tensor) in self.owned}
        inputs = [tensor for tensor in given if id(tensor) not in self.owned]
        if len(keys) != 1 or not inputs or not isinstance(out, Tensor):
            return
        (key,) = keys
        if self.on_parameters is not None:
            self.on_parameters(key, inputs[0], out)
        self.mark(out, key)
        del given[:]


def transforming() -> bool:
    """Whether torch.func works: what lies in its tensors cannot be looked at."""
    return torch._C._functorch.peek_interpreter_stack() is not None


def _dimension(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    return kwargs.get("dim", args[1] if len(args) > 1 else 0)


def tensors_in(values: Iterable[Any], depth: int = 2) -> Iterator[Tensor]:
    """The tensors among values and in the lists, tuples and dicts among them."""
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif depth and isinstance(value, list | tuple):
            yield from tensors_in(value, depth - 1)
        elif depth and isinstance(value, dict):
            yield from tensors_in(value.values(), depth - 1)


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
