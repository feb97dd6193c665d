"""The random driver's judge: it lets no patch pass that nobody made."""

from __future__ import annotations

from typing import Any

import pytest

from ganlab.config import RunConfig
from tests.browser.acts import Act, unexplained

CONFIG = RunConfig()
FASTER = {"lr_d": {"set": 0.0003}}
BACK = {"lr_d": {"set": 0.0002}}
SIGMOID = {"output": {"set": "sigmoid"}}


def row(patch: dict[str, Any], origin: str = "user") -> dict[str, Any]:
    """A patch as it is logged."""
    return {"step": 1, "patch": patch, "origin": origin}


def moved(value: object) -> Act:
    """A slider's move."""
    return Act("a", "set", "lr_d", value)


@pytest.mark.parametrize(
    ("rows", "acts"),
    [
        ([row(FASTER)], [moved(0.0003)]),
        ([row(FASTER)], [moved(0.0005), moved(0.0003)]),
        ([row(SIGMOID, "break: Sigmoid output")], [Act("a", "break", "Sigmoid output")]),
        ([row(FASTER), row(BACK, "undo")], [moved(0.0003), Act("a", "undo")]),
        ([row(SIGMOID, "remedy: Use it")], [Act("a", "remedy", "Use it")]),
    ],
)
def test_what_was_done_is_explained(rows: list[dict[str, Any]], acts: list[Act]) -> None:
    assert unexplained(CONFIG, rows, acts) == []


@pytest.mark.parametrize(
    ("rows", "acts"),
    [
        ([row({"lr_d": {"set": 0.0}})], []),  # the phantom
        ([row(FASTER)], [moved(0.0005)]),
        ([row(FASTER), row(FASTER)], [moved(0.0003)]),  # one act, twice
        ([row({"lr_g": {"set": 0.0003}})], [moved(0.0003)]),
        ([row(FASTER, "break: Sigmoid output")], [Act("a", "break", "Sigmoid output")]),
        ([row(FASTER, "undo")], [Act("a", "undo")]),  # takes nothing back
        ([row(SIGMOID, "remedy: Use it")], [Act("a", "remedy", "Another")]),
    ],
)
def test_what_nobody_did_is_a_complaint(rows: list[dict[str, Any]], acts: list[Act]) -> None:
    assert len(unexplained(CONFIG, rows, acts)) == 1
