"""Every cause's own calm, sick and near-miss histories are its specification."""

from __future__ import annotations

import inspect
import string

import orjson
import pytest

from ganlab.causes import CAUSES
from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.roster import KINDS, PLACES, suspects
from ganlab.causes.specimen import Specimen

CASES = [(cause, specimen) for cause in KINDS for specimen in cause.specimens()]
IDS = [f"{cause.__name__}: {specimen.title}" for cause, specimen in CASES]


@pytest.mark.parametrize(("cause", "specimen"), CASES, ids=IDS)
def test_a_cause_says_what_its_specimen_expects(cause: type[Cause], specimen: Specimen) -> None:
    suspect = cause().explain(specimen.history)
    if specimen.confidence == 0.0:
        assert suspect is None
        return
    assert suspect is not None
    assert (suspect.cause, suspect.confidence) == (cause.slug, specimen.confidence)
    assert suspect.harm == specimen.harm


@pytest.mark.parametrize(("cause", "specimen"), CASES, ids=IDS)
def test_a_suspect_brings_a_number_and_a_counter_check(
    cause: type[Cause], specimen: Specimen
) -> None:
    suspect = cause().explain(specimen.history)
    if suspect is not None:
        assert suspect.evidence and suspect.checked
        assert suspect.fix or specimen.history.build is None  # the lab's cures are its remedies


@pytest.mark.parametrize(("cause", "specimen"), CASES, ids=IDS)
def test_a_history_is_json_and_says_the_same_afterwards(
    cause: type[Cause], specimen: Specimen
) -> None:
    row = orjson.loads(orjson.dumps(specimen.history.as_row()))
    assert cause().explain(History.of_row(row)) == cause().explain(specimen.history)


@pytest.mark.parametrize("cause", KINDS)
def test_every_cause_shows_calm_sick_and_near_miss(cause: type[Cause]) -> None:
    specimens = cause.specimens()
    assert any(specimen.confidence for specimen in specimens)
    assert any("near miss" in each.title and not each.confidence for each in specimens)
    assert any("near miss" not in each.title and not each.confidence for each in specimens)
    titles = [specimen.title for specimen in specimens]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("cause", KINDS)
def test_a_cause_has_a_name_a_source_and_thresholds_that_count(cause: type[Cause]) -> None:
    assert cause.slug in CAUSES and cause.source and cause.__doc__
    assert string.capwords(cause.slug, "-").replace("-", "") == cause.__name__
    for name, parameter in inspect.signature(cause).parameters.items():
        assert parameter.kind is inspect.Parameter.KEYWORD_ONLY
        assert getattr(cause(**{name: 77.0}), name) == 77.0


@pytest.mark.parametrize("cause", KINDS)
def test_without_what_it_needs_a_cause_is_silent(cause: type[Cause]) -> None:
    assert cause.needs <= History.__dataclass_fields__.keys()
    for specimen in cause.specimens():
        for part in cause.needs - {"build"}:
            if specimen.history.build is not None:
                emptied = {part: type(getattr(specimen.history, part))()}
                row = History(**vars(specimen.history) | emptied)
                assert cause().explain(row) is None


def test_the_roster_has_every_cause_once() -> None:
    asked = CAUSES.keys() - {"healthy", "live-change"}
    assert len(KINDS) == len(PLACES) and PLACES.keys() == asked


def test_thresholds_are_set_by_class_and_name() -> None:
    cause, specimen = next(
        case for case in CASES if case[1].title == "near miss: a large eps of 1e-3"
    )
    assert cause().explain(specimen.history) is None
    found = suspects(specimen.history, {"BatchnormEps": {"large": 1e-4}})
    assert [suspect.cause for suspect in found] == ["batchnorm-eps"]
