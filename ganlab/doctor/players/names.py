"""What a script calls its networks and optimisers: `netG`, `trainer.generator`, `nets["G"]`.

A bounded search from its variables, nearest first. It reads values where Python keeps them: no
property, `__getattr__` or `__repr__` of the script's runs, and nothing of it is kept.
"""

from __future__ import annotations

import functools
import heapq
import itertools
import types
from collections.abc import Iterable, Iterator
from typing import Any

from torch import Tensor, nn

from ganlab.doctor.players.objects import attributes, entries, is_open, namespace_of
from ganlab.doctor.players.variables import is_users_module, locals_of, variables
from ganlab.doctor.record import Roots, is_users

_MOST = 20_000  # values looked at
_FAR = 16  # where the search ends
_ATTRIBUTE, _ENTRY, _ENCLOSED, _WITHIN = 3, 4, 4, 1  # how much further each way leads
_HIDDEN = 1  # further: `_net`
_INNER = {  # what torch puts around a network, and how it holds it
    "DataParallel": "module",
    "DistributedDataParallel": "module",
    "OptimizedModule": "_orig_mod",
}
_ROWS = (nn.Sequential, nn.ModuleList)
_WORKINGS = frozenset(nn.Module.__annotations__)  # attributes that are torch's own
_ATOMS = (bool, int, float, complex, str, bytes, type(None), types.BuiltinFunctionType, Tensor)
Step = tuple[int, str, Any]  # how much further, the whole name, the value


def names_of(things: Iterable[object], roots: Roots) -> dict[int, list[str]]:
    """The script's names for each thing, by its id, the best one first."""
    found: dict[int, list[str]] = {id(thing): [] for thing in things}
    for name, value in _known(roots):
        if id(value) in found and name not in ("self", "cls"):
            found[id(value)].append(name)
    return found


def inner_of(module: nn.Module) -> nn.Module | None:
    """The network that torch's wrapper of it stands for; None for any other module."""
    kind = type(module)
    name = _INNER.get(kind.__name__) if kind.__module__.startswith("torch.") else None
    return _parts(module).get(name) if name else None


def _known(roots: Roots) -> Iterator[tuple[str, Any]]:
    """What the script's variables lead to, nearest first."""
    order = itertools.count()
    heap = [(away, next(order), name, value) for away, name, value in variables(roots)]
    heapq.heapify(heap)
    entered: set[int] = set()
    looked = 0
    while heap:
        away, _, name, value = heapq.heappop(heap)
        yield name, value
        if id(value) in entered or away >= _FAR:
            continue
        entered.add(id(value))
        for further, inner, child in itertools.islice(_inside(name, value, roots), _MOST - looked):
            looked += 1
            if not issubclass(type(child), _ATOMS):
                heapq.heappush(heap, (away + further, next(order), inner, child))


def _inside(name: str, value: Any, roots: Roots) -> Iterator[Step]:
    """One step further into a value."""
    kind = type(value)
    if issubclass(kind, nn.Module):
        yield from _of_network(name, value)
    elif kind in (types.FunctionType, types.GeneratorType, functools.partial):
        yield from _enclosed(name, value, roots)
    for key, child in entries(value):
        yield _ENTRY, name + key, child
    if is_open(value, lambda module: is_users_module(module, roots)):
        for key, child in attributes(value):
            if key not in _WORKINGS or not issubclass(kind, nn.Module):
                yield _ATTRIBUTE + _HIDDEN * key.startswith("_"), f"{name}.{key}", child


def _parts(module: nn.Module) -> dict[str, Any]:
    parts = namespace_of(module).get("_modules")
    return parts if type(parts) is dict else {}


def _of_network(name: str, module: nn.Module) -> Iterator[Step]:
    """Its parts; those of a wrapper are called what the wrapper is called."""
    inner = inner_of(module)
    for key, part in list(_parts(module).items()):
        if part is inner:
            yield _WITHIN, name, part
        elif issubclass(type(module), _ROWS):
            yield _ENTRY, f"{name}[{key}]", part
        elif issubclass(type(module), nn.ModuleDict):
            yield _ENTRY, f'{name}["{key}"]', part
        else:
            yield _ATTRIBUTE, f"{name}.{key}", part


def _enclosed(name: str, value: Any, roots: Roots) -> Iterator[Step]:
    """What a function of the user's keeps, under the names that it has in there."""
    if type(value) is functools.partial:
        yield _WITHIN, name, value.func
        yield from ((_ENCLOSED, key, child) for key, child in list(value.keywords.items()))
    elif type(value) is types.GeneratorType:
        frame = value.gi_frame
        if frame is not None and is_users(frame.f_code.co_filename, roots):
            yield from ((_ENCLOSED, key, child) for key, child in locals_of(frame))
    else:
        own = is_users(value.__code__.co_filename, roots)
        for key, child in _cells(value):
            if own or type(child) is types.FunctionType:  # a decorator's keeps the user's
                yield _ENCLOSED, key, child


def _cells(function: types.FunctionType) -> Iterator[tuple[str, Any]]:
    for key, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        if key != "__class__" and cell != types.CellType():  # an empty one
            yield key, cell.cell_contents
