"""The pages and commands before folders that ganlab did not write so: words, and no error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ganlab import cli
from ganlab.bench.faults import damages
from ganlab.bench.faults.damage import Damage
from ganlab.bench.faults.damages import DAMAGES
from ganlab.bench.faults.folders import HURT, INNOCENT, place, planted
from ganlab.bench.faults.places import PLACES, WHOLE
from ganlab.bench.faults.specimen import IMAGES, POINTS, SCRIPT
from ganlab.casebook import CASES
from ganlab.runs import RunManager, RunStore
from ganlab.ui import runlist
from ganlab.ui.guard import Guard
from tests.ui.fakes import FakePanel, FakeTraining

APP = str(Path(__file__).parents[2] / "app.py")
CASE = "double-sigmoid" if "double-sigmoid" in CASES else next(iter(CASES))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A store with an innocent run."""
    place(tmp_path, IMAGES, INNOCENT)
    return tmp_path


@pytest.fixture
def lab(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunManager]:
    """The manager that the pages find, over the store of `root`."""
    monkeypatch.setattr(RunManager, "settle", 0.0)
    manager = RunManager(RunStore(root), FakeTraining, FakePanel)
    monkeypatch.setattr("ganlab.lab.open_lab", lambda: manager)
    monkeypatch.setattr("gc.freeze", lambda: None)
    monkeypatch.setattr(Guard, "stands", True)
    st.cache_resource.clear()
    yield manager
    manager.shutdown()
    st.cache_resource.clear()


def every(root: Path, chosen: tuple[Damage, ...] = DAMAGES) -> dict[str, Damage]:
    """A run for each damage, by its id."""
    found = {f"20300101-000001-{number:08x}": one for number, one in enumerate(chosen)}
    for run, damage in found.items():
        planted(root, damage, run)
    return found


def words(app: AppTest) -> str:
    """All text of a page that draws without an error."""
    assert not app.exception, app.exception[0].value + str(app.exception[0].stack_trace)
    kinds = ("markdown", "text", "error", "warning", "caption", "info")
    return "\n".join(str(getattr(each, "value", "")) for kind in kinds for each in app.get(kind))


