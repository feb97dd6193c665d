"""The engine's benchmark end to end, too short to mean anything."""

import json
from pathlib import Path

import pytest

from ganlab.bench.engine import Effort, main
from ganlab.bench.matches import MATCHES
from ganlab.bench.monitoring import WATCHED

_TINY = Effort(sittings=1, rounds=1, cycles=1, steps=1, cycle=10)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    file = tmp_path_factory.mktemp("bench") / "engine.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GANLAB_DATA", raising=False)
        return main(quick=True, json_file=file, effort=_TINY), file


@pytest.mark.parametrize("name", [match.name for match in MATCHES] + list(WATCHED))
def test_every_row_stands_in_the_table_with_its_verdict(
    results: tuple[str, Path], name: str
) -> None:
    lines = [line for line in results[0].splitlines() if line.startswith(name)]
    assert any("met" in line or "MISSED" in line for line in lines)


def test_targets_stand_beside_the_figures(results: tuple[str, Path]) -> None:
    rows = [line for line in results[0].splitlines() if line.startswith("M1 paper MLP")]
    assert all(target in row for target, row in zip(("1.90", "1.60", "< 3 %"), rows, strict=True))


def test_the_json_has_the_same_figures(results: tuple[str, Path]) -> None:
    report, file = results
    figures = json.loads(file.read_text())
    assert f"{figures['engine'][0]['engine_ms']:.2f}" in report
    assert [row["name"] for row in figures["monitoring"]] == list(WATCHED)
    assert figures["threads"] == 1
