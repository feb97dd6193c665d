"""The handbook page explains every detector from its own definition."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.detectors import DETECTORS, Detector, Memorisation, measured
from ganlab.ui import handbook
from ganlab.ui.definitions import also_read, formula_of, thresholds_of
from ganlab.ui.entries import SYMPTOMS
from ganlab.ui.shots import shots
from ganlab.ui.streams import columns_of, fired
from tests.detectors import measurements

GAP = Memorisation().gap


def words(app: AppTest) -> str:
    """All Markdown and captions of the page."""
    return "\n".join(element.value for element in [*app.markdown, *app.caption])


def choose(page: AppTest, name: str) -> str:
    """All words of the page once the detector is chosen."""
    page.selectbox(key="handbook-detector").select(name).run()
    assert not page.exception
    return words(page)


@pytest.fixture
def page(app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The handbook of a lab with a made-up measurement."""
    monkeypatch.setattr(measured, "FILE", measurements.write(tmp_path))
    app.switch_page("pages/handbook.py").run()
    assert not app.exception
    return app


def test_a_detector_is_explained_by_its_own_words_and_thresholds(page: AppTest) -> None:
    said = choose(page, "Memorisation")
    assert f"gap = {GAP:g}" in said and "deviations of D's output" in said
    assert "Memorisation at step" in said
    assert "- a logit gap of 0.9 under a wide spread" in said
    assert "Karras et al. 2020" in said


def test_a_formula_shows_the_thresholds_values_and_explains_its_terms(page: AppTest) -> None:
    choose(page, "Memorisation")
    (formula,) = (block.value for block in page.code if "train_gap" in block.value)
    assert f"median of 8 probes of train_gap > {GAP:g}, for 150 steps" in formula
    (terms,) = (each.value for each in page.caption if "entry=warm-up" in each.value)
    assert "[probe](handbook?entry=probe): A look at G and D that changes neither" in terms
    assert "entry=look" not in terms


def test_a_stream_that_turns_calm_says_when_it_is_over(page: AppTest) -> None:
    assert "Memorisation at step 500, over at 1700" in choose(page, "Memorisation")


def test_good_news_is_no_alarm(page: AppTest) -> None:
    said = choose(page, "Samples like the data")
    assert ":blue-badge[:material/info: Samples like data at step 200" in said
    assert ":red-badge" not in said


def test_a_detector_says_how_well_it_did(page: AppTest) -> None:
    said = choose(page, "Oscillation")
    assert "precision 18 of 20 (90 %)" in said and "recall 15 of 24 (62 %)" in said
    assert "delay 150 steps" in said


def test_a_detector_that_never_alarmed_says_so(page: AppTest) -> None:
    said = choose(page, measurements.SILENT)
    assert "never alarmed in the test, in none of 8 failed runs" in said
    said = choose(page, measurements.UNASKED)
    assert "never alarmed in the test, which has no failed runs" in said


def test_the_first_tab_says_how_good_it_is(page: AppTest) -> None:
    assert page.tabs[0].label == "How good is it?"
    said = "\n".join(element.value for element in page.tabs[0].markdown)
    assert "Of 150 healthy runs **5 raised an alarm** (3.3 %" in said
    assert "between 1.1 % and 7.6 %" in said
    assert "**61 were noticed**, half of them within 210 steps" in said
    assert "right in 52 of 64 (81 %)" in said and "in 58 of 64" in said
    assert "| G makes one sample | 9 of 10 (90 %) | 9 of 12 (75 %) |" in said
    captions = "\n".join(element.value for element in page.tabs[0].caption)
    assert "The worst is **SGD** with 0.35" in captions
    assert "12 more runs count as neither" in captions
    assert len(page.tabs[0].get("bidi_component")) == 2


def test_every_mistake_is_listed(page: AppTest) -> None:
    (mistakes,) = (box for box in page.expander if "What it got wrong" in box.label)
    assert mistakes.label == "What it got wrong (1)"
    assert mistakes.code[0].value == measurements.row()["misses"][0]


def test_without_a_measurement_the_page_works_and_says_so(
    page: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measured, "FILE", tmp_path / "none.json")
    page.run()
    assert not page.exception
    assert [tab.label for tab in page.tabs] == ["Detectors", "Causes", "Remedies", "Glossary"]
    assert "**Measured**" in words(page) and "- not yet" in words(page)


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
        found = fired(detector, specimen.title)
        assert (found and found.symptom) == specimen.expects
        if specimen.closes:
            earliest, latest = specimen.closes
            assert found and found.until and earliest <= found.until <= latest
        measured_at_all = any(look.metrics for look in specimen.observations)
        assert bool(columns_of(detector, specimen)) == measured_at_all


@pytest.mark.parametrize("detector", DETECTORS)
def test_a_formula_is_in_figures_and_every_metric_in_it_is_explained(
    detector: type[Detector],
) -> None:
    assert "{" not in formula_of(detector)
    assert detector.needs or also_read(detector)


@pytest.mark.parametrize(
    ("entry", "tab", "words"),
    [
        ("mode-hopping", "Detectors", "Mode hopping"),
        ("range-mismatch", "Causes", "live in different ranges"),
        ("nats", "Glossary", "0.693 nats"),
        ("codebook", "Glossary", "bins fitted once to real data"),
    ],
)
def test_an_entry_opens_at_its_address(app: AppTest, entry: str, tab: str, words: str) -> None:
    app.switch_page("pages/handbook.py")
    app.query_params["entry"] = entry
    app.run()
    (shown,) = (each for each in app.tabs if each.label == tab)
    assert any(words in each.value for each in [*shown.markdown, *shown.subheader])
    assert app.get("tab_container")[0].proto.tab_container.default_tab_index == [
        each.label for each in app.tabs
    ].index(tab)
    scripts = [each.proto.body for each in app.get("html")]
    assert any(f".st-key-entry-{entry}" in script for script in scripts)


def test_an_unknown_entry_names_the_nearest(app: AppTest) -> None:
    app.switch_page("pages/handbook.py")
    app.query_params["entry"] = "mode-hoping"
    app.run()
    assert "no entry 'mode-hoping'. Did you mean 'mode-hopping'?" in app.warning[0].value
    assert "entry" not in app.query_params


def test_a_chosen_detector_has_an_address(page: AppTest) -> None:
    choose(page, "Dead units")
    assert page.query_params["entry"] == "dead-units"


def test_a_symptom_is_shown_in_pictures_of_real_runs(page: AppTest) -> None:
    choose(page, "Clamp death")
    assert [each.proto.imgs[0].url[:22] for each in page.get("image")] == ["data:image/png;base64,"]
    assert "Clamp death: x255-output, step" in words(page)
    assert "; every pixel has the same shade" in words(page)


def test_a_low_recall_is_told_with_who_catches_the_rest(page: AppTest) -> None:
    said = choose(page, "Oscillation")
    assert "the rest: 24 of these 24 runs raised an alarm of some detector (SGD)." in said
    assert "Total mode collapse (15 of 24)" in said


def test_every_picture_is_small_and_of_a_symptom_that_is_known() -> None:
    for symptom, shot in shots().items():
        assert symptom in SYMPTOMS
        assert len(shot.png) < 20_000
        assert shot.step >= 0
