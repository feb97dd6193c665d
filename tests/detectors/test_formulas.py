"""A detector's formula speaks of its own thresholds and of what is really measured."""

from __future__ import annotations

import inspect
import re
import string

import pytest

from ganlab.detectors import DETECTORS, Detector
from ganlab.observation import METRICS, Facts


@pytest.mark.parametrize("detector", DETECTORS)
def test_every_formula_has_all_thresholds_and_no_other(detector: type[Detector]) -> None:
    used = {name for _, name, _, _ in string.Formatter().parse(detector.formula) if name}
    assert used == set(inspect.signature(detector).parameters)


@pytest.mark.parametrize("detector", DETECTORS)
def test_what_a_formula_names_is_measured(detector: type[Detector]) -> None:
    text = re.sub(r"{\w+}", "", detector.formula)
    named = set(re.findall(r"[a-z]+(?:_[a-z]+)+", text))
    assert named <= METRICS.keys() | Facts.__annotations__.keys()


@pytest.mark.parametrize("detector", DETECTORS)
def test_a_formula_fits_into_the_page(detector: type[Detector]) -> None:
    lines = inspect.cleandoc(detector.formula).splitlines()
    assert len(lines) > 0 and max(map(len, lines)) <= 100
