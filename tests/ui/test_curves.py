"""Which charts a page has, and what stands there before there is a curve."""

from __future__ import annotations

import json
from typing import Any

from streamlit.testing.v1 import AppTest

from ganlab.config import RunConfig
from ganlab.runs.manager import RunManager
from ganlab.ui.curves import groups_of

ENDLESS = {"steps": 10_000_000}


def charts(app: AppTest) -> dict[str, Any]:
    """The figures of the page by their key."""
    return {
        str(element.key): json.loads(element.proto.bytes)
        for element in app.get("bidi_component")
        if element.proto.bytes
    }


def test_a_queued_run_draws_no_curves_and_waits_for_none(app: AppTest, lab: RunManager) -> None:
    lab.start(RunConfig.of(ENDLESS))
    app.query_params["run"] = lab.start(RunConfig.of(ENDLESS))  # queued behind the first
    app.run()
    assert not app.get("skeleton")
    assert not {"losses", "outputs", "gradients"} & charts(app).keys()
    assert not app.exception


def test_a_run_that_has_just_begun_draws_no_axes_but_where_they_will_be(
    app: AppTest, lab: RunManager
) -> None:
    run = lab.store.create(RunConfig())
    lab.store.append(run, "metrics", {"step": 0, "seconds": 0.0, "d_loss": 1.4})
    app.query_params["run"] = run
    app.run()
    lab.store.close(run)
    assert len(app.get("skeleton")) == 6  # the banner, two grids of samples, three charts
    assert not {"losses", "outputs", "gradients"} & charts(app).keys()


def test_an_ended_run_that_measured_nothing_waits_for_nothing(
    app: AppTest, lab: RunManager
) -> None:
    run = lab.start(RunConfig.of({"seed": 13, "steps": 60, "observe_every": 10}))
    lab.wait(run, timeout=20)
    app.query_params["run"] = run
    app.run()
    assert not app.get("skeleton")
    assert not app.exception


def test_the_charts_of_a_page_have_one_x_axis_and_are_linked(app: AppTest, lab: RunManager) -> None:
    run = lab.start(RunConfig.of({"steps": 60}))
    lab.wait(run, timeout=20)
    app.query_params["run"] = run
    app.run()
    layouts = [charts(app)[name]["layout"] for name in ("losses", "outputs", "gradients")]
    assert [layout["xaxis"]["range"] for layout in layouts] == [[0, 60]] * 3
    assert [layout["meta"]["link"] for layout in layouts] == [f"{run} steps"] * 3
    assert "link" not in charts(app)["histogram"]["layout"].get("meta", {})
    assert layouts[0]["meta"]["summary"].startswith("Losses: D loss 1.")
    assert layouts[2]["yaxis"]["type"] == "log"


def test_outputs_are_probabilities_or_scores_by_what_was_measured() -> None:
    def metrics(*lasts: dict[str, float]) -> list[tuple[str, ...]]:
        return [group.metrics for group in groups_of(lasts)]

    probabilities, scores = {"d_real": 0.5, "logit_real": 0.0}, {"logit_real": 3.0, "penalty": 2.0}
    assert metrics(probabilities)[:2] == [("d_loss", "g_loss"), ("d_real", "d_fake")]
    assert metrics(scores)[:2] == [("d_loss", "g_loss", "penalty"), ("logit_real", "logit_fake")]
    assert metrics(probabilities, scores)[1] == ("logit_real", "logit_fake")
