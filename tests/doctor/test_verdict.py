"""What is made of symptoms by what was measured of the samples, and how a verdict is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ganlab.causes.history import History
from ganlab.causes.weigh import conclude, failing
from ganlab.cli import main
from ganlab.doctor.run.session import blank
from ganlab.doctor.say.page import as_page
from ganlab.finding import Evidence, Finding, Severity, Symptom

GOOD = {"diversity": 0.9, "codebook_js_long": 0.03, "missing_mass": 0.0, "off_data": 0.1}


def seen(*symptoms: Symptom, **outcome: float) -> History:
    """2 000 updates of a script whose last probe measured these."""
    proof = (Evidence("x", 1.0, ">", 0.5),)
    found = [Finding(each, Severity.FAILURE, 1400, "It stands.", proof) for each in symptoms]
    return History(tuple(found), updates=2000, outcome=GOOD | outcome)


def test_good_samples_contradict_a_false_equilibrium_and_nothing_else() -> None:
    for outcome, bad in ((GOOD, []), ({"missing_mass": 0.6}, ["false-equilibrium"])):
        assert failing(seen(Symptom.FALSE_EQUILIBRIUM, **outcome)) == bad
    both = seen(Symptom.FALSE_EQUILIBRIUM, Symptom.DIVERGENCE)
    assert failing(both) == ["divergence"]


def test_samples_that_jump_from_mode_to_mode_do_not_prosper() -> None:
    settled = {"mode_turns": 0.38, "codebook_js": 0.11}
    jumping = {"mode_turns": 0.82, "codebook_js": 0.25}
    assert seen(**settled).prospers() is True
    assert seen(**jumping).prospers() is False
    assert replace(seen(**jumping), updates=1000).prospers() is True


@pytest.mark.parametrize(
    ("history", "word", "reason"),
    [
        (seen(), "healthy", "Nothing harmful was found in 2000 generator updates."),
        (replace(seen(), updates=100), "not-assessed", "Only 100 generator updates were seen"),
        (replace(seen(), failure="It broke."), "not-assessed", "It broke."),
        (seen(missing_mass=0.9), "not-assessed", "After 2000 updates the samples are hardly like"),
        (seen(Symptom.DIVERGENCE), "not-assessed", "Symptoms without a cause"),
    ],
)
def test_where_no_cause_is_found_the_reason_says_what_the_verdict_says(
    history: History, word: str, reason: str
) -> None:
    found = conclude(history, [])
    assert found.verdict == word and found.reason.startswith(reason)


@pytest.mark.parametrize(
    ("word", "code", "title"),
    [
        ("healthy", 0, "Healthy"),
        ("cause", 1, "Cause found"),
        ("not-assessed", 2, "Not assessed"),
    ],
)
def test_text_page_and_exit_code_tell_the_same_verdict(
    word: str,
    code: int,
    title: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    script, report = tmp_path / "train.py", blank("So it was.") | {"verdict": word}
    script.touch()
    monkeypatch.setattr("ganlab.doctor.examine", lambda *_: report)
    assert main(["doctor", str(script), "--no-store"]) == code
    assert f"\n{title.upper()}: So it was.\n" in capsys.readouterr().out
    assert f"<strong>{title}.</strong> So it was." in as_page(report, "train.py", None)
