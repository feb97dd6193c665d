"""Which statement of the user's made what goes backward in a line. Reads source, runs nothing."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterator
from functools import lru_cache

from ganlab.causes.trace import Location

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Scope = ast.Module | _Function


def places(name: str, place: Location) -> dict[str, Location]:
    """The place by its name, and for `g loss` and `d loss` where the loss was made.

    `made`: the last assignment before to what goes backward. `formula`: the end of the user's own
    function that it was taken from, or else the same. A place is its own where none is found.
    """
    if not name.endswith(" loss"):
        return {name: place}
    made, formula = _origin(place)
    return {name: place, f"{name} made": made, f"{name} formula": formula}


@lru_cache(256)
def _origin(place: Location) -> tuple[Location, Location]:
    try:
        tree = ast.parse("".join(linecache.getlines(place.file)))
    except (SyntaxError, ValueError, RecursionError):
        return place, place
    scope = _scope(tree, place.line)
    found = _assigned(scope, _backward(scope, place.line), place.line)
    if found is None:
        return place, place
    made = Location(place.file, found.lineno)
    end = _end(tree, found.value)
    return made, made if end is None else Location(place.file, end.lineno)


def _scope(tree: ast.Module, line: int) -> _Scope:
    """The innermost function around the line, or the whole."""
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, _Function) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return max(around, key=lambda node: node.lineno, default=tree)


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """Everything in it but what lies in functions within."""
    for node in ast.iter_child_nodes(scope):
        yield node
        if not isinstance(node, _Function):
            yield from _own(node)


def _backward(scope: _Scope, line: int) -> set[str]:
    """The names in what goes backward there: `loss`, or that in `scaler.scale(loss)`."""
    for call, of in _backwards(scope):
        if call.lineno <= line <= (call.end_lineno or 0):
            given = of.args if isinstance(of, ast.Call) else [of]
            return {name for each in given for name in _names(each)}
    return set()


def _backwards(scope: _Scope) -> Iterator[tuple[ast.Call, ast.expr]]:
    for node in _own(scope):
        of = node.func if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and isinstance(of, ast.Attribute) and of.attr == "backward":
            yield node, of.value


def _names(expression: ast.expr) -> Iterator[str]:
    yield from (node.id for node in ast.walk(expression) if isinstance(node, ast.Name))


def _assigned(scope: _Scope, names: set[str], line: int) -> ast.Assign | None:
    """The last assignment to the one name before the line."""
    if len(names) != 1:
        return None
    found = [
        node
        for node in _own(scope)
        if isinstance(node, ast.Assign) and node.lineno < line and names == set(_targets(node))
    ]
    return max(found, key=lambda node: node.lineno, default=None)


def _targets(node: ast.Assign) -> Iterator[str]:
    yield from (each.id for each in node.targets if isinstance(each, ast.Name))


def _end(tree: ast.Module, value: ast.expr) -> ast.Return | None:
    """The only return of the function of this file that the value is a call of."""
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Name):
        return None
    for node in tree.body:
        if isinstance(node, _Function) and node.name == value.func.id:
            ends = [each for each in ast.walk(node) if isinstance(each, ast.Return)]
            return ends[0] if len(ends) == 1 else None
    return None
