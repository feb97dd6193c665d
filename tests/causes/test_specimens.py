"""Every cause's own calm, sick and near-miss histories are its specification."""

from __future__ import annotations

import inspect
import math
import string
from collections.abc import Iterator
from dataclasses import replace

import orjson
import pytest

from ganlab.causes import CAUSES
from ganlab.causes.base import GROUPS, Cause
from ganlab.causes.data.range_mismatch import RangeMismatch
from ganlab.causes.directions import DOWN, UP, quantity
from ganlab.causes.history import History
from ganlab.causes.loss.direction import pulling
from ganlab.causes.roster import KINDS, PLACES, suspects
from ganlab.causes.specimen import D, Specimen, script, told
from ganlab.causes.suspect import Suspect
from ganlab.causes.weigh import ranked, weight
from ganlab.config import RunConfig, find_knob
from ganlab.detectors import ScalingMismatch
from ganlab.finding import Symptom
from ganlab.observation import Facts

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
    assert cause.doc and not cause.doc.endswith(".")
    assert string.capwords(cause.slug, "-").replace("-", "") == cause.__name__
    for name, parameter in inspect.signature(cause).parameters.items():
        assert parameter.kind is inspect.Parameter.KEYWORD_ONLY
        assert getattr(cause(**{name: 77.0}), name) == 77.0


@pytest.mark.parametrize("cause", KINDS)
def test_a_formula_has_a_line_for_each_sensor_and_names_every_threshold(cause: type[Cause]) -> None:
    named = {name for _, name, _, _ in string.Formatter().parse(cause.formula) if name}
    assert named == inspect.signature(cause).parameters.keys()
    lines = inspect.cleandoc(cause.formula).splitlines()
    sensors = [line[:10].strip() for line in lines if not line.startswith(" ")]
    assert sensors == ["the lab"] * _reads(cause, "_told") + ["a script"] * _reads(cause, "_seen")


@pytest.mark.parametrize("cause", KINDS)
def test_a_cause_is_cured_where_it_is_named(cause: type[Cause]) -> None:
    fixes = [bool(each.fix) for _, each in _sick(cause) if each.harm != "none"]
    assert any(fixes) == _reads(cause, "_seen")
    assert _reads(cause, "_told") == _reads(cause, "cures")


@pytest.mark.parametrize("cause", KINDS)
def test_a_cause_of_the_lab_says_what_makes_it_worse(cause: type[Cause]) -> None:
    assert _reads(cause, "_told") == bool(cause.worse) >= bool(cause.spoken_of)
    settings = dict(RunConfig())
    for name, way in cause.worse.items():
        assert way in (UP, DOWN) and not math.isnan(quantity(name, settings))
    assert all(find_knob(name).hot for name in cause.spoken_of)


def _reads(cause: type[Cause], reading: str) -> bool:
    """Whether it has this reading."""
    return getattr(cause, reading) is not getattr(Cause, reading)


def _sick(cause: type[Cause]) -> Iterator[tuple[Specimen, Suspect]]:
    """The specimens of which it says something, and what."""
    for specimen in cause.specimens():
        if suspect := cause().explain(specimen.history):
            yield specimen, suspect


@pytest.mark.parametrize("cause", KINDS)
def test_each_reading_has_a_sick_specimen_and_one_that_only_looks_sick(cause: type[Cause]) -> None:
    for reading in ("_told", "_seen"):
        lab = reading == "_told"
        own = [each for each in cause.specimens() if (each.history.build is None) == lab]
        assert any(each.confidence for each in own) == _reads(cause, reading)
        assert any("near miss" in each.title for each in own) == _reads(cause, reading)


@pytest.mark.parametrize("cause", KINDS)
def test_a_cause_has_its_place_by_its_folder_and_file(cause: type[Cause]) -> None:
    folder, file = cause.__module__.split(".")[-2:]
    assert cause.group() == GROUPS[folder] == CAUSES[cause.slug].group
    assert file == cause.slug.replace("-", "_")


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


def test_the_lab_compares_ranges_by_the_same_shares_as_a_script() -> None:
    detector, cause = ScalingMismatch(), RangeMismatch()
    assert (detector.unreachable, detector.wasted) == (cause.lost, cause.wasted)
    assert detector.hopeless == cause.idle


def test_what_an_earlier_row_explains_counts_half_in_the_lab_alone() -> None:
    facts: Facts = {"loss": "non_saturating", "generator_label": 0.0, "n_critic": 5}
    first, second = ranked(told(facts, Symptom.SATURATION))
    assert (first.cause, second.cause) == ("generator-sign", "discriminator-too-strong")
    assert second.confidence == 0.45 and "generator-sign comes earlier" in second.against[-1]
    wrong = script(Symptom.SATURATION, d=replace(D, numbers=9000), rounds=PULLED, early=PULLED)
    first, second = ranked(wrong)
    assert (first.cause, second.cause) == ("generator-sign", "discriminator-too-strong")
    assert second.confidence == 0.8 and not second.against


PULLED = pulling(1, -1, -1)


def test_equals_are_ranked_by_the_roster() -> None:
    slugs = [kind.slug for kind in KINDS]
    suspects = [Suspect(slug, 0.72 + 0.001 * place, ("1",)) for place, slug in enumerate(slugs)]
    assert [each.cause for each in sorted(reversed(suspects[:20]), key=weight)] == slugs[:20]
