"""The casebook page: from the list to a failing run beside its cured twin, with fake trainings."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.casebook import CASES, find_case
from ganlab.config import RunConfig, Set
from ganlab.runs.manager import RunManager
from ganlab.runs.record import RunInfo, Status
from ganlab.ui import twins
from tests.ui.links import follow

SLUG = "x255-output"


@pytest.fixture(autouse=True)
def without_mnist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANLAB_DATA", str(tmp_path))


def words(app: AppTest) -> str:
    """All Markdown and captions of the page."""
    return "\n".join(element.value for element in [*app.markdown, *app.caption])


def keys(app: AppTest) -> list[str]:
    """Of the page's figures, in order; the library that draws them is the first."""
    return [str(element.key) for element in app.get("bidi_component")]


def casebook(app: AppTest, slug: str = "") -> AppTest:
    """The list, or the case, opened by its address."""
    app.run()
    app.switch_page("pages/casebook.py")
    if slug:
        app.query_params["case"] = slug
    return app.run()


def started(lab: RunManager) -> tuple[RunInfo, RunInfo]:
    """The failing run and its cured twin, ended."""
    pair = twins.find(find_case(SLUG), lab.runs())
    assert pair.run
    assert pair.cured
    return lab.wait(pair.run.id, 20), lab.wait(pair.cured.id, 20)


def test_the_list_has_every_case_by_document_and_by_cause(app: AppTest) -> None:
    cases = {f"open-{slug}" for slug in CASES}
    assert cases <= {button.key for button in casebook(app).button}
    app.segmented_control(key="case-order").set_value("by cause").run()
    assert cases <= {button.key for button in app.button}
    assert "range-mismatch" in words(app)
    assert not app.exception


def test_the_filter_leaves_what_has_its_words(app: AppTest) -> None:
    casebook(app).text_input(key="case-filter").set_value("paints 255").run()
    assert [button.key for button in app.button] == [f"open-{SLUG}"]
    app.text_input(key="case-filter").set_value("unicorn").run()
    assert "No case speaks of “unicorn”." in app.info[0].value


def test_opening_a_case_writes_its_address_and_closing_takes_it_back(app: AppTest) -> None:
    casebook(app).button(key=f"open-{SLUG}").click().run()
    assert app.query_params["case"] == SLUG
    app.button(key="close-case").click().run()
    assert "case" not in app.query_params
    assert app.button(key=f"open-{SLUG}")


def test_a_case_is_found_by_its_address_with_claim_truth_signature_and_cure(app: AppTest) -> None:
    text = words(casebook(app, SLUG))
    case = find_case(SLUG)
    assert case.cure
    for part in (case.title, case.claim, case.truth, case.watch, case.cure.name, "output = x255"):
        assert part in text
    assert "finding **[Clamp death](handbook?entry=clamp-death)** (failure), by step 300" in text
    assert not app.exception


def test_an_unknown_case_names_the_nearest_and_shows_the_list(app: AppTest) -> None:
    casebook(app, "x255-outputs")
    assert "no case 'x255-outputs'. Did you mean 'x255-output'?" in app.warning[0].value
    assert app.button(key=f"open-{SLUG}")


@pytest.mark.parametrize("slug", CASES)
def test_no_case_raises(app: AppTest, slug: str) -> None:
    assert not casebook(app, slug).exception


def test_the_control_is_one_click_away(app: AppTest) -> None:
    control = next(item for item in casebook(app, SLUG).button if "healthy control" in item.label)
    control.click().run()
    assert app.query_params["case"] == find_case(SLUG).control


def test_cure_waits_for_a_run_to_be_cured(app: AppTest) -> None:
    assert casebook(app, SLUG).button(key="cure").disabled


def test_reproduce_and_cure_train_twins_of_one_seed(app: AppTest, lab: RunManager) -> None:
    casebook(app, SLUG).number_input(key=f"seed-{SLUG}").set_value(5).run()
    app.button(key="reproduce").click().run()
    app.button(key="cure").click().run()
    run, cured = started(lab)
    case = find_case(SLUG)
    assert run.config == case.config("digits", 5)
    assert cured.config == case.config("digits", 5, case.cure)
    assert cured.parent == run.id
    assert lab.slots == 2
    assert not app.exception


def test_both_start_at_once_and_their_verdicts_are_told(app: AppTest, lab: RunManager) -> None:
    casebook(app, SLUG).button(key="both").click().run()
    run, cured = started(lab)
    app.run()
    assert f"This run ended at step {run.step} without showing it." in words(app)
    assert "Silent to its end: no finding above notice up to step 2\u202f500." in words(app)
    # Both runs in each figure; first what the case is about, and nothing that nobody measured.
    assert keys(app) == ["ganlab.plotly", "losses", "gradients", "outputs"]
    assert len(app.image) == 2
    assert cured.status is Status.FINISHED


def test_a_new_browser_finds_the_newest_twins(app: AppTest, lab: RunManager) -> None:
    casebook(app, SLUG).button(key="both").click().run()
    started(lab)
    again = casebook(AppTest.from_file("../../app.py", default_timeout=30), SLUG)
    assert "Silent to its end" in words(again)


def test_a_new_run_has_no_twin_yet(app: AppTest, lab: RunManager) -> None:
    casebook(app, SLUG).button(key="both").click().run()
    started(lab)
    app.run()
    app.button(key="reproduce").click().run()
    assert "The cured twin appears here" in app.info[0].value


def test_a_healthy_case_runs_alone(app: AppTest, lab: RunManager) -> None:
    casebook(app, "correct-tanh").button(key="reproduce").click().run()
    (run,) = lab.runs()
    lab.wait(run.id, 20)
    app.run()
    assert "Silent to its end" in words(app)
    assert not [button for button in app.button if button.key == "cure"]


