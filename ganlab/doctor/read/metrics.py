"""A round in the words of the lab: the same metrics that its own trainer reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor

from ganlab.causes.trace import PLAYERS, Trace
from ganlab.doctor.players.cast import Cast
from ganlab.doctor.read.history import OpenHistory
from ganlab.doctor.read.loss import targets_of
from ganlab.doctor.read.round import Round
from ganlab.doctor.read.scores import cross_entropy, logits, scores
from ganlab.doctor.record import Call
from ganlab.engine.measure import pairwise_auc
from ganlab.observation import Metrics

_PROBABILITY = ("non_saturating", "saturating")
Row = dict[str, float]


@dataclass(frozen=True)
class _Pair:
    """Passes and rows of D on real and on fake in its own step."""

    real: tuple[Call, slice | Tensor]
    fake: tuple[Call, slice | Tensor]
    probability: bool

    def logits(self) -> tuple[Tensor, Tensor]:
        """(B,) D's output before any sigmoid, on real and on fake."""
        return (
            logits(self.real[0], self.probability, self.real[1]),
            logits(self.fake[0], self.probability, self.fake[1]),
        )


def metrics_of(found: Round, seen: Trace, past: OpenHistory) -> Metrics:
    """The step's own metrics; what cannot be measured is left out."""
    row = _opinions(_pair(found, seen, past.cast), past)
    for player in PLAYERS:
        if values := seen.losses[player]:
            row.setdefault(f"{player}_loss", sum(values))
        if norms := seen.norms.get(player):
            row[f"grad_norm_{player}"] = norms[-1]
    if (slope := seen.slopes.get("g fake")) is not None:
        row["loss_slope"] = slope
    for call in found.sides["g fake"].calls[:1]:
        samples = past.cast.samples(call)
        row["fake_mean"] = float(samples.float().mean())
        row["fake_std"] = float(samples.float().std(correction=0))
    if seen.penalties:
        row["interpolate_norm"] = seen.penalties[0][2]
    return cast(Metrics, row)


def _pair(found: Round, seen: Trace, players: Cast) -> _Pair | None:
    if found.mixed:
        call = found.mixed[0]
        real, fake = players.rows(call, False), players.rows(call, True)
        both = len(real) and len(fake)
        return _Pair((call, real), (call, fake), seen.probability) if both else None
    if found.real and found.fake:
        everything = slice(None)
        return _Pair(
            (found.real[0], everything), (found.fakes_of_d[0], everything), seen.probability
        )
    return None


def _opinions(pair: _Pair | None, past: OpenHistory) -> Row:
    """What D says of real and generated samples."""
    if pair is None:
        return {}
    row = _scores(pair)
    if past.loss in _PROBABILITY:
        row |= _probabilities(pair, past, row["auc"])
    return row


def _scores(pair: _Pair) -> Row:
    """In logits."""
    row: Row = {}
    real, fake = pair.logits()
    few = min(len(real), len(fake), 256)
    row["auc"] = float(pairwise_auc(real[:few], fake[:few]))
    for name, values in (("real", real), ("fake", fake)):
        row[f"logit_{name}"] = float(values.mean())
        row[f"logit_{name}_std"] = float(values.std(correction=0))
    return row


def _probabilities(pair: _Pair, past: OpenHistory, auc: float) -> Row:
    """As probabilities, and the losses by the targets in force."""
    row: Row = {}
    real, fake = pair.logits()
    p_real, p_fake = torch.sigmoid(real), torch.sigmoid(fake)
    row["d_real"], row["d_fake"] = float(p_real.mean()), float(p_fake.mean())
    row["d_accuracy"] = float(((p_real > 0.5).float().mean() + (p_fake <= 0.5).float().mean()) / 2)
    targets = targets_of(past)
    if pair.probability:
        real, fake = scores(*pair.real), scores(*pair.fake)
    row["d_loss"] = cross_entropy(real, targets["d real"], pair.probability) + cross_entropy(
        fake, targets["d fake"], pair.probability
    )
    if targets["d real"] < targets["d fake"]:
        row["auc"] = 1 - auc
    if past.loss == "saturating":
        row["g_loss"] = -cross_entropy(fake, 0.0, pair.probability)
    return row
