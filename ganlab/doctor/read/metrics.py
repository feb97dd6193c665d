"""A round in the words of the lab: the same metrics and facts that its own trainer reports."""

from __future__ import annotations

from typing import Any, cast

import torch
from torch import Tensor

from ganlab.causes.trace import PLAYERS, Player, Trace
from ganlab.doctor.cast import Cast
from ganlab.doctor.read.history import Sheet
from ganlab.doctor.read.round import Round, cross_entropy, logits, scores
from ganlab.engine.measure import pairwise_auc
from ganlab.observation import Facts, Metrics

_PROBABILITY = ("non_saturating", "saturating")


def family_of(sheet: Sheet) -> str:
    """The loss by its name in the lab, from how D's output enters it; "" while unknown."""
    d = {name for name, _ in sheet.contracts("d real") | sheet.contracts("d fake")}
    g = sheet.contracts("g fake")
    if sheet.contracts("g real") and d & {"softplus", "bce_logits"}:
        return "relativistic"
    if d & {"bce", "bce_logits", "log", "softplus"}:
        return "saturating" if _saturates(sheet) else "non_saturating"
    if d & {"mse", "square"}:
        return "least_squares"
    if "hinge" in d:
        return "hinge"
    if "linear" in d or ("linear", "") in g:
        return "wgan_gp" if any(seen.penalties for seen in sheet.rounds) else "wgan"
    return ""


def _saturates(sheet: Sheet) -> bool:
    """Whether G minimises log(1 - D(G(z))): its loss is flat where D calls fakes fake."""
    real, fake = sheet.target("d real"), sheet.target("d fake")
    turned = real is not None and fake is not None and real < fake  # both players' labels are
    votes = [vote != turned for seen in sheet.rounds for vote in seen.saturates]
    return sum(votes) > 0.8 * len(votes) if len(votes) >= 3 else False


def metrics_of(found: Round, seen: Trace, sheet: Sheet) -> Metrics:
    """The step's own metrics; what cannot be measured is left out."""
    row: dict[str, float] = {}
    pair = _pair(found, sheet.cast)
    if pair is not None:
        _take_scores(row, pair, seen, sheet)
    for player in PLAYERS:
        if values := seen.losses[player]:
            row.setdefault(f"{player}_loss", sum(values))
        if norms := seen.norms.get(player):
            row[f"grad_norm_{player}"] = norms[-1]
    if (slope := seen.slopes.get("g fake")) is not None:
        row["loss_slope"] = slope
    for call in found.sides["g fake"].calls[:1]:
        samples = sheet.cast.samples(call)
        row["fake_mean"] = float(samples.float().mean())
        row["fake_std"] = float(samples.float().std(correction=0))
    if seen.penalties:
        row["interpolate_norm"] = seen.penalties[0][2]
    return cast(Metrics, row)


def _pair(found: Round, cast: Cast) -> tuple[Any, ...] | None:
    """Calls and rows of D on real and on fake in its own step."""
    if found.mixed:
        call = found.mixed[0]
        real, fake = cast.rows(call, False), cast.rows(call, True)
        return (call, real, call, fake) if len(real) and len(fake) else None
    if found.real and found.fake:
        return found.real[0], slice(None), found.fakes_of_d[0], slice(None)
    return None


def _take_scores(row: dict[str, float], pair: tuple[Any, ...], seen: Trace, sheet: Sheet) -> None:
    real_call, real_rows, fake_call, fake_rows = pair
    probability = seen.probability
    real = logits(real_call, probability, real_rows)
    fake = logits(fake_call, probability, fake_rows)
    few = min(len(real), len(fake), 256)
    row["auc"] = float(pairwise_auc(real[:few], fake[:few]))
    for name, values in (("real", real), ("fake", fake)):
        row[f"logit_{name}"] = float(values.mean())
        row[f"logit_{name}_std"] = float(values.std(correction=0))
    if sheet.loss not in _PROBABILITY:
        return
    p_real, p_fake = torch.sigmoid(real), torch.sigmoid(fake)
    row["d_real"], row["d_fake"] = float(p_real.mean()), float(p_fake.mean())
    row["d_accuracy"] = float(((p_real > 0.5).float().mean() + (p_fake <= 0.5).float().mean()) / 2)
    targets = targets_of(sheet)
    if probability:
        real, fake = scores(real_call, real_rows), scores(fake_call, fake_rows)
    row["d_loss"] = cross_entropy(real, targets["d real"], probability) + cross_entropy(
        fake, targets["d fake"], probability
    )
    if targets["d real"] < targets["d fake"]:
        row["auc"] = 1 - row["auc"]
    if sheet.loss == "saturating":
        row["g_loss"] = -cross_entropy(fake, 0.0, probability)


def targets_of(sheet: Sheet) -> dict[str, float]:
    """The targets in force, as far as the losses show them."""
    found = {"d real": 1.0, "d fake": 0.0, "g fake": 1.0}
    for name in found:
        value = sheet.target(name)
        if value is not None and 0.0 <= value <= 1.0:
            found[name] = value
    return found


def facts_of(sheet: Sheet, values: Tensor, dimensions: int) -> Facts:
    """The facts that the lab's detectors and diagnosis read.

    `values`: of the real samples, sorted; `dimensions`: numbers of one sample.
    """
    targets = targets_of(sheet)
    low, high = (float(values[int(q * (len(values) - 1))]) for q in (0.001, 0.999))
    activation = sheet.activation
    bounds = sheet.reach()
    facts: dict[str, Any] = {
        "loss": sheet.loss,
        "head": "sigmoid" if sheet.rounds[-1].probability else "logits",
        "output": activation.lower() or "unknown",
        "data_range": "",
        "real_label": targets["d real"],
        "fake_label": targets["d fake"],
        "generator_label": targets["g fake"],
        "batch_size": 0,
        "n_critic": _n_critic(sheet),
        "real_low": low,
        "real_high": high,
        "real_min": float(values[0]),
        "real_max": float(values[-1]),
        "reach_low": bounds[0] if bounds else None,
        "reach_high": bounds[1] if bounds else None,
        "unreachable": 0.0,
        "waste": 0.0,
        "dimensions": dimensions,
        "train_size": sheet.distinct,
        "conditional": "none",
    }
    if bounds is not None:
        margin = 0.02 * (bounds[1] - bounds[0])
        outside = (values < bounds[0] - margin) | (values > bounds[1] + margin)
        facts["unreachable"] = float(outside.float().mean())
        shared = max(0.0, min(high, bounds[1]) - max(low, bounds[0]))
        if sheet.reach_is_exact:
            facts["waste"] = 1.0 - shared / (bounds[1] - bounds[0])
    for player in PLAYERS:
        facts |= _rule_facts(sheet, player)
    return cast(Facts, facts)


def _n_critic(sheet: Sheet) -> int:
    steps = sheet.median(lambda seen: float(seen.counts.get("d steps", 0)))
    return max(1, round(steps or 1))


def _rule_facts(sheet: Sheet, player: Player) -> dict[str, Any]:
    owner = sheet.owner(player)
    network = sheet.cast.generator if player == "g" else sheet.cast.discriminator
    count = sum(p.numel() for p in network.parameters)
    if owner is None:
        return {f"optimizer_{player}": "none", f"parameters_{player}": count}
    group = owner.optimizer.param_groups[0]
    return {
        f"optimizer_{player}": type(owner.optimizer).__name__.lower(),
        f"lr_{player}": float(group.get("lr", 0.0)),
        f"momentum_{player}": float(
            group["betas"][0] if "betas" in group else group.get("momentum", 0.0)
        ),
        f"parameters_{player}": count,
    }
