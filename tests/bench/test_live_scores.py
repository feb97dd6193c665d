"""The live benchmark's scores on hand-made breaks, and a few stored breaks replayed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from ganlab.bench.live import bench, store
from ganlab.bench.live.judged import LIVE, Judged, Told
from ganlab.bench.live.report import report
from ganlab.bench.live.scores import all_clear, delay, scored
from ganlab.bench.live.split import recorded, shelf_of
from ganlab.bench.live.truth import Harm
from ganlab.detectors.measured import Rate
from ganlab.diagnosis import State

_PATCHED, _UNDONE = 1000, 1500
_HARMFUL = Harm("harmful", 1100, fell=True)


def _told(step: int, *opened: str, state: State = State.UNSEEN, blamed: int | None = None) -> Told:
    return Told(step, opened, state, LIVE if blamed else "", blamed, blamed is not None)


def _run(harm: Harm, told: Sequence[Told], **more: object) -> Judged:
    known: dict[str, object] = {
        "name": "digits-x", "base": "digits", "seed": 0, "pair": False, "patched_at": _PATCHED,
        "undone_at": _UNDONE, "blamed": _PATCHED + 1, "harm": harm,
        "told": (*told, _told(_UNDONE + 500)), "twin_symptoms": frozenset({"equilibrium"}),
    }  # fmt: skip
    return Judged(**(known | more))  # type: ignore[arg-type]


def test_a_finding_that_opens_under_the_patch_is_a_notice() -> None:
    run = _run(_HARMFUL, [_told(1010), _told(1150, "off-data", state=State.WRONG)])
    assert run.noticed == 1150 and delay(run) == 50
    assert not run.named  # nothing was named


def test_a_change_that_is_blamed_is_a_notice_unless_all_is_well() -> None:
    assert _run(_HARMFUL, [_told(1200, blamed=1001)]).noticed == 1200
    calm = _told(1200, state=State.HEALTHY, blamed=1001)
    assert _run(_HARMFUL, [calm]).noticed is None


def test_what_opens_after_the_undo_is_no_notice() -> None:
    assert _run(_HARMFUL, [_told(_UNDONE + 10, "off-data", state=State.WRONG)]).noticed is None


def test_the_last_diagnosis_before_the_undo_has_to_name_the_right_change() -> None:
    right, wrong = _told(1300, blamed=1001), _told(1400, blamed=1151)
    assert _run(_HARMFUL, [wrong, right]).named
    assert not _run(_HARMFUL, [right, wrong]).named
    assert _run(_HARMFUL, [right, wrong]).named_at_once


def test_an_alarm_that_the_twin_has_too_is_not_the_patchs() -> None:
    told = [_told(1100, "equilibrium", state=State.WRONG)]
    assert not _run(Harm("harmless"), told).alarms
    assert _run(Harm("harmless"), [_told(1100, "off-data")]).alarms == ("off-data",)


@pytest.mark.parametrize(
    ("recovered", "clear", "word"),
    [(1800, 1600, "before"), (1800, 1720, "with"), (1800, 1900, "with"), (1800, 1950, "after"),
     (None, 1600, "before"), (1800, None, "never"), (None, None, "never")],
)  # fmt: skip
def test_an_all_clear_is_placed_by_the_recovery(
    recovered: int | None, clear: int | None, word: str
) -> None:
    told = [_told(1510)] + ([_told(clear, state=State.HEALTHY)] if clear else [])
    assert all_clear(_run(Harm("harmful", 1100, True, recovered), told)) == word


def test_an_all_clear_before_the_harm_is_not_held_against_anybody() -> None:
    early = _told(1050, state=State.HEALTHY)
    assert not _run(_HARMFUL, [early]).green_over_harm
    assert _run(_HARMFUL, [early, _told(1150, state=State.HEALTHY)]).green_over_harm


def test_each_rate_is_a_share_of_its_own_kind() -> None:
    found = scored(
        [
            _run(_HARMFUL, [_told(1150, "off-data", state=State.WRONG, blamed=1001)]),
            _run(Harm("harmful", 1100, fell=False), [_told(1200, state=State.HEALTHY)]),
            _run(Harm("harmless"), [_told(1200, "off-data")], undone_at=None),
            _run(Harm("harmless"), []),
            _run(Harm("neither"), []),
        ],
        [_run(Harm("harmless"), [], undone_at=None, blamed=None)],
    )
    assert found.kinds == {"harmful": 2, "harmless": 2, "neither": 1}
    assert (found.noticed, found.named) == (Rate(1, 2), Rate(1, 2))
    assert (found.noticed_fallen, found.noticed_behind) == (Rate(1, 1), Rate(0, 1))
    assert (found.green_over_harm, found.green_over_fallen) == (Rate(1, 2), Rate(0, 1))
    assert (found.false_alarms, found.repeat_alarms) == (Rate(1, 2), Rate(0, 1))
    assert found.delays == (50,) and found.not_before == Rate(2, 2)
    assert [line.partition(": ")[2] for line in found.wrong] == [
        "harmful from 1100 (only behind its twin), not noticed",
        "harmful from 1100 (only behind its twin), called healthy meanwhile",
        "harmless, said off-data",
    ]


def test_the_table_tells_targets_and_whose_figures_to_quote() -> None:
    found = scored([_run(_HARMFUL, [_told(1150, "off-data", state=State.WRONG, blamed=1001)])])
    text = report(found, sealed=False, quick=True)
    assert "1 of 1, 100.0 % [2.5, 100.0]" in text and ">= 95 %" in text
    assert "quote the figures of --sealed" in text and "first seed" in text
    assert "quote" not in report(found, sealed=True, quick=False)


# The committed archives.

LIMIT = 8e6  # bytes
FEW = ("ring8-output-sigmoid@0", "start-sgd-both@0", "ring8-lr-g-x0.5@0")


def test_the_archives_are_whole_and_small() -> None:
    there = {name for shelf in ("open", "sealed") for name in store.names(shelf)}
    assert there == recorded()
    assert sum(file.stat().st_size for file in store.FOLDER.glob("*.zip")) <= LIMIT


def test_the_sealed_archive_holds_what_is_sealed() -> None:
    for shelf in ("open", "sealed"):
        assert all(shelf_of(name.rpartition("@")[0]) == shelf for name in store.names(shelf))


def test_stored_breaks_are_replayed_alike_each_time(tmp_path: Path) -> None:
    texts = []
    for turn in "ab":
        scores = bench.measured(store.of_archives, FEW)
        texts.append(report(scores, sealed=False, quick=True))
        (tmp_path / turn).write_text(json.dumps(bench.as_row(scores)))
    assert texts[0] == texts[1]
    row = json.loads((tmp_path / "a").read_text())
    assert row["noticed"] == row["named"] == [2, 2] and row["false_alarms"] == [0, 1]


def test_every_look_at_the_sealed_breaks_is_on_record(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    store.enter({"noticed": [1, 2]}, ledger)
    (row,) = map(json.loads, ledger.read_text().splitlines())
    assert row["noticed"] == [1, 2] and row["code"] and row["time"]
