"""A script's settings in the words of the lab, as far as they were seen; the others are left out.

`epoch_steps` is left out too: detectors would warm up longer, and say other things.
"""

from __future__ import annotations

import statistics
from typing import Any, cast

from torch import Tensor

from ganlab.causes.build import Build
from ganlab.causes.looks import Looks
from ganlab.causes.trace import PLAYERS, Player
from ganlab.doctor.read.history import OpenHistory
from ganlab.doctor.read.loss import targets_of
from ganlab.observation import Facts

_MARGIN = 0.02  # of G's range, within which a real value is not out of it


def facts_of(past: OpenHistory, values: Tensor, dimensions: int) -> Facts:
    """The facts that the lab's detectors and diagnosis read.

    `values`: of the real samples, sorted; `dimensions`: numbers of one sample.
    """
    targets, build = targets_of(past), past.build()
    facts: dict[str, Any] = {
        "loss": past.loss,
        "head": "sigmoid" if past.rounds[-1].probability else "logits",
        "output": past.activation.lower() or "unknown",
        "data_range": "",  # unknown; left out, cures would take it for [-1, 1]
        "real_label": targets["d real"],
        "fake_label": targets["d fake"],
        "generator_label": targets["g fake"],
        "n_critic": _n_critic(past),
        "dimensions": dimensions,
    }
    for player in PLAYERS:
        facts |= _optimiser(build, player)
    return cast(Facts, facts | _seen(past) | range_facts(past, values))


def _seen(past: OpenHistory) -> dict[str, Any]:
    """What not every script shows."""
    weights = [penalty[-1] for seen in past.rounds for penalty in seen.penalties]
    clip = past.recorder.clamped.get(past.cast.discriminator.key, 0.0)
    conditional = any(seen.conditions.get("g") for seen in past.rounds)
    known = {
        "batch_size": past.batch,
        "train_size": past.distinct,
        "gp_weight": statistics.median(weights) if weights else 0.0,
        "weight_clip": clip,
        "conditional": "" if conditional else "none",  # by which means, cannot be told
    }
    return {name: value for name, value in known.items() if value}


def range_facts(looks: Looks, values: Tensor) -> Facts:
    """Where the real values lie, and what of them G can reach."""
    low, high = (float(values[int(q * (len(values) - 1))]) for q in (0.001, 0.999))
    bounds = looks.reach()
    facts: Facts = {
        "real_low": low,
        "real_high": high,
        "real_min": float(values[0]),
        "real_max": float(values[-1]),
        "reach_low": bounds[0] if bounds else None,
        "reach_high": bounds[1] if bounds else None,
    }
    if bounds is not None:
        width = bounds[1] - bounds[0]
        margin = _MARGIN * width
        outside = (values < bounds[0] - margin) | (values > bounds[1] + margin)
        facts["unreachable"] = float(outside.float().mean())
        if looks.reach_is_exact:
            shared = max(0.0, min(high, bounds[1]) - max(low, bounds[0]))
            facts["waste"] = 1.0 - shared / width
    return facts


def _n_critic(looks: Looks) -> int:
    steps = looks.median(lambda seen: float(seen.counts.get("d steps", 0)))
    return max(1, round(steps or 1))


def _optimiser(build: Build, player: Player) -> dict[str, Any]:
    facts: dict[str, Any] = {
        f"optimizer_{player}": build.rule(player) or "none",
        f"parameters_{player}": build.of(player).numbers,
    }
    if build.optimiser(player) is not None:
        facts[f"lr_{player}"] = build.rate(player)
        facts[f"momentum_{player}"] = build.momentum(player)
    return facts