def opened(page: str, run: str = "", **query: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    if page != "lab":
        app.run()
        app.switch_page(f"pages/{page}.py")
    for name, value in ({"run": run} if run else query).items():
        app.query_params[name] = value
    return app.run()


def test_the_runs_page_lists_every_run_and_says_of_a_bad_folder_what_is_wrong(
    root: Path, lab: RunManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runlist, "PAGE", 1000)
    found = every(root)
    text = words(opened("runs"))
    for run, damage in found.items():
        assert run in text, damage.name
    assert text.count("cannot be read]") == sum(not damage.listed for damage in DAMAGES)
    assert "is a link; allowed: what ganlab wrote. Restore it, or delete the run." in text


def test_a_bad_folder_can_be_deleted_from_the_list(root: Path, lab: RunManager) -> None:
    planted(root, PLACES[0])
    app = opened("runs")
    app.checkbox(key=f"sure-{HURT}").check().run()
    app.button(key=f"delete-{HURT}").click().run()
    assert not (root / HURT).exists()
    assert [info.id for info in lab.runs()] == [INNOCENT]


def test_the_lab_opens_beside_every_damage_and_shows_the_innocent_run(
    root: Path, lab: RunManager
) -> None:
    every(root)
    assert "step **40** of 40" in words(opened("lab", INNOCENT))


def test_a_bad_folder_that_is_asked_for_says_why(root: Path, lab: RunManager) -> None:
    planted(root, PLACES[0])
    for page in ("lab", "doctor"):
        assert "config.json in" in words(opened(page, HURT))


def test_the_casebook_opens_beside_every_damage(root: Path, lab: RunManager) -> None:
    every(root)
    words(opened("casebook", case=CASE))


def all_of(root: Path, chosen: tuple[Damage, ...], log: str) -> str:
    """One run with the rows of many damages; each finding is of a symptom of its own."""
    place(root, IMAGES, HURT)
    lines = []
    for number, damage in enumerate(chosen):
        run = f"20300101-000002-{number:08x}"
        planted(root, damage, run)
        path = root / run / f"{log}.jsonl"
        for line in path.read_bytes().splitlines()[-1:] if path.is_file() else []:
            lines.append(line.replace(b'"symptom": "saturation"', b'"symptom": "s%d"' % number))
        (root / run).rename(root / f".{number}-{log}")
    with (root / HURT / f"{log}.jsonl").open("ab") as file:
        file.write(b"".join(line + b"\n" for line in lines))
    return HURT


@pytest.mark.parametrize(
    ("log", "chosen"),
    [
        ("metrics", damages.METRICS),
        ("findings", damages.FINDINGS),
        ("patches", damages.PATCHES),
    ],
)
def test_a_run_with_every_bad_row_is_drawn_and_says_that_some_are_left_out(
    root: Path, lab: RunManager, log: str, chosen: tuple[Damage, ...]
) -> None:
    run = all_of(root, chosen, log)
    assert f"rows of {log}.jsonl are damaged and left out." in words(opened("lab", run))


@pytest.mark.parametrize("new", ["glow", "catastrophe", "eased"])
def test_what_a_newer_version_says_is_shown_as_it_is(root: Path, lab: RunManager, new: str) -> None:
    (damage,) = (each for each in damages.FINDINGS if repr(new) in each.name and "evid" not in
                 each.name and "metric" not in each.name)  # fmt: skip
    planted(root, damage)
    assert new in words(opened("lab", HURT)).lower()


def test_a_remedy_of_a_newer_version_is_shown_and_not_offered(root: Path, lab: RunManager) -> None:
    (damage,) = (each for each in damages.FINDINGS if "'bend'" in each.name)
    planted(root, damage)
    app = opened("lab", HURT)
    assert "Slow D: lr_d bend 2 (of a newer version)" in words(app)
    assert not [each for each in app.button if "Slow D" in each.label]


_DRAWN = [
    damage
    for damage in (*damages.OUTCOME, *damages.CONFIG, *WHOLE)
    if damage.listed
    and damage.kind != SCRIPT
    and not damage.name.startswith(("samples", "config.json: created", "config.json: parent"))
]


def _a_run(run: str) -> None:
    from ganlab.ui import header, live, session
    from ganlab.ui.charts import View

    info, history = session.lab().info(run), session.history(run)
    header.draw(info, history)
    live._trouble(info)
    live._body(View(run), info, history)


@pytest.mark.parametrize("damage", _DRAWN, ids=lambda damage: damage.name[:60])
def test_a_run_is_drawn_that_is_listed(root: Path, lab: RunManager, damage: Damage) -> None:
    planted(root, damage)
    app = AppTest.from_function(_a_run, args=(HURT,), default_timeout=60)
    assert "Live patches and findings" in words(app.run())


def _some_samples(runs: list[str]) -> None:
    from ganlab.ui import pictures, plot, samples, session

    store = session.lab().store
    for run in runs:
        sample = store.sample(run)
        samples.one(run, sample, store.real_sample(run))
        if sample is not None and "histogram" in sample.details:
            plot.draw(pictures.histogram(sample.details["histogram"], run), f"histogram-{run}")


def test_damaged_samples_are_drawn_or_passed_over(root: Path, lab: RunManager) -> None:
    found = every(root, (*damages.SAMPLES, *WHOLE))
    runs = [run for run, damage in found.items() if damage.listed and damage.kind != SCRIPT]
    app = AppTest.from_function(_some_samples, args=(runs,), default_timeout=60)
    assert words(app.run()).count("Generated at step") == len(runs)


def _a_report(run: str) -> None:
    from ganlab.ui import doctor
    from ganlab.ui.charts import View

    doctor._tick(View(run), False)


def test_a_report_is_drawn_or_says_what_is_wrong(root: Path, lab: RunManager) -> None:
    chosen = tuple(each for each in (*damages.REPORTS, *WHOLE) if each.kind == SCRIPT)
    drawn = 0  # reports of which nothing can be read all look alike: two of them will do
    for run, damage in every(root, chosen).items():
        report = lab.store.report(run)
        assert report is not None
        damaged = report["reason"].startswith("report.json in")
        drawn += damaged
        if not damaged or drawn <= 2:
            app = AppTest.from_function(_a_report, args=(run,), default_timeout=60)
            text = words(app.run()).replace("\\", "")
            assert ("is damaged" in text) == damaged, damage.name
    assert drawn > 20


def test_diagnose_says_of_every_damage_what_it_is_or_what_it_finds(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for run, damage in every(root).items():
        code = cli.main(["diagnose", run, "--runs", str(root), "--json"])
        out, err = capsys.readouterr()
        assert code == (0 if damage.listed else 2), (damage.name, err)
        if damage.listed:
            json.loads(out)
        else:
            assert "allowed:" in err and "\n" not in err.strip(), damage.name


@pytest.mark.parametrize(
    "damage",
    [
        PLACES[0],
        WHOLE[1],
        *(each for each in damages.DAMAGES if each.name in (
            "metrics: step is None", "patches: patch is {'lr_d': {'scale': 1e+308}}",
            "findings: a newer symptom", "outcome.json: status is 'melted'",
            "config.json: created is 1e+300",
        )),
    ],
    ids=lambda damage: damage.name,
)  # fmt: skip
def test_resume_ends_in_words(
    root: Path, damage: Damage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RunManager, "settle", 0.0)
    planted(root, damage)
    code = cli.main(["run", "--resume", HURT, "--steps", "60", "--runs", str(root)])
    out, err = capsys.readouterr()
    assert code in (1, 2)
    assert "Traceback" not in out + err
    assert "allowed:" in out + err


def test_points_are_drawn_in_the_lab(root: Path, lab: RunManager) -> None:
    place(root, POINTS, HURT)
    assert "step **40** of 40" in words(opened("lab", HURT))


def test_a_linked_generator_is_not_offered(root: Path, lab: RunManager) -> None:
    path = root / INNOCENT / "generator.safetensors"
    buttons = opened("runs").get("download_button")
    assert [each.proto.disabled for each in buttons] == [False, False, False]
    path.unlink()
    path.symlink_to("/etc/hostname")
    buttons = opened("runs").get("download_button")
    assert [each.proto.disabled for each in buttons] == [False, False, True]
