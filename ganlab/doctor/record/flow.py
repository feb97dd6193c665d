"""Follows tensors from network to network by value: through detach, cat, no_grad and copies.

Labels live beside the tensors, never on them: a user's files stay clean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import FunctionType
from typing import Any

from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils.weak import WeakIdKeyDictionary

from ganlab.doctor.record.functions import COMPUTES, CONCATENATES, OVERWRITES, SHAPES_ONLY
from ganlab.doctor.record.modes import transforming
from ganlab.doctor.record.origin import NOWHERE, Key, Origin, union
from ganlab.doctor.record.tensors import tensors_in

Arguments = tuple[Any, ...]
Keywords = Mapping[str, Any]


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
        args: Arguments = (),
        kwargs: Keywords | None = None,
    ) -> Any:
        if type(func) is FunctionType:
            func = self.original(func)
        out = func(*args, **(kwargs or {}))
        if not self.quiet and not transforming():
            self._follow(getattr(func, "__name__", ""), args, kwargs or {}, out)
        elif self.inside is not None:
            self.inside.add(getattr(func, "__name__", ""))
        return out

    def _follow(self, name: str, args: Arguments, kwargs: Keywords, out: Any) -> None:
        given = [*tensors_in(args), *tensors_in(kwargs.values())]
        if self.owned and name in COMPUTES and self._used_by_a_function(given, out):
            return
        if name.startswith(("clamp", "clip")) and given and self.on_clamp is not None:
            in_place = name.endswith("_") or "out" in kwargs
            self.on_clamp(given[0], [*args[1:], *kwargs.values()], in_place)
        if not self.origins or not given or name in SHAPES_ONLY:
            return
        special = _SPECIAL.get(name)
        if special is None:
            self._inherit(out, self._joined(given))
        else:
            special(self, given, args, kwargs, out)

    def _used_by_a_function(self, given: list[Tensor], out: Any) -> bool:
        """Whether an optimiser's tensors were used on others; the result is then a network's."""
        keys = {self.owned[id(tensor)] for tensor in given if id(tensor) in self.owned}
        inputs = [tensor for tensor in given if id(tensor) not in self.owned]
        if len(keys) != 1 or not inputs or not isinstance(out, Tensor):
            return False
        (key,) = keys
        if self.on_parameters is not None:
            self.on_parameters(key, inputs[0], out)
        self.mark(out, key)
        return True

    # Functions that do not simply mix their arguments

    def _overwritten(self, given: list[Tensor], *_: Any) -> None:
        self.origins.pop(given[0], None)

    def _copied(self, given: list[Tensor], *_: Any) -> None:
        self._put(given[0], self.origin(given[-1]))

    def _assigned(self, given: list[Tensor], *_: Any) -> None:
        self._put(given[0], self._joined(given))

    def _indexed(self, given: list[Tensor], args: Arguments, _: Keywords, out: Any) -> None:
        whole = self.origin(given[0])
        self._inherit(out, whole.picked(args[1]) if whole.rows else self._joined(given))

    def _concatenated(self, given: list[Tensor], *rest: Any) -> None:
        self._laid([(tensor, len(tensor)) for tensor in given if tensor.dim()], given, *rest)

    def _stacked(self, given: list[Tensor], *rest: Any) -> None:
        self._laid([(tensor, 1) for tensor in given], given, *rest)

    def _laid(
        self,
        counts: list[tuple[Tensor, int]],
        given: list[Tensor],
        args: Arguments,
        kwargs: Keywords,
        out: Any,
    ) -> None:
        """One after the other, each with a number of rows of the result."""
        origin = self._joined(given)
        if not kwargs.get("dim", args[1] if len(args) > 1 else 0):
            rows = tuple((self.origin(tensor), count) for tensor, count in counts)
            origin = replace(origin, rows=rows)
        self._inherit(out, origin)

    # Labels

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
        return union(origins)


_SPECIAL: Mapping[str, Callable[[Flow, list[Tensor], Arguments, Keywords, Any], None]] = {
    **dict.fromkeys(OVERWRITES, Flow._overwritten),
    **dict.fromkeys(CONCATENATES, Flow._concatenated),
    "stack": Flow._stacked,
    "copy_": Flow._copied,
    "__setitem__": Flow._assigned,
    "__getitem__": Flow._indexed,
}