def test_a_failed_run_says_why(app: AppTest, lab: RunManager) -> None:
    casebook(app, "correct-tanh").number_input(key="seed-correct-tanh").set_value(13).run()
    app.button(key="reproduce").click().run()
    lab.wait(lab.runs()[0].id, 20)
    app.run()
    assert "Stopped with an error: RuntimeError: the fake device is gone" in words(app)


def test_a_run_deleted_meanwhile_leaves_the_case_open(app: AppTest, lab: RunManager) -> None:
    casebook(app, SLUG).button(key="reproduce").click().run()
    (run,) = lab.runs()
    lab.wait(run.id, 20)
    lab.store.delete(run.id)
    app.run()
    assert not app.exception
    assert app.button(key="cure").disabled


def test_a_run_opens_in_the_lab(app: AppTest, lab: RunManager) -> None:
    casebook(app, SLUG).button(key="reproduce").click().run()
    (run,) = lab.runs()
    follow(app, "Lab")
    assert app.query_params["run"] == run.id
    assert not app.exception


def test_a_stopped_twin_gets_no_verdict(app: AppTest, lab: RunManager) -> None:
    case = find_case(SLUG)
    run = lab.start(case.config("digits"), twins.name_of(case))
    lab.wait(run, 20)
    endless = case.config("digits", fix=case.cure).patched({"steps": Set(10_000_000)})
    twin = lab.start(endless, twins.name_of(case, case.cure), parent=run)
    casebook(app, SLUG).button(key=f"do-{twin}--Stop").click().run()
    lab.wait(twin, 20)
    app.run()
    assert "No verdict: it was stopped at step" in words(app)
    assert "Silent to its end" not in words(app)


def test_what_waits_names_and_links_what_it_waits_for(app: AppTest, lab: RunManager) -> None:
    lab.slots = 2
    busy = [lab.start(RunConfig(steps=10_000_000), name) for name in ("one", "other")]
    assert "What you start now waits for:" in words(casebook(app, SLUG))
    app.button(key="both").click().run()
    first, second = (box.value for box in app.info)
    assert first.startswith("Place 1 in the queue, since **one** and **other** train.")
    assert second.startswith("Place 2 in the queue")
    assert "two runs" not in first  # two is set already
    lab.stop(busy[0])
    lab.wait(busy[0], 20)
    pair = twins.find(find_case(SLUG), lab.runs())
    assert pair.run and pair.cured
    lab.wait(pair.run.id, 20), lab.wait(pair.cured.id, 20)
    lab.start(RunConfig(steps=10_000_000), "third")
    assert follow(app.run(), "other: step").query_params["run"] == busy[1]


def test_the_page_scrolls_once_to_what_was_started(app: AppTest, lab: RunManager) -> None:
    casebook(app, SLUG).button(key="reproduce").click().run()
    (run,) = lab.runs()
    script = f'".st-key-header-{run.id}"'
    assert any(script in element.proto.body for element in app.get("html"))
    app.run()
    assert not any(script in element.proto.body for element in app.get("html"))


def test_a_link_opens_another_case(app: AppTest) -> None:
    casebook(app).button(key=f"open-{SLUG}").click().run()
    app.query_params["case"] = "correct-tanh"
    assert app.run().button(key="close-case")
    assert find_case("correct-tanh").claim in words(app)


def test_a_run_can_be_stopped_from_its_case(app: AppTest, lab: RunManager) -> None:
    case = find_case(SLUG)
    endless = case.config("digits").patched({"steps": Set(10_000_000)})
    run = lab.start(endless, twins.name_of(case))
    casebook(app, SLUG)
    assert app.button(key="reproduce").disabled
    app.button(key=f"do-{run}--Pause").click().run()
    assert lab.info(run).status is Status.PAUSED
    app.button(key=f"do-{run}--Stop").click().run()
    assert lab.wait(run, 20).status is Status.STOPPED


def test_points_are_drawn_as_small_figures(app: AppTest, lab: RunManager) -> None:
    case = find_case(SLUG)
    run = lab.start(RunConfig(data="ring8", steps=60), twins.name_of(case))
    lab.wait(run, 20)
    casebook(app, SLUG)
    assert not app.image
    assert keys(app) == ["ganlab.plotly", f"points-{run}", "losses", "gradients", "outputs"]
    assert not app.exception


def test_twins_are_found_by_name_and_parent(lab: RunManager) -> None:
    case = find_case(SLUG)
    old = lab.start(RunConfig(steps=20), twins.name_of(case))
    lab.start(RunConfig(steps=20), twins.name_of(case, case.cure), parent=old)
    assert twins.find(case, lab.runs()).fix == case.cure
    new = lab.start(RunConfig(steps=20), twins.name_of(case))
    pair = twins.find(case, lab.runs())
    assert pair.run
    assert pair.run.id == new
    assert pair.cured is None


def test_the_data_chosen_is_that_of_the_pair_below(
    app: AppTest, lab: RunManager, tmp_path: Path
) -> None:
    case = find_case(SLUG)
    files(tmp_path)
    lab.wait(lab.start(case.config("digits").patched({"steps": Set(20)}), twins.name_of(case)), 20)
    (data,) = (box for box in casebook(app, SLUG).selectbox if box.label == "Data")
    assert data.value == "digits" and twins.usual_data(case) == "mnist"


def files(folder: Path) -> None:
    """MNIST, as far as a look at the names can tell."""
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    (raw / "train-images-idx3-ubyte.gz").touch()


def test_mnist_is_usual_where_its_files_lie(tmp_path: Path) -> None:
    case = find_case(SLUG)
    assert twins.usual_data(case) == "digits"
    files(tmp_path)
    assert twins.usual_data(case) == "mnist"
