"""What is made of symptoms by what was measured of the samples."""

from __future__ import annotations

from dataclasses import replace

from ganlab.causes.history import History
from ganlab.causes.weigh import failing
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
