"""What objects hold, read where Python keeps it: nothing of the objects' own runs for it."""

from __future__ import annotations

import sys
import types
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from ganlab.doctor.players.variables import is_name, namespace

Held = tuple[str, Any]  # a name or a key, and what it stands for
_LONGEST = 1000  # of a mapping or a row; longer ones hold data
_OPEN = {("builtins", "SimpleNamespace"), ("argparse", "Namespace")}
_CLOSED = sys.stdlib_module_names | {"torch", "torchvision", "numpy", "ganlab"}
_TYPE: Any = type.__dict__
_SLOTS = (types.GetSetDescriptorType, types.MemberDescriptorType)


def namespace_of(value: object) -> dict[str, Any]:
    """An object's own attributes, whatever it answers itself when it is asked for them."""
    for base in _lineage(type(value)):
        slot = _names(base).get("__dict__")
        if type(slot) in _SLOTS:
            found = slot.__get__(value)
            return found if type(found) is dict else {}
    return {}


def is_open(value: Any, is_users: Callable[[types.ModuleType | None], bool]) -> bool:
    """Whether its attributes are the script's: of its own and other people's classes, modules."""
    kind = type(value)
    if issubclass(kind, types.ModuleType):
        return is_users(value)
    if issubclass(kind, type):
        return is_users(sys.modules.get(_home(value)))
    home = _home(kind)
    known = home.partition(".")[0] in _CLOSED
    return not known or (home, kind.__name__) in _OPEN or is_users(sys.modules.get(home))


def attributes(value: Any) -> Iterator[Held]:
    """Attributes of an object, a class or a module, as the script writes them."""
    kind = type(value)
    if issubclass(kind, types.ModuleType):
        yield from _written(namespace(value), ())
    elif issubclass(kind, type):
        yield from _written(_names(value), _lineage(value))
    else:
        lineage = _lineage(kind)
        yield from _written(namespace_of(value), lineage)
        for base in lineage:
            if _home(base).partition(".")[0] not in _CLOSED:
                yield from _written(_filled(_names(base), value), lineage)


def entries(value: Any) -> Iterator[Held]:
    """Entries of a mapping or a row; the key is as the script writes it: `["G"]`, `[0]`, `.g`."""
    kind = type(value)
    if issubclass(kind, dict) and dict.__len__(value) <= _LONGEST:
        for key, each in list(dict.items(value)):
            if written := _key(key):
                yield written, each
    for row in (list, tuple, deque):
        if issubclass(kind, row) and row.__len__(value) <= _LONGEST:
            fields = _names(kind).get("_fields")  # of a named tuple
            for number, each in enumerate(list(row.__iter__(value))):
                named = type(fields) is tuple and number < len(fields)
                yield f".{fields[number]}" if named else f"[{number}]", each


def _key(key: object) -> str:
    """As it stands in brackets; empty for one that only the script's own code could write."""
    if type(key) is str and len(key) <= 40:
        inner = repr(key)[1:-1]
        return f"[{key!r}]" if '"' in inner else f'["{inner}"]'
    return f"[{key!r}]" if type(key) in (int, bool) else ""


def _written(names: Any, lineage: tuple[type, ...]) -> Iterator[Held]:
    for name, value in list(names.items()):
        if is_name(name) and type(value) is not types.FunctionType:
            yield _unmangled(name, lineage), value


def _unmangled(name: str, lineage: tuple[type, ...]) -> str:
    """`_Trainer__net` -> `__net`."""
    for base in lineage:
        prefix = f"_{_TYPE['__name__'].__get__(base).lstrip('_')}__"
        if name.startswith(prefix):
            return name[len(prefix) - 2 :]
    return name


def _filled(names: Any, value: object) -> dict[str, Any]:
    """A class's attributes with what the object's slots hold in their place."""
    found = dict(names)
    for name, slot in names.items():
        if type(slot) is types.MemberDescriptorType:
            try:
                found[name] = slot.__get__(value)
            except AttributeError:  # nothing was put into it
                found[name] = None
    return found


def _lineage(kind: type) -> tuple[type, ...]:
    found: tuple[type, ...] = _TYPE["__mro__"].__get__(kind)
    return found


def _names(kind: type) -> Any:
    return _TYPE["__dict__"].__get__(kind)


def _home(kind: type) -> str:
    """The module that a class was made in."""
    return str(_names(kind).get("__module__", "builtins"))
