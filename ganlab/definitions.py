"""A detector or a cause as its class declares it: formula, thresholds, the unit beside each."""

from __future__ import annotations

import inspect
import re
from typing import NamedTuple, TypeAlias

from ganlab.causes import roster
from ganlab.causes.base import Cause
from ganlab.detectors import DETECTORS, Detector
from ganlab.observation import METRICS

# Beside the argument of a detector, beside the attribute of a cause.
_COMMENT = re.compile(
    r"^\s*(?:(?=\w+:)|self\.)(\w+)(?:: \w+)? = [^,#\n]+,?\s*#\s*(.+)$", re.MULTILINE
)

Kind: TypeAlias = type[Detector] | type[Cause]
KINDS: tuple[Kind, ...] = (*DETECTORS, *roster.KINDS)


class Threshold(NamedTuple):
    """One constructor argument."""

    name: str
    value: float
    meaning: str  # the comment beside it, in the constructor; empty without one


def thresholds_of(kind: Kind) -> list[Threshold]:
    """The constructor's arguments in order."""
    parameters = inspect.signature(kind).parameters
    if not parameters:
        return []
    meanings = dict(_COMMENT.findall(inspect.getsource(kind.__init__)))
    return [
        Threshold(name, parameter.default, meanings.get(name, ""))
        for name, parameter in parameters.items()
    ]


def defaults(kind: Kind) -> dict[str, float]:
    """The thresholds' values by name."""
    return {item.name: item.value for item in thresholds_of(kind)}


def formula_of(kind: Kind) -> str:
    """Its formula with the thresholds' values in place of their names."""
    values = {name: f"{value:g}" for name, value in defaults(kind).items()}
    return inspect.cleandoc(kind.formula).format_map(values)


def also_read(detector: type[Detector]) -> list[str]:
    """The metrics that its formula names beyond its needs, in alphabetical order."""
    words = set(re.findall(r"\w+", re.sub(r"{\w+}", "", detector.formula)))
    return sorted(words & METRICS.keys() - detector.needs)
