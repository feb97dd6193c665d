"""What does not change from step to step: ranges, targets, what G can reach."""

from __future__ import annotations

import math

from ganlab.config import ADAPTIVE, RunConfig
from ganlab.engine.data import Dataset
from ganlab.engine.networks import reach
from ganlab.engine.quality import Reference
from ganlab.observation import Facts


def facts_of(config: RunConfig, data: Dataset, reference: Reference) -> Facts:
    """The facts of a config on its data; needs no training."""
    scale, shift = data.raw_affine(config.data_range)
    low, high = reference.low * scale + shift, reference.high * scale + shift
    bounds = reach(config.output)
    unreachable = waste = 0.0
    if bounds is not None:
        margin = 0.02 * (bounds[1] - bounds[0])
        values = reference.values * scale + shift
        outside = (values < bounds[0] - margin) | (values > bounds[1] + margin)
        unreachable = outside.float().mean().item()
        shared = max(0.0, min(high, bounds[1]) - max(low, bounds[0]))
        waste = 1.0 - shared / (bounds[1] - bounds[0])
    facts: Facts = {
        "loss": config.loss,
        "head": config.head,
        "optimizer_d": config.optimizer_d,
        "optimizer_g": config.optimizer_g,
        "output": config.output,
        "data_range": config.data_range,
        "real_label": config.real_label,
        "fake_label": config.fake_label,
        "generator_label": config.generator_label,
        "batch_size": config.batch_size,
        "n_critic": config.n_critic,
        "lr_d": config.lr_d,
        "lr_g": config.lr_g,
        "momentum_d": _momentum(config, "d"),
        "momentum_g": _momentum(config, "g"),
        "gp_weight": config.gp_weight if config.loss == "wgan_gp" else 0.0,
        "weight_clip": config.weight_clip if config.loss == "wgan" else 0.0,
        "r1_weight": config.r1_weight,
        "norm_d": config.norm_d,
        "norm_g": config.norm_g,
        "latent_dim": config.latent_dim,
        "conditional": config.conditional,
        "pack": config.pack,
        "train_size": len(data.train),
        "modes": len(reference.masses),
        "epoch_steps": len(data.train) / config.batch_size / config.n_critic,
        "real_low": low,
        "real_high": high,
        "real_min": reference.smallest * scale + shift,
        "real_max": reference.largest * scale + shift,
        "reach_low": bounds[0] if bounds else None,
        "reach_high": bounds[1] if bounds else None,
        "unreachable": unreachable,
        "waste": waste,
        "dimensions": math.prod(data.sample_shape),
    }
    if data.left_out:
        facts["left_out"] = data.left_out
    return facts


def _momentum(config: RunConfig, player: str) -> float:
    """How much of the last step the next one keeps."""
    settings = dict(config)
    rule = settings[f"optimizer_{player}"]
    if rule in ADAPTIVE:
        return float(settings[f"beta1_{player}"])  # type: ignore[arg-type]
    return float(settings[f"momentum_{player}"]) if rule == "momentum" else 0.0  # type: ignore[arg-type]
