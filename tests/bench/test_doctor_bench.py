"""The doctor's benchmark: its arithmetic on made-up reports, and answers that fit the scripts."""

import ast
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from torch import nn

from ganlab.bench.doctor import baselines, bench, quoted, report, running
from ganlab.bench.doctor.answers import ANSWERS, Answer, Edit, edited
from ganlab.bench.doctor.baselines import owner, roots
from ganlab.bench.doctor.overhead import Cost, Loop, cost_of, small_mlp
from ganlab.bench.doctor.phrases import PHRASES, Said, names
from ganlab.bench.doctor.running import scripts
from ganlab.bench.doctor.scoring import (
    Case,
    Place,
    Report,
    Share,
    groups,
    misplaced,
    misses,
    parsed,
    restored,
    score,
)
from ganlab.bench.material import SAID, SCRIPTS
from ganlab.bench.timing import Spread
from ganlab.causes import CAUSES

NAMES = sorted(ANSWERS)


def case(cause: str, report: Report, *also: str, notes: tuple[str, ...] = ()) -> Case:
    return Case("s", Answer((cause, *also), "row", "style", "ring", notes), report)


def named(*causes: str) -> Report:
    return Report("cause", causes=causes)


@pytest.mark.parametrize(
    ("made", "top1", "top3"),
    [
        (case("fixed-noise", named("fixed-noise")), True, True),
        (case("fixed-noise", named("eval-mode"), "eval-mode"), True, True),
        (case("fixed-noise", named("eval-mode", "fixed-noise")), False, True),
        (case("fixed-noise", named("a", "b", "c", "fixed-noise")), False, False),
        (case("fixed-noise", Report("not-assessed", causes=("fixed-noise",))), False, False),
        (case("fixed-noise", Report("healthy")), False, False),
        (case("healthy", named("healthy")), False, False),
    ],
)
def test_a_cause_counts_only_under_a_verdict_and_in_its_place(
    made: Case, top1: bool, top3: bool
) -> None:
    assert (made.top1, made.top3) == (top1, top3)


def test_only_a_cause_named_on_a_healthy_script_is_a_false_alarm() -> None:
    reports = [named("fixed-noise"), Report("not-assessed"), Report("healthy")]
    cases = [case("healthy", report) for report in reports]
    assert score(cases).false_alarms == Share(1, 3)
    assert score(cases).cleared == Share(1, 3)
    assert score([case("fixed-noise", named("eval-mode"))]).false_alarms == Share(0, 0)


def test_discovery_counts_every_script() -> None:
    cases = [
        case("healthy", Report("healthy", discovered=True)),
        case("fixed-noise", Report("not-assessed")),
    ]
    assert score(cases).discovered == Share(1, 2)


def test_harmless_bugs_are_scored_as_healthy_with_a_note() -> None:
    noted = case("healthy", Report("healthy", notes=("batchnorm-eps",)), notes=("batchnorm-eps",))
    silent = case("healthy", Report("healthy"), notes=("batchnorm-eps",))
    assert score([noted, silent, case("healthy", Report("healthy"))]).noted == Share(1, 2)


def test_steps_and_seconds_are_medians_over_right_causes_alone() -> None:
    def took(steps: int, *causes: str) -> Report:
        return Report("cause", causes=causes, steps=steps, seconds=steps / 100)

    reports = [took(100, "fixed-noise"), took(300, "fixed-noise"), took(9000, "eval-mode")]
    result = score([case("fixed-noise", report) for report in reports])
    assert (result.steps, result.seconds) == (200, 2.0)
    assert score([]).steps is None


def test_the_worst_group_comes_first() -> None:
    cases = [
        case("fixed-noise", named("fixed-noise")),
        case("double-sigmoid", named("eval-mode")),
        case("healthy", Report("healthy")),
    ]
    assert groups(cases) == [("Loss contract", Share(0, 1)), ("Data and range", Share(1, 1))]
    assert misses(cases) == [cases[1]]


def test_the_doctors_json_is_read() -> None:
    document = {
        "verdict": "cause",
        "reason": "r",
        "causes": [
            {"slug": "fixed-noise", "location": {"file": "/a/b.py", "line": 7, "code": "z"}},
            {"slug": "eval-mode", "location": None},
        ],
        "notes": [{"slug": "batchnorm-eps"}],
        "discovered": {"generator": "G", "discriminator": "D"},
        "steps": 40,
        "seconds": 1.5,
        "overhead": 0.03,
    }
    expected = Report(
        "cause", "r", ("fixed-noise", "eval-mode"), ("batchnorm-eps",), True, 40, 1.5, 0.03,
        places=(Place("b.py", 7), None),
    )  # fmt: skip
    assert parsed(document) == expected
    assert restored(json.loads(json.dumps(asdict(expected)))) == expected


