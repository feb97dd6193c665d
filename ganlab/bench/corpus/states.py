"""What a run's end was like, by the truth, beside the symptoms that should stand there. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ganlab.bench.corpus.fate import (
    IMAGES,
    MIXTURE,
    Check,
    last_checks,
    memorised,
    present,
    shares,
)
from ganlab.bench.corpus.recording import Recording
from ganlab.finding import Symptom

Checks = Sequence[Check]
_UNLEARNABLE = 0.05  # of the way from fakes to reals, against a frozen D


@dataclass(frozen=True)
class State:
    """One thing that is so or not at the end of a run; None where it does not apply."""

    name: str
    symptoms: tuple[Symptom, ...]
    holds: Callable[[Recording, Checks], bool | None]


def states_of(run: Recording) -> dict[str, bool]:
    """The states that apply to a run, each with whether it holds."""
    checks = last_checks(run)
    found = {state.name: state.holds(run, checks) for state in STATES}
    return {name: holds for name, holds in found.items() if holds is not None}


def _one_mode(run: Recording, checks: Checks) -> bool | None:
    if run.error or checks[-1]["classes"] == 1:
        return None
    top = statistics.median(max(shares(check)) for check in checks)
    variety = statistics.median(check["variety"] or 0.0 for check in checks)
    return top >= IMAGES.top[0] or variety < IMAGES.variety[0]


def _modes_gone(run: Recording, checks: Checks) -> bool | None:
    if run.error or checks[-1]["classes"] == 1:
        return None
    return statistics.median(present(check) for check in checks) <= MIXTURE.present[0]


def _unlearnable(run: Recording, checks: Checks) -> bool | None:
    return None if run.learnable is None else run.learnable < _UNLEARNABLE


def _memorised(run: Recording, checks: Checks) -> bool | None:
    return None if run.memory_gap is None else memorised(run)


def _labels_ignored(run: Recording, checks: Checks) -> bool | None:
    if run.error or checks[-1].get("label_accuracy") is None:
        return None
    accuracy: float = statistics.median(check["label_accuracy"] for check in checks)
    return accuracy < IMAGES.label_accuracy[0]


def _off_modes(run: Recording, checks: Checks) -> bool | None:
    if run.error or checks[-1].get("high_quality") is None:
        return None
    placed: float = statistics.median(check["high_quality"] for check in checks)
    return placed < MIXTURE.high_quality[1]


def _not_finite(run: Recording, checks: Checks) -> bool | None:
    return "diverged" in run.error


STATES = (
    State("nearly all samples in one class or mode", (Symptom.TOTAL_COLLAPSE,), _one_mode),
    State(
        "half of the classes or modes gone",
        (Symptom.TOTAL_COLLAPSE, Symptom.PARTIAL_COLLAPSE, Symptom.MODE_HOPPING),
        _modes_gone,
    ),
    State("G cannot learn against a frozen D", (Symptom.SATURATION,), _unlearnable),
    State("D tells its training reals by ten points", (Symptom.MEMORISATION,), _memorised),
    State("labels ignored", (Symptom.CONDITIONAL_COLLAPSE,), _labels_ignored),
    State("no sample within three sigma of a mode", (Symptom.OFF_DATA,), _off_modes),
    State("values no longer finite", (Symptom.DIVERGENCE,), _not_finite),
)
