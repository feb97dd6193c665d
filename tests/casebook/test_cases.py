"""Every case as data: complete, buildable, and as its committed measurement says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ganlab.casebook import CASES, find_case
from ganlab.casebook.case import IMAGES, Case, Refused
from ganlab.casebook.documents import DOCUMENTS
from ganlab.casebook.measured import differences, measured
from ganlab.config import ConfigError

ROOT = Path(__file__).parents[2]
BY_SLUG = pytest.mark.parametrize("case", CASES.values(), ids=str)


@BY_SLUG
def test_a_case_is_a_file_of_its_name(case: Case) -> None:
    folder = case.document.key.replace("-", "_")
    assert (ROOT / f"ganlab/casebook/{folder}/{case.slug.replace('-', '_')}.py").exists()


def test_every_case_file_is_in_the_roster() -> None:
    files = [path for path in ROOT.glob("ganlab/casebook/*/*.py") if path.name != "__init__.py"]
    assert {path.stem.replace("_", "-") for path in files} == set(CASES)


@BY_SLUG
def test_a_case_and_each_fix_can_be_built_on_its_data(case: Case) -> None:
    for data in case.data:
        assert case.config(data, seed=3).seed == 3
        for fix in case.tried:
            assert case.config(data, fix=fix) != case.config(data)


@BY_SLUG
def test_a_case_says_everything(case: Case) -> None:
    texts = [case.claim, case.truth, case.watch]
    texts += [fix.reason for fix in case.tried]
    assert all(re.search(r"[.?]$", text) for text in texts)
    assert case.title and case.passage and case.document in DOCUMENTS
    assert all(fix.source and fix.name for fix in case.tried)
    assert len({fix.name for fix in case.tried}) == len(case.tried)
    if case.fails:
        assert case.cure is not None and case.cure.helps and case.healthy
        assert case.cause != "healthy"


@BY_SLUG
def test_what_is_expected_can_still_happen_within_the_run(case: Case) -> None:
    steps = case.config().steps
    assert all(item.by_step <= steps for item in case.expects)


@BY_SLUG
def test_other_cases_are_named_by_slugs_that_exist(case: Case) -> None:
    for slug in filter(None, (case.control, case.shown_by)):
        assert slug in CASES
        assert slug != case.slug


@BY_SLUG
def test_a_case_is_on_all_image_data_or_says_why_not(case: Case) -> None:
    if set(case.data) & set(IMAGES):
        assert set(IMAGES) <= set(case.data) | set(case.absent)


@BY_SLUG
def test_a_case_is_as_it_was_measured(case: Case) -> None:
    found = measured(case.slug)
    assert set(found) == set(case.data), "run `python -m ganlab casebook` with --json"
    for data, each in found.items():
        assert differences(case, each) == [], data
        assert set(each.fixes) == {fix.name for fix in case.tried}
        assert len(each.runs.seeds) >= 3


@BY_SLUG
def test_a_quick_case_shows_its_failure_within_a_minute(case: Case) -> None:
    for each in measured(case.slug).values():
        if case.quick and case.expects:
            assert all(seconds is None or seconds < 60 for seconds in each.onset_seconds)


def test_most_cases_are_quick() -> None:
    assert sum(case.quick for case in CASES.values()) > 0.8 * len(CASES)


def test_only_a_refused_run_ends_in_an_error() -> None:
    for case in CASES.values():
        refused = any(isinstance(item, Refused) for item in case.expects)
        for each in measured(case.slug).values():
            assert all(bool(error) == refused for error in each.runs.errors), case.slug


def test_an_unknown_slug_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ConfigError, match="Did you mean 'x255-output'"):
        find_case("x255-ouput")


def test_data_a_case_was_not_made_for_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(ConfigError, match=r"oscillation.*Allowed: ring8"):
        find_case("oscillation").config("mnist")
