"""What is made of symptoms by what was measured of the samples."""

from __future__ import annotations

from typing import Any, cast

from ganlab.doctor.sheet import Sheet
from ganlab.doctor.verdict import failing

GOOD = {"diversity": 0.9, "codebook_js_long": 0.03, "missing_mass": 0.0, "off_data": 0.1}


def seen(**outcome: float) -> Sheet:
    """A sheet of 2 000 updates whose last probe measured these."""
    sheet = Sheet(cast(Any, None), cast(Any, None), {})
    sheet.updates, sheet.outcome = 2000, GOOD | outcome
    return sheet


def test_good_samples_contradict_a_false_equilibrium_and_nothing_else() -> None:
    for outcome, bad in ((GOOD, []), ({"missing_mass": 0.6}, ["false-equilibrium"])):
        sheet = seen(**outcome)
        sheet.symptoms["false-equilibrium"] = ("failure", 1400, "D cannot tell, a linear test can.")
        assert failing(sheet) == bad
    sheet.symptoms["divergence"] = ("failure", 1500, "A loss is not finite.")
    assert "divergence" in failing(sheet)


def test_samples_that_jump_from_mode_to_mode_do_not_prosper() -> None:
    settled = {"mode_turns": 0.38, "codebook_js": 0.11}
    jumping = {"mode_turns": 0.82, "codebook_js": 0.25}
    assert seen(**settled).prospers() is True
    assert seen(**jumping).prospers() is False
    young = seen(**jumping)
    young.updates = 1000
    assert young.prospers() is True