def test_half_a_discovery_is_none() -> None:
    half = {"verdict": "healthy", "discovered": {"generator": "G", "discriminator": None}}
    assert not parsed(half).discovered
    assert parsed({}) == Report("not-assessed")


def test_every_slug_is_a_cause() -> None:
    slugs = {slug for answer in ANSWERS.values() for slug in (*answer.causes, *answer.notes)}
    assert slugs <= set(CAUSES)
    assert set(PHRASES) == set(CAUSES) - {"healthy", "live-change"}


def test_there_are_enough_scripts_of_both_kinds() -> None:
    healthy = sum(answer.healthy for answer in ANSWERS.values())
    assert healthy >= 22
    assert len(ANSWERS) - healthy >= 45


@pytest.mark.parametrize("name", NAMES)
def test_a_script_compiles_and_does_not_tell_its_cause(name: str) -> None:
    answer = ANSWERS[name]
    ast.parse(answer.source)
    told = f"{name}\n{answer.source}".lower()
    for slug in (*answer.causes, *answer.notes, "healthy"):
        for spelling in (slug, slug.replace("-", "_"), slug.replace("-", " ")):
            assert spelling not in told


@pytest.mark.parametrize("name", NAMES)
def test_a_script_names_no_machine_path_and_the_data_it_needs(name: str) -> None:
    text = ANSWERS[name].source
    assert "/work" not in text
    assert ("GANLAB_DATA" in text) == (ANSWERS[name].data == "mnist")


@pytest.mark.parametrize("name", [name for name in NAMES if not ANSWERS[name].healthy])
def test_a_fault_has_lines_and_few_of_them(name: str) -> None:
    answer = ANSWERS[name]
    assert 1 <= len(answer.lines) <= len(answer.source.splitlines()) / 4


def test_an_edit_finds_its_place_once() -> None:
    assert Edit("b", "c").applied("ab") == "ac"
    for text in ("a", "bb"):
        with pytest.raises(ValueError, match="allowed: once"):
            Edit("b", "c").applied(text)


@pytest.mark.parametrize(
    ("after", "lines"),
    [("axc", [2]), ("abxc", [3]), ("xabc", [1]), ("ac", [1, 2]), ("abc", []), ("xyzc", [1, 2, 3])],
)
def test_new_lines_are_pointed_at_and_those_around_a_gap(after: str, lines: list[int]) -> None:
    assert list(edited(list("abc"), list(after))) == lines


def test_a_line_that_the_script_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="No line of the script is 'nowhere'"):
        _ = replace(ANSWERS["ring_fn_02"], told=("nowhere",)).lines


def test_a_line_counts_in_the_faults_own_file_and_under_a_right_cause() -> None:
    name = "ring_fn_02"  # of generator-detached, an edit of one line
    (line,) = (
        number
        for number, text in enumerate(ANSWERS[name].source.splitlines(), 1)
        if "disc(gen(latent()).detach())" in text
    )

    def said(slug: str, *places: Place | None) -> Case:
        return Case(name, ANSWERS[name], replace(named(slug), places=places))

    right = said("generator-detached", Place(f"{name}.py", line))
    wrong = [
        said("generator-detached", Place(f"{name}.py", line - 3)),
        said("generator-detached", Place("other.py", line)),
        said("generator-detached", None, Place(f"{name}.py", line)),
        said("generator-detached"),
    ]
    blind = said("eval-mode", Place(f"{name}.py", line))
    assert score([right, *wrong, blind]).located == Share(1, 5)
    assert misplaced([right, *wrong, blind]) == wrong


def test_every_base_is_used() -> None:
    bases = {path.stem for path in SCRIPTS.glob("*.py")}
    assert bases == {answer.base for answer in ANSWERS.values()}


def test_scripts_that_need_mnist_are_left_out_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "has_mnist", lambda: False)
    chosen, left_out = scripts(quick=False)
    assert left_out
    assert sorted(chosen + left_out) == sorted(ANSWERS)
    assert {ANSWERS[name].data for name in left_out} == {"mnist"}


def test_quick_is_a_fixed_third(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "has_mnist", lambda: True)
    chosen, _ = scripts(quick=True)
    assert chosen == sorted(ANSWERS)[::3]


