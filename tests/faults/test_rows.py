"""Rows with arbitrary values in every field: what is read is what the types say, and is drawn."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from ganlab.bench.faults.acts import EVENT
from ganlab.bench.faults.specimen import FACTS, PATCH, row
from ganlab.casebook import CASES
from ganlab.casebook.verdict import Trace, judge
from ganlab.config import RunConfig
from ganlab.diagnosis import assess, changes_of, cures
from ganlab.diagnosis.replay import replay
from ganlab.finding import finding_of_row
from ganlab.runs import observation_of
from ganlab.runs.plaintext import clean
from ganlab.runs.rows import Parser, step_of
from ganlab.runs.shapes import MOST_STEPS
from ganlab.runs.tables import Table
from ganlab.ui import meters, timeline

BRIEF = settings(
    max_examples=50,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
NUMBERS = some.one_of(
    some.integers(),
    some.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False),
    some.sampled_from([0, -1, 1e308, -1e308, 5e-324, 2**53, 10**30]),
)
LEAVES = some.one_of(some.none(), some.booleans(), NUMBERS, some.text(max_size=8))
JSON = some.recursive(
    LEAVES,
    lambda inner: some.one_of(
        some.lists(inner, max_size=3), some.dictionaries(some.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


def altered(rows: dict[str, Any]) -> some.SearchStrategy[dict[str, Any]]:
    """The row with some fields replaced by anything, and perhaps a field that nobody knows."""
    known = {name: some.one_of(some.just(value), JSON) for name, value in rows.items()}
    return some.fixed_dictionaries(known, optional={"of a newer version": JSON})


def lines(*rows: object) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in rows)


@BRIEF
@given(altered(row(10)), altered(dict(FACTS)))
def test_metrics_come_out_as_numbers_and_the_detectors_take_them(
    odd: dict[str, Any], facts: dict[str, Any]
) -> None:
    parser = Parser("metrics")
    rows = parser(lines(row(0) | {"facts": facts}, odd, row(20)))
    assert [each["step"] for each in (rows[0], rows[-1])] == [0, 20]
    assert len(rows) + parser.damaged == 3
    for each in rows:
        assert type(each["step"]) is int and 0 <= each["step"] < MOST_STEPS
        numbers = [value for name, value in each.items() if name != "facts"]
        assert all(isinstance(value, (int, float)) for value in numbers)
    Table(rows)
    meters.meters(rows[-1])
    replay(map(observation_of, rows))


@BRIEF
@given(some.lists(altered(EVENT), max_size=4), altered(row(10)))
def test_findings_come_out_whole_and_are_judged_and_drawn(
    odd: list[dict[str, Any]], last: dict[str, Any]
) -> None:
    parser = Parser("findings")
    rows = parser(lines(EVENT, *odd))
    assert len(rows) + parser.damaged == 1 + len(odd)
    metrics = (Parser("metrics")(lines(last)) or [{}])[-1]
    said = assess(rows, FACTS, metrics)  # type: ignore[arg-type]
    cures(said.suspects, [finding_of_row(each) for each in rows], FACTS, RunConfig())  # type: ignore[arg-type]
    timeline.story([], rows)
    timeline.marks([], rows)
    for each in timeline.open_findings(rows):
        assert each["evidence"]
        for proof in each["evidence"]:
            timeline.evidence_words(proof)
        for cure in each["remedies"]:
            timeline.patch_words(cure["patch"])
    judge(next(iter(CASES.values())), Trace(10, {}, rows))


EVIDENCE, REMEDY = EVENT["evidence"][0], EVENT["remedies"][0]


@BRIEF
@given(altered(EVIDENCE), altered(REMEDY))
def test_evidence_and_remedies_come_out_as_they_are_or_not_at_all(
    evidence: dict[str, Any], remedy: dict[str, Any]
) -> None:
    for each in Parser("findings")(lines(EVENT | {"evidence": [evidence], "remedies": [remedy]})):
        found = finding_of_row(each)
        assert found.evidence[0].metric == clean(evidence["metric"])
        assert isinstance(found.evidence[0].observed, float)
        assert str(found.evidence[0])
        assert all(known.hot in (True, False) for known in found.remedies)
        assess([each], {}, {})


CHANGES = some.dictionaries(
    some.sampled_from(["lr_d", "n_critic", "loss", "hidden_g", "steps", "newer"]),
    some.one_of(
        JSON,
        some.dictionaries(
            some.sampled_from(["set", "scale", "at_least", "at_most", "newer"]), JSON, max_size=1
        ),
    ),
    max_size=2,
)


@BRIEF
@given(altered(PATCH), CHANGES)
def test_patches_change_the_config_or_nothing(odd: dict[str, Any], patch: dict[str, Any]) -> None:
    rows = Parser("patches")(lines(odd, PATCH | {"patch": patch}, PATCH | {"step": 99}))
    assert rows[-1]["step"] == 99
    for change in changes_of(RunConfig(), rows):
        assert RunConfig().patched(change.undo)
    timeline.story(rows, [])
    timeline.marks(rows, [])


@BRIEF
@given(some.binary(max_size=60))
def test_bytes_of_any_kind_are_no_row_and_hide_none(data: bytes) -> None:
    for log, good in (("metrics", row(0)), ("findings", EVENT), ("patches", PATCH)):
        rows = Parser(log)(lines(good) + data.replace(b"\n", b"") + b"\n" + lines(good))
        assert [each["step"] for each in (rows[0], rows[-1])] == [good["step"]] * 2
    assert -1 <= step_of(data) < MOST_STEPS


def test_null_is_nan_and_a_word_for_infinity_stays_one() -> None:
    (found,) = Parser("metrics")(b'{"step":1,"d_loss":null}\n')
    assert math.isnan(found["d_loss"])
    (found,) = Parser("findings")(lines(EVENT | {"evidence": [EVIDENCE | {"observed": "inf"}]}))
    assert found["evidence"][0]["observed"] == "inf"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain \u202f text é", "plain \u202f text é"),
        ("a\x1b[31mb", "a\ufffd[31mb"),
        ("one\ntwo", "one two"),
        ("turned \u202e round", "turned   round"),
    ],
)
def test_text_steers_no_terminal_and_turns_no_line(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_a_text_has_an_end() -> None:
    assert len(clean("x" * 10**6)) == 2000


def test_a_chunk_of_damaged_rows_does_not_hide_what_follows(tmp_path: Path) -> None:
    """A megabyte of garbage in the middle of a log: the rows behind it are read too."""
    from ganlab.bench.faults.folders import HURT, place
    from ganlab.bench.faults.specimen import IMAGES
    from ganlab.runs import RunHistory, RunStore

    place(tmp_path, IMAGES, HURT)
    with (tmp_path / HURT / "metrics.jsonl").open("ab") as file:
        file.write(b"garbage\n" * 300_000 + lines(row(50)))
    store = RunStore(tmp_path)
    history = RunHistory(store, HURT)
    history.refresh()
    assert history.last()["step"] == 50
    assert history.damaged() == {"metrics": 300_000}
    assert [each["step"] for each in store.rows(HURT, "metrics")][-1] == 50
