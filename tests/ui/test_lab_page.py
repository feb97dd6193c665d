"""The lab page: from one click to a cured run, with a fake training behind it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.bench.faults.calls import Trap, intercepted
from ganlab.bench.faults.world import until
from ganlab.config import RunConfig, Set
from ganlab.runs.manager import RunManager
from ganlab.runs.record import Status
from ganlab.ui import live
from tests.ui.widgets import widget_of

ENDLESS = {"steps": 10_000_000, "observe_every": 10}


def words(app: AppTest) -> str:
    """All Markdown and captions of the page."""
    return "\n".join(element.value for element in [*app.markdown, *app.caption])


def open_run(app: AppTest, lab: RunManager, **settings: object) -> str:
    """Starts a run, and opens it by its address."""
    run = lab.start(RunConfig.of(ENDLESS | settings))
    app.query_params["run"] = run
    app.run()
    return run


def finished(app: AppTest, lab: RunManager, **settings: object) -> str:
    """Opens a run that has already ended."""
    run = lab.start(RunConfig.of({"steps": 60, **settings}))
    lab.wait(run, timeout=20)
    app.query_params["run"] = run
    app.run()
    return run


def test_one_click_on_the_start_page_trains_the_default(app: AppTest, lab: RunManager) -> None:
    app.run()
    app.button(key="train").click().run()
    (run,) = lab.runs()
    assert run.config == RunConfig()
    assert app.query_params["run"] == run.id
    assert not app.exception


def test_a_preset_fills_the_form_and_is_trained(app: AppTest, lab: RunManager) -> None:
    app.run()
    widget_of(app, "new", "preset").select("wgan-gp").run()
    assert widget_of(app, "new", "loss").value == "wgan_gp"
    app.button(key="train").click().run()
    assert lab.runs()[0].config.n_critic == 5


def test_a_setting_without_a_say_has_no_widget(app: AppTest) -> None:
    app.run()
    with pytest.raises(ValueError, match="unpack"):
        widget_of(app, "new", "gp_weight")
    widget_of(app, "new", "preset").select("wgan-gp").run()
    assert widget_of(app, "new", "gp_weight").value == 10.0


def test_an_impossible_combination_is_explained_and_loses_nothing(
    app: AppTest, lab: RunManager
) -> None:
    app.run()
    widget_of(app, "new", "hidden_g").set_value("64, oops").run()
    widget_of(app, "new", "seed").set_value(7).run()
    assert app.button(key="train").disabled
    assert "hidden_g is '64, oops'; allowed: whole numbers like 256,512" in app.error[0].value
    assert widget_of(app, "new", "hidden_g").value == "64, oops"
    assert lab.runs() == []
    widget_of(app, "new", "hidden_g").set_value("64, 32").run()
    app.button(key="train").click().run()
    assert lab.runs()[0].config.hidden_g == (64, 32)
    assert lab.runs()[0].config.seed == 7


def refused_at(app: AppTest, text: str) -> list[str]:
    """The labels above each place of the page that shows the refusal below a field."""
    labels, place = [], ""
    for element in (*_elements(app.main), *_elements(app.sidebar)):
        if (
            element.type == "markdown"
            and text in element.value
            and ":material/error:" in element.value
        ):
            labels.append(place)
        place = getattr(element, "label", "") or place
    return labels


def _elements(block: Any) -> Iterator[Any]:
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from _elements(child)
        else:
            yield child


def test_what_is_refused_is_told_at_its_field_in_an_open_part(app: AppTest) -> None:
    app.run()
    assert not any(box.proto.expanded for box in app.expander)
    widget_of(app, "new", "hidden_g").set_value("64, oops").run()
    assert refused_at(app, "hidden_g is '64, oops'") == ["hidden of G"]
    assert [box.label for box in app.expander if box.proto.expanded] == ["Networks"]
    widget_of(app, "new", "hidden_g").set_value("64").run()
    assert refused_at(app, "hidden_g") == []
    assert [box.label for box in app.expander if box.proto.expanded] == ["Networks"]


def test_a_refused_combination_is_told_at_all_its_fields(app: AppTest) -> None:
    app.run()
    widget_of(app, "new", "pack").set_value(3.0).run()
    assert refused_at(app, "with pack=3 leaves 1") == ["batch size", "pack"]
    assert "**batch size** (under *Data*), **pack** (under *Networks*): " in app.error[0].value


def test_a_refused_setting_keeps_its_field_where_it_has_no_say(app: AppTest) -> None:
    app.run()
    widget_of(app, "new", "hidden_g").set_value("64, oops").run()
    widget_of(app, "new", "architecture").select("dcgan").run()
    assert refused_at(app, "hidden_g is '64, oops'") == ["hidden of G"]
    widget_of(app, "new", "hidden_g").set_value("64").run()
    assert not app.error


def test_a_run_is_found_by_its_address(app: AppTest, lab: RunManager) -> None:
    run = finished(app, lab)
    assert "digits MLP" in words(app)
    assert "finished" in words(app)
    assert app.query_params["run"] == run


def test_an_address_without_a_run_says_so_and_offers_a_new_one(app: AppTest) -> None:
    app.query_params["run"] = "no-such-run"
    app.run()
    assert "There is no run 'no-such-run' here." in app.warning[0].value
    assert app.button(key="train")


def test_the_run_selector_opens_a_run_also_after_a_wrong_address(
    app: AppTest, lab: RunManager
) -> None:
    run = lab.start(RunConfig(steps=20))
    app.query_params["run"] = "no-such-run"
    app.run()
    widget_of(app, "sidebar", "run").select_index(1).run()
    assert app.query_params["run"] == run


def test_a_run_deleted_elsewhere_is_told(app: AppTest, lab: RunManager) -> None:
    run = finished(app, lab)
    lab.store.delete(run)
    app.button(key="do--Train on").click().run()
    assert f"There is no run {run!r} here." in app.warning[0].value
    assert not app.error  # it is said once
    assert app.button(key="train")


def test_runs_of_one_name_and_second_can_be_told_apart(
    app: AppTest, lab: RunManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ganlab.ui.damage.created", lambda info, form: "then")
    runs = [lab.start(RunConfig(steps=20), name="twin") for _ in range(2)]
    app.run()
    choices = widget_of(app, "sidebar", "run").options
    assert {*choices} == {"New run", *(f"twin · then · {run[-8:]}" for run in runs)}


def test_a_run_draws_curves_grids_and_gauges(app: AppTest, lab: RunManager) -> None:
    finished(app, lab)
    # The library, losses, outputs, gradients, histogram.
    assert len(app.get("bidi_component")) == 5
    assert len(app.image) == 2
    assert "nothing wrong seen yet" in words(app)


def test_points_are_drawn_over_the_decision_surface(app: AppTest, lab: RunManager) -> None:
    finished(app, lab, data="ring8")
    assert not app.exception
    assert len(app.get("bidi_component")) == 5
    assert not app.image


def test_pause_step_resume_and_stop_reach_the_run(app: AppTest, lab: RunManager) -> None:
    run = open_run(app, lab)
    app.button(key="do--Pause").click().run()
    assert lab.info(run).status is Status.PAUSED
    app.button(key="do--Step").click().run()
    app.button(key="do--Resume").click().run()
    assert lab.info(run).status is Status.RUNNING
    app.button(key="do--Stop").click().run()
    assert lab.wait(run, timeout=20).status is Status.STOPPED


def test_reset_starts_the_same_settings_as_a_new_run(app: AppTest, lab: RunManager) -> None:
    run = open_run(app, lab, seed=3)
    app.button(key="do--Reset").click().run()
    assert app.query_params["run"] != run
    assert lab.info(app.query_params["run"]).config.seed == 3


def test_a_live_setting_patches_the_run(app: AppTest, lab: RunManager) -> None:
    run = open_run(app, lab)
    slider = next(item for item in app.select_slider if "rate of D" in item.label)
    slider.set_value(1e-3).run()
    assert lab.info(run).config.lr_d == 1e-3


def test_a_live_setting_follows_what_another_browser_changed(app: AppTest, lab: RunManager) -> None:
    run = open_run(app, lab)
    lab.patch(run, {"lr_d": Set(5e-3)})
    app.run()
    slider = next(item for item in app.select_slider if "rate of D" in item.label)
    assert slider.value == 5e-3


def test_an_ended_run_shows_its_settings_and_takes_no_patch(app: AppTest, lab: RunManager) -> None:
    finished(app, lab)
    assert all(slider.disabled for slider in app.select_slider)
    assert "Settings at the end" in words(app)


def test_a_finding_shows_its_evidence_and_its_hot_remedy_cures_the_live_run(
    app: AppTest, lab: RunManager
) -> None:
    run = open_run(app, lab, output="sigmoid")
    app.run()
    assert "Scaling mismatch" in words(app)
    assert "overflow = 0.2` > `0.05` for 20 steps" in words(app)
    app.button(key="remedy-Use tanh").click().run()
    assert lab.info(run).config.output == "tanh"
    assert len(lab.runs()) == 1


def test_a_cold_remedy_starts_a_new_run_with_it(app: AppTest, lab: RunManager) -> None:
    run = open_run(app, lab, output="sigmoid")
    app.run()
    app.button(key="remedy-Widen G").click().run()
    child = lab.info(app.query_params["run"])
    assert (child.parent, child.name) == (run, "Widen G")
    assert child.config.hidden_g == (512, 512)


def test_a_failed_run_shows_its_traceback(app: AppTest, lab: RunManager) -> None:
    finished(app, lab, seed=13)
    assert app.error[0].value == "RuntimeError: the fake device is gone"
    assert "in advance" in app.code[0].value


def test_a_queued_run_names_its_place(app: AppTest, lab: RunManager) -> None:
    lab.start(RunConfig.of(ENDLESS))
    lab.start(RunConfig.of(ENDLESS))
    open_run(app, lab)
    assert "Place 2 in the queue" in app.info[0].value


def test_a_run_on_a_full_disk_waits_and_says_how_much_to_free(
    app: AppTest, lab: RunManager
) -> None:
    trap = Trap("write", 1, errno.ENOSPC, times=None)
    run = lab.start(RunConfig.of(ENDLESS))
    with intercepted(trap):
        until(lambda: lab.info(run).trouble, "it waits")
        app.query_params["run"] = run
        app.run()
        assert "is full (No space left on device)" in app.warning[0].value
        trap.mended = True
        app.button(key="do--Resume").click().run()
        until(lambda: not lab.info(run).trouble, "it goes on")
    app.run()
    assert not app.warning


def test_two_runs_train_at_once_when_asked(app: AppTest, lab: RunManager) -> None:
    lab.start(RunConfig.of(ENDLESS))
    run = open_run(app, lab)
    widget_of(app, "sidebar", "slots").set_value(2).run()
    assert lab.info(run).status is Status.RUNNING


def test_a_finished_run_trains_on(app: AppTest, lab: RunManager) -> None:
    run = finished(app, lab)
    assert widget_of(app, run, "lr_d").label == "learning rate of D"  # not live any more
    app.button(key="do--Train on").click().run()
    assert lab.wait(run, timeout=20).step == 120


def test_a_refusal_is_told_and_stays_until_the_next_attempt(app: AppTest, lab: RunManager) -> None:
    run = open_run(app, lab)
    lab.stop(run)
    lab.wait(run, timeout=20)
    app.button(key="do--Pause").click().run()
    assert "allowed: runs that are queued, running or paused" in app.error[0].value
    app.run()
    assert app.error


def test_each_refresh_notes_its_price(app: AppTest, lab: RunManager) -> None:
    before = len(live.TICKS)
    finished(app, lab)
    assert len(live.TICKS) > before
    assert live.TICKS[-1].wall >= 0


@pytest.mark.parametrize("name", ["start", "run"])
def test_no_page_raises(app: AppTest, lab: RunManager, name: str) -> None:
    if name == "run":
        open_run(app, lab)
    app.run()
    assert not app.exception


def test_a_run_without_a_checkpoint_offers_none_to_continue_from(
    app: AppTest, lab: RunManager
) -> None:
    lab.start(RunConfig.of(ENDLESS))
    queued = lab.start(RunConfig.of(ENDLESS))
    lab.stop(queued)
    lab.wait(queued, 20)
    app.query_params["run"] = queued
    app.run()
    assert "do--Reset" in {button.key for button in app.button}
    assert "do--Continue from checkpoint" not in {button.key for button in app.button}


def test_a_stopped_run_continues_from_its_checkpoint(app: AppTest, lab: RunManager) -> None:
    run = open_run(app, lab)
    app.button(key="do--Stop").click().run()
    lab.wait(run, 20)
    app.run()
    assert app.button(key="do--Continue from checkpoint")


def test_points_bring_their_networks_and_words_along(app: AppTest) -> None:
    app.run()
    widget_of(app, "new", "data").set_value("ring8").run()
    said = " ".join(element.value for element in app.markdown)
    assert "learns to put points where those of the data lie (8 clusters on a ring)" in said
    assert "MLP 8-64-64 against 64-64 · relativistic loss" in " ".join(
        element.value for element in app.caption
    )
    widget_of(app, "new", "data").set_value("mnist").run()
    assert "learns to draw handwritten digits" in " ".join(e.value for e in app.markdown)
    assert not app.exception
