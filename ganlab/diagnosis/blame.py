"""Whether a live change is to blame: what followed it, how large it was, what speaks against it."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ganlab.causes.changes import Change
from ganlab.causes.roster import spoken_of
from ganlab.causes.suspect import Suspect
from ganlab.config import ADAPTIVE
from ganlab.finding import Finding, Severity, Symptom
from ganlab.knob import Value
from ganlab.rates import PLAIN

_REACH = 600  # steps within which most symptoms follow their cause
# Symptoms that their detectors ask to last, or do not ask of young runs.
_DELAYS = {
    Symptom.PARTIAL_COLLAPSE: 2000,
    Symptom.QUALITY_DECLINE: 2000,
    Symptom.MODE_HOPPING: 1500,
    Symptom.CONDITIONAL_COLLAPSE: 1500,
    Symptom.MEMORISATION: 2500,
    Symptom.OFF_DATA: 3500,
    Symptom.BARELY_MOVING: 1500,
}
_SMALL = 0.25  # size below which a change is called small
_TAKEN_BACK = 400  # steps after an undo within which what opens is still the change's doing


def blamed(
    changes: Sequence[Change],
    findings: Sequence[Finding],
    causes: Iterable[str] = (),
    end: End | None = None,
) -> tuple[Suspect, ...]:
    """The changes that the loud findings, or the error that ended the run, followed.

    The likeliest comes first. `causes` are what other rules name with confidence: a change of a
    setting that they speak of comes before others.
    """
    implicated = {name for cause in causes for name in spoken_of(cause)}
    loud = sorted(
        (finding for finding in findings if finding.severity > Severity.NOTICE),
        key=lambda finding: finding.step,
    )
    followed = [_followed(change, loud, end) for change in changes if size(change) > 0.0]
    ranked = sorted(
        (one for one in followed if one is not None),
        key=lambda one: (-one.score(implicated), -one.change.step),
    )
    return tuple(one.suspect(first=place == 0) for place, one in enumerate(ranked))


class End(NamedTuple):
    """The error that ended a run, and after which update."""

    step: int
    error: str


@dataclass(frozen=True)
class _Followed:
    """A change with what followed it within reach, and the findings that stood before it."""

    change: Change
    proof: Sequence[str]
    before: Sequence[Finding]
    graver: bool  # what followed is worse than all that stood before

    @property
    def doubtful(self) -> bool:
        """Whether what followed may be the younger part of an older trouble."""
        return bool(self.before) and not self.graver

    def score(self, implicated: Collection[str]) -> float:
        named = bool(set(self.change.after) & set(implicated))
        return size(self.change) + 0.4 * named - 1.0 * self.doubtful

    def suspect(self, *, first: bool) -> Suspect:
        change = self.change
        against = [f"{finding.symptom} stood before it." for finding in self.before[:2]]
        if size(change) < _SMALL:
            against.append("The change is a small one.")
        if not first:
            against.append("Another change is the larger one, or is spoken of by the symptoms.")
        if change.undone is not None:
            against.append(f"It was taken back at step {change.undone}.")
        return Suspect(
            "live-change",
            _confidence(change, self.doubtful, first),
            (words(change), *self.proof[:2]),
            tuple(against),
            "Something was wrong before it, see above."
            if self.before
            else f"No symptom above notice stood when it took effect at step {change.step}.",
            change,
        )


def _followed(change: Change, loud: Sequence[Finding], end: End | None) -> _Followed | None:
    """None where nothing followed it."""
    if change.undoes is not None:
        return None
    last = math.inf if change.undone is None else change.undone + _TAKEN_BACK
    after = [
        finding
        for finding in loud
        if change.step <= finding.step <= min(change.step + _reach(finding.symptom), last)
    ]
    proof = [_proof(finding, change) for finding in after]
    # A step that fails is not counted: the run may end on the update before the change's first.
    if end is not None and change.step - 1 <= end.step <= min(change.step + _REACH, last):
        later = max(0, end.step - change.step)
        proof.append(f"The run stopped {later} steps later: {end.error.splitlines()[0]}")
    before = [finding for finding in loud if finding.step < change.step]
    graver = _worst(after) > _worst(before) or len(proof) > len(after)
    return _Followed(change, proof, before, graver) if proof else None


def _worst(findings: Sequence[Finding]) -> int:
    return max((finding.severity for finding in findings), default=0)


def _reach(symptom: Symptom) -> int:
    return _DELAYS.get(symptom, _REACH)


def _proof(finding: Finding, change: Change) -> str:
    when = f"{finding.step - change.step} steps later, at step {finding.step}"
    return f"{finding.symptom} {when}: {finding.evidence[0]}"


def _confidence(change: Change, stood_before: bool, first: bool) -> float:
    sure = 0.95 if size(change) >= _SMALL else 0.8
    return round(sure * (1.0 if first else 0.6) * (0.5 if stood_before else 1.0), 3)


def words(change: Change) -> str:
    """'lr_d was set from 0.0002 to 0.02 (x100) at step 722', with who did it."""
    parts = [
        f"{name} was set from {_shown(before)} to {_shown(change.after[name])}"
        f"{_factor(before, change.after[name])}"
        for name, before in change.before.items()
    ]
    by = "" if change.origin == "user" else f" ({change.origin})"
    return f"{', '.join(parts)} at step {change.step}{by}."


def _shown(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _factor(before: Value, after: Value) -> str:
    if isinstance(before, float) and isinstance(after, float) and before > 0.0 and after > 0.0:
        return f" (×{after / before:.3g})"
    return ""


def size(change: Change) -> float:
    """How much of a change it is: 0 has no say in training, 1 breaks most runs."""
    return max(
        (_size(name, change.before[name], after) for name, after in change.after.items()),
        default=0.0,
    )


def _size(name: str, before: Value, after: Value) -> float:
    stem = name.removesuffix("_d").removesuffix("_g")
    if stem in _NO_SAY:
        return 0.0
    if stem == "optimizer":
        return _optimiser(str(before), str(after))
    if stem == "generator_label":
        return 1.0 if min(float(before), float(after)) < 0.5 else 0.2  # type: ignore[arg-type]
    if stem in _RULES:
        return min(1.0, _RULES[stem](float(before), float(after)))  # type: ignore[arg-type]
    return _WORDS.get(stem, 0.3)


def _optimiser(before: str, after: str) -> float:
    """Adam's rates are far too small for SGD, and SGD's far too large for Adam."""
    if (before in ADAPTIVE) and (after in ADAPTIVE):
        return 0.1
    return 0.3 if (before in PLAIN) == (after in PLAIN) else 0.9


def _decades(over: float, floor: float) -> Callable[[float, float], float]:
    """A rule for weights and rates: so many decades are a size of 1; 0 is taken for the floor."""
    return lambda a, b: abs(math.log10(max(b, floor) / max(a, floor))) / over


def _difference(over: float) -> Callable[[float, float], float]:
    return lambda a, b: abs(b - a) / over


_NO_SAY = frozenset({"steps", "observe_every", "sample_every", "ema_decay"})
_WORDS = {"output": 0.9, "data_range": 0.9, "loss": 0.6, "head": 0.4}
_RULES: dict[str, Callable[[float, float], float]] = {
    "lr": _decades(1.5, 1e-8),
    "beta1": _difference(0.8),
    "beta2": _difference(0.8),
    "momentum": _difference(0.8),
    "weight_decay": _decades(4.0, 1e-5),
    "lr_decay": _difference(0.8),
    "real_label": _difference(0.6),
    "fake_label": _difference(0.6),
    "instance_noise": _difference(1.0),
    "mode_seeking": _decades(3.0, 1e-2),
    "n_critic": _decades(1.0, 1.0),
    "gp_weight": _decades(3.0, 1e-3),
    "r1_weight": _decades(4.0, 1e-2),
    "r2_weight": _decades(4.0, 1e-2),
    "weight_clip": _decades(2.0, 1e-4),
}
