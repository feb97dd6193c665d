"""Ways to break a run: each can be taken while it trains, and a case tells what follows."""

from __future__ import annotations

import pytest

from ganlab.casebook import CASES
from ganlab.config import RunConfig, is_hot
from ganlab.ui.breaks import BREAKS, Break


@pytest.mark.parametrize("item", BREAKS, ids=lambda item: item.title)
def test_each_break_is_hot_changes_the_default_run_and_names_a_case_that_fails(item: Break) -> None:
    assert is_hot(item.patch)
    assert item.changes(RunConfig())
    assert CASES[item.case].fails


@pytest.mark.parametrize("item", BREAKS, ids=lambda item: item.title)
def test_each_break_moves_only_what_its_case_has_otherwise_than_the_default(item: Break) -> None:
    case, default = CASES[item.case].config(), RunConfig()
    moved = RunConfig().patched(item.patch)
    for name in item.patch:
        assert getattr(case, name) != getattr(default, name)
        assert getattr(moved, name) != getattr(default, name)


def test_a_break_that_changes_nothing_or_cannot_be_is_not_offered() -> None:
    sigmoid = next(item for item in BREAKS if "output" in item.patch)
    assert not sigmoid.changes(RunConfig(output="sigmoid"))
    faster = next(item for item in BREAKS if "lr_d" in item.patch)
    assert not faster.changes(RunConfig(lr_d=1.0))


def test_titles_and_cases_are_told_apart() -> None:
    assert len({item.title for item in BREAKS}) == len({item.case for item in BREAKS}) == 7
