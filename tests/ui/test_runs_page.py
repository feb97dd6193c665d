"""The history: every run, and what can be done with it."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from ganlab.config import RunConfig
from ganlab.runs.manager import RunManager
from tests.ui.links import follow
from tests.ui.widgets import widget_of


def ended(lab: RunManager, name: str = "") -> str:
    """The id of a run that has finished."""
    run = lab.start(RunConfig(steps=20), name)
    lab.wait(run, timeout=20)
    return run


def history(app: AppTest) -> AppTest:
    """The Runs page."""
    app.run()
    return app.switch_page("pages/runs.py").run()


def test_without_a_run_the_page_leads_to_the_lab(app: AppTest) -> None:
    assert "No run yet." in history(app).info[0].value


def test_a_run_is_listed_with_status_steps_and_settings(app: AppTest, lab: RunManager) -> None:
    ended(lab, "first try")
    text = "\n".join(element.value for element in history(app).markdown)
    assert "first try" in text
    assert "finished" in text
    assert "step 20 of 20" in text
    assert "non-saturating" in text


def test_a_run_can_be_renamed(app: AppTest, lab: RunManager) -> None:
    run = ended(lab)
    history(app).text_input(key=f"name-{run}").set_value("better name").run()
    assert lab.info(run).name == "better name"


def test_deleting_takes_a_confirmation(app: AppTest, lab: RunManager) -> None:
    run = ended(lab)
    assert history(app).button(key=f"delete-{run}").disabled
    app.checkbox(key=f"sure-{run}").check().run()
    app.button(key=f"delete-{run}").click().run()
    assert lab.runs() == []


def test_a_live_run_cannot_be_deleted(app: AppTest, lab: RunManager) -> None:
    run = lab.start(RunConfig(steps=10_000_000))
    history(app).checkbox(key=f"sure-{run}").check().run()
    assert app.button(key=f"delete-{run}").disabled


def test_open_leads_to_the_run_in_the_lab(app: AppTest, lab: RunManager) -> None:
    run = ended(lab)
    follow(history(app), "Open")
    assert app.query_params["run"] == run
    assert app.session_state["run"] == run


def test_the_settings_of_a_run_fill_the_form_of_the_next(app: AppTest, lab: RunManager) -> None:
    run = ended(lab)
    history(app).button(key=f"copy-{run}").click().run()
    assert widget_of(app, "new", "steps").value == 20


def test_metrics_config_and_weights_can_be_downloaded(app: AppTest, lab: RunManager) -> None:
    ended(lab)
    labels = [button.proto.label for button in history(app).get("download_button")]
    assert labels == ["metrics.csv", "config.json", "generator.safetensors"]
    assert not app.exception
