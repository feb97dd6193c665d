"""What source text says of its architecture: who imports whom, how often a function branches.

Knows no module of ours: all of it can be tried on text made up for a test.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence

Imports = Mapping[str, Collection[str]]  # of each module, by full name
Rows = Sequence[Collection[str]]  # of the siblings in a package, from the bottom up

INIT = "__init__"  # a package's own file, as a sibling among its modules
_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
_BRANCH = ast.If | ast.IfExp | ast.For | ast.AsyncFor | ast.While | ast.ExceptHandler


def imports(text: str, module: str, known: Collection[str], *, package: bool) -> set[str]:
    """The full names of what a module imports, anywhere in it.

    `known` tells `from a import b` of a module b from that of a name b; `package`: the text is
    that of an `__init__.py`, whose relative imports start in itself.
    """
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = _start(node, module, package=package)
            named = {alias.name: f"{start}.{alias.name}" for alias in node.names}
            found.update(full if full in known else start for full in named.values())
    return found


def _start(node: ast.ImportFrom, module: str, *, package: bool) -> str:
    parts = module.split(".")
    kept = parts[: len(parts) - node.level + package] if node.level else []
    return ".".join([*kept, *([node.module] if node.module else [])])


def within(module: str, package: str) -> bool:
    """Whether it is the package itself or lies below it; all lies below ""."""
    return not package or f"{module}.".startswith(f"{package}.")


def siblings(package: str, imported: Imports) -> dict[str, set[str]]:
    """Who of a package's modules and subpackages imports whom of them, by the name in it."""
    found: dict[str, set[str]] = {}
    for module, names in imported.items():
        if within(module, package):
            inside = {_sibling(package, name) for name in names if within(name, package)}
            own = _sibling(package, module)
            found.setdefault(own, set()).update(inside - {own})
    return {own: used & found.keys() for own, used in found.items()}


def _sibling(package: str, module: str) -> str:
    return module.removeprefix(package).removeprefix(".").split(".")[0] or INIT


def climbs(siblings: Imports, rows: Rows) -> list[str]:
    """The imports between siblings that do not go to a lower row, in words.

    Siblings of one row do not know each other. Who is in no row stands above all rows, beside the
    others in none; above these stands the package's own file.
    """
    level = {name: row for row, names in enumerate(rows) for name in names}
    level = {INIT: len(rows) + 1} | level

    def row(name: str) -> int:
        return level.get(name, len(rows))

    return [
        f"{name} (row {row(name)}) imports {other} (row {row(other)})"
        for name, used in siblings.items()
        for other in sorted(used)
        if row(other) >= row(name)
    ]


def ring(siblings: Imports) -> list[str]:
    """Siblings that import each other in a ring, the first of them again at the end; or none."""
    done: set[str] = set()

    def search(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name not in done:
            for other in sorted(siblings.get(name, ())):
                if found := search(other, [*path, name]):
                    return found
            done.add(name)
        return []

    return next((found for name in siblings if (found := search(name, []))), [])


def branches(text: str) -> dict[str, int]:
    """Of each function and method, how many ways lead through it: cyclomatic, all counted.

    One, and one more for each if, loop, except and case; for each further operand of `and` and
    `or`; for each loop and each condition of a comprehension. What is defined inside counts too.
    Of two of one name the worse one is told.
    """
    found: dict[str, int] = {}
    for name, node in _functions(ast.parse(text), ""):
        found[name] = max(found.get(name, 0), 1 + sum(map(_ways, ast.walk(node))))
    return found


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _FUNCTION):
            yield prefix + child.name, child
        else:
            inside = f"{prefix}{child.name}." if isinstance(child, ast.ClassDef) else prefix
            yield from _functions(child, inside)


def _ways(node: ast.AST) -> int:
    match node:
        case ast.BoolOp():
            return len(node.values) - 1
        case ast.comprehension():
            return 1 + len(node.ifs)
        case ast.match_case(pattern=ast.MatchAs(pattern=None), guard=None):
            return 0  # `case _` is an else
    return int(isinstance(node, _BRANCH | ast.match_case))


def length(text: str, uncounted: str = "") -> int:
    """Lines of a file, without the fields that a call of the name `uncounted` makes."""
    fields = (
        (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == uncounted
    )
    return len(text.splitlines()) - sum(fields)


def over(found: Mapping[str, int], most: int) -> list[str]:
    """What is more than `most`, in words."""
    return [
        f"{name} has {number}; allowed: {most}" for name, number in found.items() if number > most
    ]
