"""A detector as its class declares it: formula, thresholds, and the unit beside each."""

from __future__ import annotations

import inspect
import re
from typing import NamedTuple

from ganlab.detectors import Detector
from ganlab.observation import METRICS

_COMMENT = re.compile(r"^\s*(\w+): \w+ = [^,]+,\s*#\s*(.+)$", re.MULTILINE)


class Threshold(NamedTuple):
    """One constructor argument."""

    name: str
    value: float
    meaning: str  # the comment beside it, in the constructor; empty without one


def thresholds_of(detector: type[Detector]) -> list[Threshold]:
    """The constructor's arguments in order."""
    meanings = dict(_COMMENT.findall(inspect.getsource(detector.__init__)))
    return [
        Threshold(name, parameter.default, meanings.get(name, ""))
        for name, parameter in inspect.signature(detector).parameters.items()
    ]


def formula_of(detector: type[Detector]) -> str:
    """Its formula with the thresholds' values in place of their names."""
    values = {item.name: f"{item.value:g}" for item in thresholds_of(detector)}
    return inspect.cleandoc(detector.formula).format_map(values)


def also_read(detector: type[Detector]) -> list[str]:
    """The metrics that its formula names beyond its needs, in alphabetical order."""
    words = set(re.findall(r"\w+", re.sub(r"{\w+}", "", detector.formula)))
    return sorted(words & METRICS.keys() - detector.needs)
