"""The handbook page explains every detector from its own definition."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.causes import CAUSES
from ganlab.causes.base import Cause
from ganlab.causes.roster import KINDS
from ganlab.definitions import also_read, formula_of, thresholds_of
from ganlab.detectors import DETECTORS, Detector, Memorisation, measured
from ganlab.remedies.catalogue import PENALTY_TEN
from ganlab.ui import causecards, handbook
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
    (shown,) = (each for each in page.tabs if each.label == "Detectors")
    assert not any(":red-badge" in each.value for each in shown.markdown)


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


def choose_cause(page: AppTest, slug: str) -> str:
    """All words of the tab Causes once the cause is chosen."""
    page.selectbox(key="handbook-cause").select(slug).run()
    assert not page.exception
    (shown,) = (each for each in page.tabs if each.label == "Causes")
    return "\n".join(each.value for each in [*shown.subheader, *shown.markdown, *shown.caption])


def test_a_cause_is_explained_by_its_own_words_thresholds_and_cures(page: AppTest) -> None:
    said = choose_cause(page, "gradient-penalty-weak")
    assert "Gradient penalty weak" in said and "Lambda too small to hold the critic." in said
    assert "group **Lipschitz control**" in said and "Gulrajani et al. 2017" in said
    assert "- `weight = 1` — lambda below which it is named; 10 is usual" in said
    assert "--set GradientPenaltyWeak.weight=VALUE" in said
    assert "**Change in a script**" in said and "- Set lambda to 10." in said
    assert f"- {PENALTY_TEN.name} — {PENALTY_TEN.rationale}" in said
    assert "penalty-too-weak](casebook?case=penalty-too-weak)" in said
    (formula,) = (block.value for block in page.code if "|grad D|" in block.value)
    assert "a script  median |grad D| > 3 at a factor < 1, in the later half" in formula


def test_a_cause_shows_what_it_says_of_its_own_histories(page: AppTest) -> None:
    said = choose_cause(page, "gradient-penalty-weak")
    assert ":red-badge[:material/error: 95% sure] The lab, lambda 0.01" in said
    assert "Lambda 0.01 does not :small[:gray[a script]]" in said
    assert "88% sure, harms unless the samples are good" in said
    assert "the penalty should hold at 1 is 7" in said and "Checked: The first rounds" in said
    assert ":green-badge[:material/check: silent] Lambda 10 holds" in said
    assert ":green-badge[:material/check: silent] Near miss: eleven penalties" in said


def test_a_cause_of_one_sensor_has_no_cure_for_the_other(page: AppTest) -> None:
    said = choose_cause(page, "mixed-precision-overflow")
    assert "**Change in a script**" in said and "**Remedies of the lab**" not in said
    assert "**Thresholds**" not in said


def test_what_is_no_fault_has_its_entry_as_well(page: AppTest) -> None:
    assert "Nothing is wrong." in choose_cause(page, "healthy")
    assert page.query_params["entry"] == "healthy"


def test_every_cause_can_be_searched_by_its_name(page: AppTest) -> None:
    assert set(page.selectbox(key="handbook-cause").options) == CAUSES.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_a_cause_is_told_with_all_that_its_class_declares(kind: type[Cause]) -> None:
    assert "{" not in formula_of(kind)
    for threshold in thresholds_of(kind):
        assert threshold.meaning, f"{kind.__name__}.{threshold.name} has no comment"
    assert causecards.script_fixes(kind) or causecards.lab_cures(kind)


def test_causes_and_remedies_are_listed(page: AppTest) -> None:
    said = words(page)
    for slug, name in CAUSES.items():
        assert f"- [`{slug}`](handbook?entry={slug}) — {name.doc}" in said
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
        ("eval-mode", "Causes", "running statistics stand in for the batch's"),
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
