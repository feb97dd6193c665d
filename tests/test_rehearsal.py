"""Real runs of small cases on the embedded data, from the command line too."""

from __future__ import annotations

import json
import multiprocessing
import time
from dataclasses import replace
from pathlib import Path

import pytest

import ganlab.casebook
from ganlab.casebook import find_case
from ganlab.casebook.case import Case
from ganlab.casebook.measured import measured_of
from ganlab.cli import main
from ganlab.rehearsal import assembled, grouped, perform, takes

SHORT = "zz-short"


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of runs that shares one trained classifier."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Case:
    """The scaling case with a cure that is too short to be judged healthy."""
    case = find_case("x255-output")
    assert case.cure is not None
    changed = replace(
        case,
        slug=SHORT,
        settings={**case.settings, "steps": 320},
        cure=replace(case.cure, steps=60),
    )
    monkeypatch.setitem(ganlab.casebook.CASES, SHORT, changed)
    return changed


def test_a_case_and_its_twin_become_one_measurement(short: Case, judged: Path) -> None:
    results = {take: perform(take, judged) for take in takes(short, "digits", 1)}
    each = measured_of(assembled(results))
    (onset,) = each.onsets
    assert onset is not None and onset <= 300
    assert each.runs.alarms[0][:1] == ("scaling-mismatch",)
    twin = each.fixes["Scale both to [-1, 1]"]
    assert twin.silent == 1 and twin.outcomes[0] is not None
    assert twin.outcomes[0]["classes"] == 10


def test_an_error_that_stops_a_run_is_its_result(tmp_path: Path) -> None:
    case = find_case("missing-sigmoid")
    row = perform(next(takes(case, "digits", 1, cure_only=True)), tmp_path)
    assert row["error"].startswith("RuntimeError") and "End D in a sigmoid" in row["error"]
    assert row["onset"] == 0 and row["outcome"] is None


def test_the_command_exits_with_1_where_a_case_differs_and_keeps_other_results(
    short: Case,
    judged: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("GANLAB_RUNS", str(judged))
    file = tmp_path / "results.json"
    file.write_text(json.dumps({"another": {}}))
    twice = ["casebook", SHORT, SHORT]  # and run once
    assert main([*twice, "--data", "digits", "--jobs", "1", "--json", str(file)]) == 1
    assert "'Scale both to [-1, 1]' cured 0 of 1 seeds" in capsys.readouterr().out
    stored = json.loads(file.read_text())
    assert set(stored) == {"another", SHORT}
    assert stored[SHORT]["digits"]["runs"]["seeds"] == [0]


@pytest.mark.parametrize("text", ["{broken", "[1]"])
def test_a_file_of_something_else_is_refused_untouched(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "other.json"
    file.write_text(text)
    assert main(["casebook", "x255-output", "--data", "digits", "--json", str(file)]) == 2
    assert "holds something else than results" in capsys.readouterr().err
    assert file.read_text() == text


def test_ctrl_c_ends_the_command_and_its_workers_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANLAB_RUNS", str(tmp_path))
    monkeypatch.setattr("ganlab.commands.casebook.wait", interrupted)
    monkeypatch.setattr("ganlab.commands.casebook.prepare", lambda *given: None)
    slugs = ["correct-tanh", "x255-output", "plain-sigmoid"]
    others = set(multiprocessing.active_children())
    started = time.monotonic()
    assert main(["casebook", "dcgan64-rgb", *slugs, "--data", "digits", "--jobs", "2"]) == 130
    assert set(multiprocessing.active_children()) <= others
    assert time.monotonic() - started < 100  # those runs alone take minutes


def interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_the_list_names_every_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["casebook", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(ganlab.casebook.CASES)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["x255"], "Did you mean"),
        (["--seeds", "0"], "--seeds is 0; allowed: 1 to 1000"),
        (["--jobs", "0"], "--jobs is 0; allowed: 1 to 256"),
        (["--json", "/nowhere/at/all.json"], "cannot be written"),
    ],
)
def test_bad_input_is_refused_before_anything_trains(
    arguments: list[str], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["casebook", *arguments]) == 2
    assert text in capsys.readouterr().err


def test_a_case_made_for_other_data_says_why_it_is_left_out(
    short: Case, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = replace(short, data=("mnist",), absent={"digits": "there it recovers"})
    monkeypatch.setitem(ganlab.casebook.CASES, SHORT, elsewhere)
    assert main(["casebook", SHORT, "--data", "digits"]) == 0
    assert f"{SHORT}: left out, there it recovers" in capsys.readouterr().out


def test_equal_runs_are_made_once_and_a_case_of_its_own_leads() -> None:
    slugs = ("x255-output", "zero-losses-unflipped", "correct-tanh", "early-looks-like-collapse")
    queue = [take for slug in slugs for take in takes(find_case(slug), "digits", 2)]
    groups = grouped(queue)
    assert sorted(map(str, queue)) == sorted(str(take) for group in groups for take in group)
    leader, *others = next(group for group in groups if len(group) > 1)
    assert (leader.slug, leader.fix, leader.seed) == ("correct-tanh", "", 0)
    assert {take.slug for take in others} == {"x255-output", "zero-losses-unflipped"}
    assert ["early-looks-like-collapse"] in [[take.slug for take in group] for group in groups]
