"""From symptoms and facts to ranked causes. Pure; knows no training, file or page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ganlab.causes.balance.adam_momentum import AdamMomentum
from ganlab.causes.balance.discriminator_too_strong import DiscriminatorTooStrong
from ganlab.causes.balance.discriminator_too_weak import DiscriminatorTooWeak
from ganlab.causes.balance.mode_collapse import ModeCollapse
from ganlab.causes.balance.optimizer_unsuited import OptimizerUnsuited
from ganlab.causes.base import Cause
from ganlab.causes.changes import Change
from ganlab.causes.data.too_few_images import TooFewImages
from ganlab.causes.history import History
from ganlab.causes.lipschitz.gradient_penalty_strong import GradientPenaltyStrong
from ganlab.causes.lipschitz.gradient_penalty_weak import GradientPenaltyWeak
from ganlab.causes.lipschitz.no_lipschitz_control import NoLipschitzControl
from ganlab.causes.loss.generator_sign import GeneratorSign
from ganlab.causes.loss.missing_sigmoid import MissingSigmoid
from ganlab.causes.loss.saturating_generator_loss import SaturatingGeneratorLoss
from ganlab.causes.loss.sigmoid_critic import SigmoidCritic
from ganlab.causes.roster import Thresholds
from ganlab.causes.suspect import Suspect
from ganlab.diagnosis import balance, players, wiring
from ganlab.diagnosis.blame import End, blamed
from ganlab.finding import Finding
from ganlab.observation import Facts

Rule = Callable[[History], Suspect | None]
_RANKS: tuple[tuple[Rule | type[Cause], ...], ...] = (
    (GeneratorSign, MissingSigmoid),
    (wiring.overflow,),
    (wiring.range_mismatch,),
    (players.too_large_steps, players.too_small_steps),
    (SigmoidCritic, NoLipschitzControl, GradientPenaltyWeak, GradientPenaltyStrong),
    (SaturatingGeneratorLoss, DiscriminatorTooStrong, DiscriminatorTooWeak),
    (TooFewImages,),
    (AdamMomentum, OptimizerUnsuited, balance.slow_rate),
    (ModeCollapse,),
)
_CLEAR = 0.6  # confidence from which a cause explains others away


def diagnose(
    findings: Sequence[Finding],
    facts: Facts,
    metrics: Mapping[str, Any],
    error: str = "",
    changes: Sequence[Change] = (),
    step: int | None = None,
    thresholds: Thresholds | None = None,
) -> tuple[Suspect, ...]:
    """The causes that fit what stands, the likeliest first; empty when nothing is wrong.

    `step` is the run's last one: without it, an error is held against no live change.
    `thresholds` of causes are by class and name.

    A live change that the symptoms followed comes first. Of the rest, a cause that comes earlier in
    the chain (bug, non-finite, scale, dead network, critic, balance, overfit, momentum, collapse)
    explains later ones away.
    """
    history = History(tuple(findings), facts, dict(metrics), error)
    found: list[Suspect] = []
    clear: list[Suspect] = []  # of the ranks before this one
    for rank in _RANKS:
        rules = (_rule(each, thresholds or {}) for each in rank)
        new = [suspect for rule in rules if (suspect := rule(history))]
        found += [_behind(suspect, clear[0]) if clear else suspect for suspect in new]
        clear += [suspect for suspect in new if suspect.confidence >= _CLEAR]
    found.sort(key=lambda suspect: -suspect.confidence)
    named = [suspect.cause for suspect in found if suspect.confidence >= _CLEAR]
    end = End(step, error) if error and step is not None else None
    live = blamed(changes, findings, named, end)
    if live and live[0].confidence >= _CLEAR:
        return (live[0], *sorted((*live[1:], *found), key=lambda suspect: -suspect.confidence))
    return tuple(sorted((*found, *live), key=lambda suspect: -suspect.confidence))


def _behind(suspect: Suspect, first: Suspect) -> Suspect:
    """A suspect whose symptoms an earlier cause explains."""
    word = f"{first.cause} comes earlier and explains the same symptoms."
    return replace(
        suspect, confidence=round(suspect.confidence / 2, 3), against=(*suspect.against, word)
    )


def _rule(each: Rule | type[Cause], thresholds: Thresholds) -> Rule:
    if not isinstance(each, type):
        return each
    cause: Cause = each(**thresholds.get(each.__name__, {}))
    return cause.explain
