"""The variables of the user's own code while it runs: globals, and locals of running functions.

They are only read: nothing of the script's runs for it, and no frame keeps more than before.
"""

from __future__ import annotations

import dis
import inspect
import sys
import types
from collections.abc import Iterator
from typing import Any

from ganlab.doctor.record import Roots, is_users

Variable = tuple[int, str, Any]  # how far it is from the main script, its name, its value
_READERS = frozenset({"locals", "vars", "eval", "exec"})  # they hand out the frame's own mapping
_NOTEBOOK = frozenset({"In", "Out", "_ih", "_oh", "_dh"})  # hold the result of every cell
_MODULE: Any = vars(types.ModuleType)["__dict__"]
_HIDDEN, _VAGUE, _PASSING = 1, 4, 10  # further: `_net`; `self` says not who; a loop's comes last


def is_users_module(module: types.ModuleType | None, roots: Roots) -> bool:
    """Whether a module is the user's own code; the main script is."""
    if module is None or not issubclass(type(module), types.ModuleType):
        return False
    file = namespace(module).get("__file__")
    main = module is sys.modules.get("__main__")
    return main or (type(file) is str and is_users(file, roots))


def namespace(module: types.ModuleType) -> dict[str, Any]:
    """A module's globals, whatever it answers itself when it is asked."""
    found: dict[str, Any] = _MODULE.__get__(module)
    return found


def variables(roots: Roots) -> Iterator[Variable]:
    """Globals of the main script, then locals from the outermost frame on, then user modules."""
    script = sys.modules.get("__main__")
    main = namespace(script) if is_users_module(script, roots) and script else {}
    frames = _frames(main, roots)
    passing = set().union(*(_of_loops(f.f_code) for f in frames if not _optimised(f)), set())
    yield from _ranked(main, 0, passing)
    for frame in filter(_optimised, frames):
        away = 1 if frame.f_globals is main else 2
        yield from _ranked(dict(locals_of(frame)), away, _of_loops(frame.f_code))
    known = {id(main)}
    for name, module in list(sys.modules.items()):
        if is_users_module(module, roots):
            known.add(id(namespace(module)))
            if name != "__main__":
                yield 2, name.rpartition(".")[2], module
    for frame in frames:  # run by a launcher: it is nobody's module
        if id(frame.f_globals) not in known:
            known.add(id(frame.f_globals))
            yield from _ranked(frame.f_globals, 2, passing)


def locals_of(frame: types.FrameType) -> list[tuple[str, Any]]:
    """What a function's names stand for now. None where the function looks at them itself.

    Up to Python 3.12 `f_locals` is a snapshot, which `locals()` hands out too and the frame keeps.
    """
    kept = sys.version_info < (3, 13)
    if kept and _READERS.intersection(frame.f_code.co_names):
        return []
    names: Any = frame.f_locals
    found = list(names.items())
    traced = sys.gettrace() or sys.getprofile()  # they put the snapshot back
    if kept and not traced and sys.getrefcount(names) == 3:  # the frame, this name, the question
        names.clear()
    return found


def _ranked(names: dict[str, Any], away: int, passing: set[str]) -> Iterator[Variable]:
    for name, value in list(names.items()):
        if is_name(name) and name.strip("_0123456789") and name not in _NOTEBOOK:
            further = _HIDDEN * name.startswith("_") + _VAGUE * (name in ("self", "cls"))
            yield away + further + _PASSING * (name in passing), name, value


def is_name(name: object) -> bool:
    """Whether it is one that a script would write, and not Python's own."""
    return type(name) is str and name.isidentifier() and not name.startswith("__")


def _optimised(frame: types.FrameType) -> bool:
    """Whether it is a function's, whose locals are no namespace."""
    return bool(frame.f_code.co_flags & inspect.CO_OPTIMIZED)


def _frames(main: dict[str, Any], roots: Roots) -> list[types.FrameType]:
    """The user's running functions, outermost first: of the main thread, and of this one."""
    own = _chain(sys._getframe())
    chains = map(_chain, sys._current_frames().values())
    others = [chain for chain in chains if chain[0].f_globals is main and chain[0] is not own[0]]
    return [
        frame
        for chain in (*others, own)
        for frame in chain
        if frame.f_globals is main or is_users(frame.f_code.co_filename, roots)
    ]


def _chain(top: types.FrameType) -> list[types.FrameType]:
    found = [top]
    while (above := found[-1].f_back) is not None:
        found.append(above)
    return found[::-1]


def _of_loops(code: types.CodeType) -> set[str]:
    """The names that `for` gives its values to."""
    found: set[str] = set()
    wanted = 0  # values that are still to get a name
    for each in dis.get_instructions(code):
        if each.opname == "FOR_ITER":
            wanted = 1
        elif wanted and each.opname.startswith("UNPACK_"):
            number = each.arg or 0  # of names, for `a, *b` on both sides of the star
            wanted += (number & 255) + (number >> 8) - (each.opname == "UNPACK_SEQUENCE")
        elif wanted and each.opname.startswith("STORE_"):
            names = each.argval if isinstance(each.argval, tuple) else (each.argval,)
            stored = names[: each.opname.count("STORE_")]  # Python 3.13 stores two at once
            found.update(map(str, stored))
            wanted -= len(stored)
    return found
