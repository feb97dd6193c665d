"""The lab's diagnosis: causes in order of their likelihood, their evidence, then the symptoms."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.config import RunConfig
from ganlab.finding import Evidence, Finding, Severity, Symptom
from ganlab.observation import Observation
from ganlab.runs.manager import RunManager
from ganlab.ui.entries import link
from tests.ui.fakes import REMEDIES, FakeEvent

_AT, _UNTIL = 20, 40


def finding(symptom: Symptom, severity: Severity, *proof: Any) -> Finding:
    return Finding(symptom, severity, _AT, f"It is {symptom}.", (Evidence(*proof),), REMEDIES)


SATURATION = finding(Symptom.SATURATION, Severity.FAILURE, "loss_slope", 0.001, "<", 0.02, 100)
MISMATCH = finding(Symptom.SCALING_MISMATCH, Severity.WARNING, "overflow", 0.2, ">", 0.05, 20)
NARROW = finding(Symptom.NOT_YET_DIVERSE, Severity.NOTICE, "diversity", 0.1, "<", 0.15)


class Sick:
    """Finds two symptoms that two causes explain."""

    def update(self, observation: Observation) -> list[FakeEvent]:
        """Both at once."""
        opened = [FakeEvent("opened", SATURATION), FakeEvent("opened", MISMATCH)]
        return opened if observation.step == _AT else []


class Cured(Sick):
    """Closes them again."""

    def update(self, observation: Observation) -> list[FakeEvent]:
        """Both at once."""
        closed = [FakeEvent("closed", SATURATION), FakeEvent("closed", MISMATCH)]
        return closed if observation.step == _UNTIL else super().update(observation)


class Young:
    """Has nothing but a notice."""

    def update(self, observation: Observation) -> list[FakeEvent]:
        """The notice."""
        return [FakeEvent("opened", NARROW)] if observation.step == _AT else []


@pytest.fixture
def panel() -> type[Sick]:
    return Sick


@pytest.fixture
def page(app: AppTest, lab: RunManager) -> AppTest:
    """The lab on a run that has ended."""
    run = lab.start(RunConfig.of({"steps": 60}))
    lab.wait(run, timeout=20)
    app.query_params["run"] = run
    app.run()
    assert not app.exception
    return app


def place(page: AppTest, words: str) -> int:
    """Where the words stand among all Markdown of the page, from its top."""
    places = [at for at, element in enumerate(page.main.markdown) if words in element.value]
    assert places, f"{words!r} is not on the page"
    return places[0]


def test_the_banner_says_the_state_the_likeliest_cause_and_its_cures_above_the_samples(
    page: AppTest,
) -> None:
    state = place(
        page, ":red-badge[:material/error: something is wrong: failure] It is saturation."
    )
    first = place(page, f"**{link('range-mismatch')}** :small[:gray[sure, 75%]]")
    assert state < first < place(page, "**Generated at step")
    names = [button.label for button in page.main.button]
    assert "Start a new run with it: Widen G" in names
    assert not any("Use tanh" in name for name in names)  # it has it: nothing would change


def test_less_likely_suspects_and_the_findings_are_folded_below(page: AppTest) -> None:
    (folded,) = (box for box in page.expander if "other suspects" in box.label)
    said = "\n".join(element.value for element in folded.markdown)
    other = said.index(f"**{link('discriminator-too-strong')}** :small[:gray[possible, 18%]]")
    gravest = said.index(f":red-badge[:material/error: failure] **{link('saturation')}**")
    lighter = said.index(
        f":orange-badge[:material/warning: warning] **{link('scaling-mismatch')}**"
    )
    assert other < gravest < lighter
    assert place(page, f"**{link('range-mismatch')}**") < place(
        page, f"**{link('discriminator-too-strong')}**"
    )


def test_every_cause_has_evidence_what_speaks_against_it_and_what_was_checked(
    page: AppTest,
) -> None:
    said = [element.value for element in page.main.markdown]
    first, other = said[place(page, "Real and generated")], said[place(page, "D outruns G")]
    assert "- :green[:material/add:] overflow = 0.2 > 0.05 for 20 steps" in first
    assert "- :gray[:material/search:] Not a D that is too strong by itself" in first
    assert "loss_slope = 0.001 < 0.02 for 100 steps" in other
    assert "- :orange[:material/remove:] range-mismatch comes earlier" in other


def test_findings_stand_on_the_time_axis_of_every_curve(page: AppTest) -> None:
    charts = [json.loads(chart.proto.bytes) for chart in page.get("bidi_component") if
              chart.proto.bytes]  # fmt: skip
    timelines = [trace for chart in charts for trace in chart["data"] if trace["name"] == "finding"]
    assert len(timelines) == 3  # losses, outputs, gradients
    for trace in timelines:
        assert f"step {_AT}: Saturation opened (failure)" in trace["text"]
        assert f"step {_AT}: Scaling mismatch opened (warning)" in trace["text"]


LIKE = finding(Symptom.SAMPLES_LIKE_DATA, Severity.NOTICE, "two_sample_auc", 0.55, "<", 0.6)


class Healthy:
    """Measures samples like the data."""

    def update(self, observation: Observation) -> list[FakeEvent]:
        """The measurement."""
        return [FakeEvent("opened", LIKE)] if observation.step == _AT else []


@pytest.mark.parametrize(
    ("panel", "state"),
    [
        (Cured, "no longer measured"),
        (Young, ":gray-badge[:material/visibility: nothing wrong seen yet]"),
        (Healthy, ":green-badge[:material/check_circle: healthy]"),
    ],
)
def test_an_all_clear_is_said_of_samples_like_the_data_alone(page: AppTest, state: str) -> None:
    assert place(page, state) < place(page, "**Generated at step")
    checks = [element.value for element in page.main.markdown if "check_circle" in element.value]
    # The header's badge of a finished run apart.
    assert len(checks) == 1 + ("check_circle" in state)