def test_the_report_holds_targets_misses_and_baselines() -> None:
    cases = [case("fixed-noise", named("eval-mode")), case("healthy", Report("healthy"))]
    said = {"torch-audit": {"s": Said(2, ("G: TA302 Flat/Empty Data: constant input",))}}
    cost = Cost("small MLP", 1.0, Spread(0.02, 0.01, 0.04), Spread(0.0, -0.01, 0.01))
    text = report.report(cases, said, [cost], left_out=["m"], quick=True)
    assert "0 % (0/1)  >= 90 %  MISSED" in text
    assert "Not installed, columns empty: torchmortem." in text
    assert "1 scripts left out" in text
    assert "2.0 % [1.0, 4.0]" in text
    assert "fixed-noise  eval-mode" in text


def test_a_benchmark_run_writes_figures_and_asks_every_script(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bench, "doctor_says", lambda name, timeout: Report("healthy"))
    monkeypatch.setattr(bench, "installed", lambda: ("torch-audit",))
    monkeypatch.setattr(bench, "baseline_says", lambda tool, name, steps: Said(2, ()))
    lines: list[str] = []
    text = bench.main(quick=True, json_file=tmp_path / "figures.json", progress=lines.append)
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert len(figures["cases"]) == len(figures["baselines"]["torch-audit"]) == len(lines)
    assert "cause named first" in text


def test_a_table_is_counted_anew_from_what_was_stored(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    right = {"ring_fn_02": named("generator-detached"), "ring_one_01": Report("healthy")}
    monkeypatch.setattr(bench, "doctor_says", lambda name, timeout: right[name])
    monkeypatch.setattr(bench, "scripts", lambda quick: (list(right), []))
    monkeypatch.setattr(bench, "installed", lambda: ())
    bench.main(json_file=tmp_path / "said.json")
    rows = quoted.quoted(tmp_path / "said.json").splitlines()
    assert "2 scripts, 1 faulty, 1 healthy" in rows[0]
    assert "| the cause named first | 100 % (1 of 1) [2, 100] | 90 % | met |" in rows
    line = "| its line right, of causes named first | 0 % (0 of 1) [0, 98] | 85 % | **missed** |"
    assert line in rows
    assert "| updates until a right cause, median | - | 200 |  |" in rows


def test_what_is_stored_is_a_whole_run() -> None:
    assert sorted(row["script"] for row in quoted.stored(SAID)["cases"]) == NAMES


def test_a_doctor_that_leaves_no_report_is_not_assessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "run_apart", lambda *_: "exit code 2. no such command")
    said = running.doctor_says("ring_pg_01")
    assert said.verdict == "not-assessed"
    assert "no such command" in said.reason


def test_a_phrase_names_the_cause_whatever_its_case() -> None:
    said = Said(1, ("Critic: TA104 No Gradients Found: none",))
    assert names(said, ("eval-mode", "generator-detached"))
    assert not names(said, ("fixed-noise",))


def test_the_owner_is_the_smallest_module_that_holds_the_parameters() -> None:
    generator, critic = nn.Sequential(nn.Linear(2, 2)), nn.Sequential(nn.Linear(2, 1))
    both = nn.ModuleList([generator, critic])
    modules = [both, critic, generator, generator[0], critic[0]]
    assert owner([*critic.parameters()], modules) in (critic, critic[0])
    assert owner([*both.parameters()], modules) is both
    assert owner([nn.Parameter(torch.zeros(1))], modules) is None
    assert roots([generator[0], generator, critic]) == [generator, critic]


def test_a_watched_script_ends_after_its_steps(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Counting:
        def __init__(self, network: nn.Module, optimizer: object) -> None:
            self.steps: list[float | None] = []

        def step(self, loss: float | None) -> None:
            self.steps.append(loss)

        def findings(self) -> list[str]:
            return [f"{len(self.steps)} steps"]

    monkeypatch.setitem(baselines._MAKERS, "torchmortem", Counting)
    script = tmp_path / "s.py"
    script.write_text(
        "import torch\n"
        "net = torch.nn.Linear(2, 1)\n"
        "opt = torch.optim.SGD(net.parameters(), 0.1)\n"
        "while True:\n"
        "    net(torch.ones(3, 2)).mean().backward()\n"
        "    opt.step()\n"
    )
    said = baselines.watch(script, "torchmortem", 5)
    assert said == Said(1, ("Linear: 5 steps",))


def test_an_observer_that_doubles_the_work_costs_about_as_much() -> None:
    other = small_mlp()

    @contextmanager
    def twice(loop: Loop) -> Iterator[None]:
        hook = loop.generator.register_forward_hook(lambda *_: Loop.step(other))
        yield
        hook.remove()

    cost = cost_of(twice, "small MLP", rounds=3, steps=4)
    assert cost.share.median > 0.4
    assert not cost.met
