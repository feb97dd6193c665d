"""What became of a run, measured with nothing that a detector uses.

Images: a classifier trained on the real data. Mixtures: exact counts within three sigma. D's
memory: reals that neither D nor any probe has seen. Vanishing gradients: G trained on against a
frozen D.
"""

from __future__ import annotations

import copy
import dataclasses
import math
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

if TYPE_CHECKING:
    from ganlab.engine.coverage import Judge
    from ganlab.engine.data import Dataset
    from ganlab.engine.step import Pair
    from ganlab.engine.trainer import Trainer

Check = dict[str, Any]
SAMPLES = 1000
_UNTOUCHED = 1000
_OF_THE_JUDGE = ("judge", "test_accuracy")
_LEARNING_STEPS = 100


def check(trainer: Trainer, judge: Judge | None, samples_drawn: int = SAMPLES) -> Check:
    """One look at what G makes: classes or modes reached, how evenly, how well."""
    from ganlab.engine.coverage import class_coverage, draw, mode_coverage

    samples, asked = draw(trainer, samples_drawn)
    data = trainer.data
    if data.modes is not None:
        found = mode_coverage(samples.nan_to_num(1e6), data)
    else:
        assert judge is not None
        found = class_coverage(samples, judge, data, asked)
    row = {"step": trainer.step} | found.as_row()
    known = {name: value for name, value in row.items() if value is not None}
    return {name: _short(value) for name, value in known.items() if name not in _OF_THE_JUDGE}


def _short(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_short(item) for item in value]
    if isinstance(value, float):
        return round(value, 4) if math.isfinite(value) else None
    return value


@torch.no_grad()
def memory_gap(trainer: Trainer, whole: Dataset) -> float:
    """Share of D's training reals on the real side of its own border, minus that of untouched ones.

    The border lies half way between D's median answers to training reals and to generated ones,
    so that losses without a meaning of zero are judged alike. `whole` is the data without limit.
    """
    data, config = trainer.data, trainer.config
    limit = len(data.train)
    rest = whole.train[limit : limit + _UNTOUCHED]
    untouched = rest if len(rest) >= _UNTOUCHED else data.held_out[-_UNTOUCHED:]
    if config.conditional != "none":
        return 0.0
    discriminator = copy.deepcopy(trainer.pair.discriminator).eval()
    generated = _generated(trainer)
    seen = discriminator(data.scaled(data.train[:_UNTOUCHED], config.data_range), None)
    unseen = discriminator(data.scaled(untouched, config.data_range), None)
    fake = discriminator(generated, None)
    border = (seen.median() + fake.median()) / 2
    gap: float = ((seen > border).float().mean() - (unseen > border).float().mean()).item()
    return round(gap, 4)


def _generated(trainer: Trainer) -> Tensor:
    assert trainer.probe is not None
    noise = torch.Generator(trainer.device).manual_seed(4712)
    z = torch.randn(256, trainer.config.latent_dim, generator=noise, device=trainer.device)
    return trainer.probe.generate(z, None)


def learnable(trainer: Trainer) -> float:
    """How far G comes against a frozen D: its samples' rise in D's output, in units of the gap.

    G trains on its own loss with its own optimiser, at its rate and at ten times it (the better
    counts); freezing one player is the protocol of Arjovsky & Bottou 2017 (arXiv:1701.04862).
    1: the samples have come as high as the reals; about 0: nothing can be learned.
    The trainer is used up.
    """
    start = copy.deepcopy(trainer.pair.generator.state_dict())
    return max(_learned(trainer, start, factor) for factor in (1.0, 10.0))


def _learned(trainer: Trainer, start: dict[str, Tensor], factor: float) -> float:
    from ganlab.engine.losses import loss_pair
    from ganlab.engine.optimizers import Rule, build_optimizer

    pair, own = trainer.pair, trainer.config
    config = dataclasses.replace(own, lr_g=min(10.0, own.lr_g * factor))
    pair.generator.load_state_dict(start)
    pair.optimizer_g = build_optimizer(Rule.of(config, "g"), pair.generator.parameters())
    losses = loss_pair(config)
    before, real = _levels(pair)
    for _ in range(_LEARNING_STEPS):
        pair.update_generator(losses, pair.generate(), None)
    after, _ = _levels(pair)
    rise = (after - before) / max(abs(real - before), 1e-6)
    return round(rise, 4) if math.isfinite(rise) else 0.0


@torch.no_grad()
def _levels(pair: Pair) -> tuple[float, float]:
    """D's mean output on generated and on real samples, over four batches."""
    fake = torch.cat([pair.score(f.samples, f.labels) for f in (pair.generate() for _ in range(4))])
    real = torch.cat([pair.score(*pair.real_batch()) for _ in range(4)])
    return fake.mean().item(), real.mean().item()
