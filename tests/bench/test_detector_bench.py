"""The committed corpus, replayed: what the README says of the detectors holds for this code."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ganlab.bench import detectors
from ganlab.bench.corpus import store
from ganlab.bench.corpus.report import MACRO_CONFIGS, TOP1
from ganlab.bench.corpus.results import own_symptoms
from ganlab.bench.corpus.rivals import RIVALS
from ganlab.bench.corpus.split import jobs, part_of
from ganlab.detectors.measured import FILE, measured

LIMIT = 20e6  # bytes


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, object]]:
    """The table and the figures of the development part."""
    file = tmp_path_factory.mktemp("bench") / "detectors.json"
    text = detectors.main(json_file=file, check_measures=False)
    return text, json.loads(file.read_text())


def test_the_corpus_is_whole_and_small() -> None:
    there = {name for shelf in ("open", "sealed") for name in store.names(shelf)}
    assert there == {f"{plan.name}@{seed}" for plan, seed in jobs()}
    assert sum(file.stat().st_size for file in store.FOLDER.glob("*.zip")) <= LIMIT


def test_the_sealed_shelf_holds_what_is_sealed() -> None:
    assert all(part_of(name.partition("@")[0]) == "sealed" for name in store.names("sealed"))
    assert all(part_of(name.partition("@")[0]) != "sealed" for name in store.names("open"))


def test_the_development_part_meets_the_targets(replayed: tuple[str, dict[str, object]]) -> None:
    figures = replayed[1]
    hits, of = figures["top1"]  # type: ignore[misc]
    assert hits / of >= TOP1  # type: ignore[has-type]
    assert figures["macro_f1_configs"] >= MACRO_CONFIGS  # type: ignore[operator]


def test_no_finding_is_said_or_closed_with_evidence_that_is_false(
    replayed: tuple[str, dict[str, object]],
) -> None:
    assert re.search(
        r"findings with false evidence: 0 of \d{3,} \(opened or worsened; in 0 of 525 runs\), "
        r"0 of \d{3,} closed \(in 0 runs\)",
        replayed[0],
    )


def test_every_baseline_stands_beside(replayed: tuple[str, dict[str, object]]) -> None:
    text = replayed[0]
    assert all(any(line.startswith(rival.name) for line in text.splitlines()) for rival in RIVALS)


def test_figures_to_quote_come_from_the_sealed_runs(
    replayed: tuple[str, dict[str, object]],
) -> None:
    assert "quote the figures of --sealed" in replayed[0]


def test_the_last_look_at_the_sealed_runs_is_what_the_handbook_shows() -> None:
    last = json.loads(store.LEDGER.read_bytes().splitlines()[-1])
    shown = json.loads(FILE.read_bytes())
    assert last["top1"] == shown["top1"]
    assert last["false_alarms"] == shown["detection"]["false_alarms"]
    assert last["macro_f1_configs"] == pytest.approx(shown["macro_f1_configs"], abs=1e-4)


def test_a_quick_look_says_so(tmp_path: Path) -> None:
    assert "first seed of each config only" in detectors.main(quick=True)


def test_the_committed_figures_name_each_familys_symptoms() -> None:
    found = measured()
    assert found is not None
    for slug, score in found.families.items():
        assert list(score.symptoms) == own_symptoms(slug)
