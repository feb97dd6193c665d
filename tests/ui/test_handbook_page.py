"""The handbook page explains every detector from its own definition."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.detectors import DETECTORS, Detector
from ganlab.ui import handbook
from ganlab.ui.definitions import thresholds_of


def words(app: AppTest) -> str:
    """All Markdown of the page."""
    return "\n".join(element.value for element in app.markdown)


@pytest.fixture
def page(app: AppTest) -> AppTest:
    app.switch_page("pages/handbook.py").run()
    assert not app.exception
    return app


def test_a_detector_is_explained_by_its_own_words_and_thresholds(page: AppTest) -> None:
    page.selectbox(key="handbook-detector").select("Memorisation").run()
    assert not page.exception
    said = words(page)
    assert "gap = 0.45" in said and "deviations of D's output" in said
    assert "Memorisation at step" in said
    assert "near miss: a logit gap of 0.9".removeprefix("near miss") in said
    assert "Karras et al. 2020" in said


def test_causes_and_remedies_are_listed(page: AppTest) -> None:
    said = words(page)
    assert "`range-mismatch`" in said
    for remedy in handbook.all_remedies():
        assert remedy.name in said and remedy.rationale in said


@pytest.mark.parametrize("detector", DETECTORS)
def test_every_threshold_says_what_it_means(detector: type[Detector]) -> None:
    for threshold in thresholds_of(detector):
        assert threshold.meaning, f"{detector.__name__}.{threshold.name} has no comment"


@pytest.mark.parametrize("detector", DETECTORS)
def test_every_stream_is_drawn_as_it_is_specified(detector: type[Detector]) -> None:
    for specimen in detector.specimens():
        found = handbook.fired(detector, specimen.title)
        assert (found and found.symptom) == specimen.expects
