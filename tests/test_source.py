"""The architecture test can fail: each of its questions, asked of text made up for it."""

from __future__ import annotations

import pytest

from tests.source import branches, climbs, imports, length, over, ring, siblings

KNOWN = {"a", "a.b", "a.b.c", "a.d", "a.d.e"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import a.b.c, os.path as p", {"a.b.c", "os.path"}),
        ("from a.d import e, name", {"a.d.e", "a.d"}),
        ("from a.d import e as other", {"a.d.e"}),
        ("from a.d import *", {"a.d"}),
        ("from . import d", {"a.d"}),
        ("from . import name", {"a"}),
        ("from .d import name", {"a.d"}),
        ("from .d.e import name", {"a.d.e"}),
        ("def f():\n    if 0:\n        from .d import e", {"a.d.e"}),
    ],
)
def test_every_way_to_import_is_seen(text: str, expected: set[str]) -> None:
    assert imports(text, "a.b", KNOWN, package=False) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from . import c", {"a.b.c"}),
        ("from .c import x", {"a.b.c"}),
        ("from ..d import e", {"a.d.e"}),
    ],
)
def test_a_package_imports_from_itself(text: str, expected: set[str]) -> None:
    assert imports(text, "a.b", KNOWN, package=True) == expected


def test_siblings_are_told_by_their_name_in_the_package() -> None:
    imported = {
        "a": {"a.b"},
        "a.b": {"a.d.e", "os"},
        "a.b.c": {"a.b", "a"},
        "a.d": set[str](),
        "ab": {"a.b"},
    }
    assert siblings("a", imported) == {"__init__": {"b"}, "b": {"d", "__init__"}, "d": set()}
    assert siblings("a.b", imported) == {"__init__": set(), "c": {"__init__"}}
    assert siblings("", imported) == {"a": set(), "ab": {"a"}}


@pytest.mark.parametrize(
    ("name", "other", "climbing"),
    [
        ("high", "low", False),
        ("low", "high", True),
        ("low", "beside", True),
        ("unnamed", "high", False),
        ("high", "unnamed", True),
        ("unnamed", "another", True),
        ("__init__", "unnamed", False),
        ("unnamed", "__init__", True),
    ],
)
def test_an_import_goes_to_a_lower_row(name: str, other: str, climbing: bool) -> None:
    found = climbs({name: {other}}, [("low", "beside"), ("high",)])
    assert [line.split(" imports ")[1].split()[0] for line in found] == [other] * climbing


def test_the_package_itself_can_be_given_a_row() -> None:
    rows = [("low",), ("__init__",), ("high",)]
    assert climbs({"high": {"__init__"}, "__init__": {"low"}}, rows) == []
    assert climbs({"__init__": {"high"}}, rows) == ["__init__ (row 1) imports high (row 2)"]


def test_a_ring_is_found_and_told() -> None:
    assert ring({"a": {"b"}, "b": {"c", "d"}, "c": {"d"}, "d": set()}) == []
    assert ring({"x": {"a"}, "a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("pass", 1),
        ("if a: pass\n    elif b: pass\n    else: pass", 3),
        ("return a if b else c", 2),
        ("return a and b and c", 3),
        ("return a and b or not c", 3),
        ("return [x for x in a]", 2),
        ("return {x for x in a if x if b for y in x}", 5),
        ("for x in a: pass\n    else: pass", 2),
        ("while a: pass", 2),
        ("try: a()\n    except A: pass\n    except B: pass\n    finally: b()", 3),
        ("match a:\n        case 1: pass\n        case _: pass", 2),
        ("match a:\n        case 1: pass\n        case x if b: pass\n        case _ if c: pass", 4),
        ("def g():\n        return a or b\n    return lambda: a or b", 3),
    ],
)
def test_every_branch_counts(body: str, expected: int) -> None:
    assert branches(f"def f():\n    {body}") == {"f": expected}


def test_every_function_is_counted_under_its_name() -> None:
    text = """
if A:
    async def f(): return a or b
class C:
    def f(self): pass
    class D:
        def g(self): return a if b else c
def g(): pass
def g(): return a or b
"""
    assert branches(text) == {"f": 2, "C.f": 1, "C.D.g": 2, "g": 2}


def test_what_is_over_the_bound_is_told() -> None:
    assert over({"small": 3, "just": 5, "large": 9}, 5) == ["large has 9; allowed: 5"]


def test_fields_that_a_named_call_makes_are_not_counted() -> None:
    text = "class A:\n    a: int = knob(\n        1,\n    )\n    b: int = call(\n    )\n    c = 3\n"
    assert (length(text), length(text, "knob")) == (7, 4)
