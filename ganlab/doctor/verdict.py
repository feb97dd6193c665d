"""Weighs suspicions against symptoms: which are causes, which are notes, and when to say so."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ganlab.doctor.sheet import Sheet
from ganlab.doctor.words import Suspicion

ENOUGH = 1500  # updates after which "healthy" also covers a collapse
LEAST = 200  # updates before which "healthy" is not said
_HARMS = {"certain": 0, "likely": 1, "unclear": 2, "none": 3}
# What explains the others, first (science: bug, not finite, scale, dead, critic, balance, ...).
_PRECEDENCE = (
    "missing-sigmoid", "optimizer-wrong-parameters", "optimizer-shared-parameters",
    "parameters-not-optimised", "discriminator-not-stepped", "generator-not-stepped",
    "discriminator-frozen", "generator-detached", "fixed-noise", "stale-fakes", "stale-gradients",
    "swapped-labels", "generator-sign", "critic-sign", "double-sigmoid", "target-broadcast",
    "softmax-before-cross-entropy", "sigmoid-critic", "latent-mismatch",
    "mixed-precision-overflow", "range-mismatch", "constant-condition", "batchnorm-mixed-batch",
    "eval-mode", "gradient-penalty-norm", "no-lipschitz-control", "gradient-penalty-weak",
    "batchnorm-in-critic", "gradient-penalty-strong", "norm-before-output",
    "saturating-generator-loss", "learning-rate-too-high", "learning-rate-too-low",
    "too-few-images", "optimizer-unsuited", "discriminator-too-strong", "discriminator-too-weak",
    "adam-momentum", "batchnorm-eps", "latent-too-small", "mode-collapse",
)  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """What is said in the end."""

    verdict: str  # "healthy", "cause", "not-assessed"
    reason: str
    causes: tuple[Suspicion, ...] = ()
    notes: tuple[Suspicion, ...] = ()
    symptoms: tuple[dict[str, Any], ...] = field(default=())

    @property
    def code(self) -> int:
        """The doctor's exit code."""
        return {"healthy": 0, "cause": 1}.get(self.verdict, 2)


def ranked(found: Iterable[Suspicion]) -> list[Suspicion]:
    """One for each cause, the best first."""
    best: dict[str, Suspicion] = {}
    for each in found:
        other = best.get(each.slug)
        if other is None or _weight(each) < _weight(other):
            best[each.slug] = each
    return sorted(best.values(), key=_weight)


def _weight(each: Suspicion) -> tuple[int, float, int]:
    order = _PRECEDENCE.index(each.slug) if each.slug in _PRECEDENCE else len(_PRECEDENCE)
    return _HARMS[each.harm], -round(each.confidence, 1), order


def failing(sheet: Sheet) -> list[str]:
    """Symptoms that are failures."""
    bad = [slug for slug, (severity, _, _) in sheet.symptoms.items() if severity == "failure"]
    if sheet.prospers():  # what is said there is that the samples are wrong
        return [slug for slug in bad if slug not in ("false-equilibrium", "discriminator-blind")]
    return bad


def early(sheet: Sheet, found: list[Suspicion]) -> Suspicion | None:
    """A cause that needs no longer look: proven, or likely with the failure it explains."""
    if not found:
        return None
    top = found[0]
    if top.harm == "certain" and top.confidence >= 0.85 and len(sheet.rounds) >= 6:
        return top
    if failing(sheet) and top.harm == "likely" and top.confidence >= 0.6:
        return top
    if sheet.fails() and top.harm == "likely" and top.confidence >= 0.8:
        return top
    return None


def conclude(sheet: Sheet, found: list[Suspicion], *, ended: str) -> Verdict:
    """The verdict on what was seen; `ended` says why no more will be."""
    symptoms = tuple(
        {"slug": slug, "severity": severity, "step": step}
        for slug, (severity, step, _) in sheet.symptoms.items()
        if severity != "notice"
    )
    bad = failing(sheet)
    causes = _causes(sheet, found, bad, bool(symptoms))
    if causes:
        notes = tuple(each for each in found if each not in causes)
        return Verdict("cause", _because(causes[0], bad), tuple(causes), notes, symptoms)
    if bad:
        reason = f"Symptoms without a cause that we can name: {', '.join(bad)}. {ended}"
        return Verdict("not-assessed", reason, (), tuple(found), symptoms)
    if sheet.updates < LEAST:
        reason = (
            f"Only {sheet.updates} generator updates were seen, too few to call a pair healthy "
            f"(at least {LEAST}); nothing was found wrong in them. {ended}"
        )
        return Verdict("not-assessed", reason, (), tuple(found), symptoms)
    if sheet.fails():
        reason = (
            f"After {sheet.updates} updates the samples are hardly like the data, and no cause "
            f"was found: slow, or failing in a way that we do not know. {ended}"
        )
        return Verdict("not-assessed", reason, (), tuple(found), symptoms)
    limit = (
        ""
        if sheet.updates >= ENOUGH
        else f" A collapse shows for certain only after some {ENOUGH}: look longer with --steps."
    )
    reason = f"Nothing harmful was found in {sheet.updates} generator updates.{limit}"
    return Verdict("healthy", reason, (), tuple(found), symptoms)


def _causes(sheet: Sheet, found: list[Suspicion], bad: list[str], warned: bool) -> list[Suspicion]:
    """Those that harm: for certain, or by what was seen of the samples."""
    good = sheet.prospers()
    bounds = {"certain": 0.5, "likely": 0.25 if bad else 0.6, "unclear": 0.25 if bad else 2.0}
    if good and not bad:  # true, and no harm
        bounds["likely"] = 2.0
    elif not (bad or warned) and sheet.updates < LEAST:
        bounds["likely"] = 0.8  # too early to see what it does
    elif not bad and good is False:
        bounds["unclear"] = 0.75
    causes = [each for each in found if each.confidence >= bounds.get(each.harm, math.inf)]
    if bad and not any(each.harm == "certain" for each in causes):
        causes.sort(key=lambda each: (-_fitting(each, sheet), _weight(each)))
    return causes


def _fitting(each: Suspicion, sheet: Sheet) -> float:
    """How well a suspicion explains the failing symptoms: its confidence, in thirds."""
    return round(each.confidence * 5) / 5


def _because(top: Suspicion, bad: list[str]) -> str:
    seen = f" It shows as {', '.join(bad)}." if bad else ""
    return f"{top.evidence[0]}{seen}"
