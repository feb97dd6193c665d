"""The typical loop learns exactly what the engine learns, from the same weights and batches."""

from typing import cast

import pytest
import torch
from torch import Tensor, nn

from ganlab.bench import baseline
from ganlab.bench.baseline import UserScript
from ganlab.bench.matches import MATCHES, Match
from ganlab.engine.batches import Batches
from ganlab.engine.data import Dataset
from ganlab.engine.step import Pair
from ganlab.engine.trainer import Trainer
from ganlab.presets import preset

_BATCH = 8


class Given:
    """Batches and noise from lists, for either side; what the engine asks `Batches` for."""

    batch_size = _BATCH

    def __init__(self) -> None:
        generator = torch.Generator().manual_seed(1)
        self.reals = torch.rand(10, _BATCH, 1, 28, 28, generator=generator).double() * 2 - 1
        self.noise = torch.randn(12, _BATCH, baseline.LATENT, generator=generator).double()
        self.mixes = torch.rand(10, _BATCH, generator=generator).double()
        self._turns = {"real": 0, "noise": 0, "mix": 0}

    def _turn(self, kind: str) -> int:
        self._turns[kind] += 1
        return self._turns[kind] - 1

    def next(self, data_range: str) -> tuple[Tensor, None]:
        return self.reals[self._turn("real")], None

    def normal(self, *shape: int) -> Tensor:
        return self.noise[self._turn("noise")]

    def uniform(self, *shape: int) -> Tensor:
        return self.mixes[self._turn("mix")].view(shape)


@pytest.mark.parametrize("match", MATCHES, ids=lambda match: match.name)
def test_two_steps_change_the_weights_as_the_engine_does(match: Match, small_data: Dataset) -> None:
    engine, script = _sides(match, small_data)
    for _ in range(2):
        engine.step()
    for real in Given().reals[: 2 * engine.config.n_critic]:
        match.step(script, real)
    for ours, theirs in zip(_weights(engine), _weights_of(script), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-9, atol=1e-11)


def _sides(match: Match, data: Dataset) -> tuple[Pair, UserScript]:
    settings = match.settings | {"batch_size": _BATCH, "dropout_d": 0.0, "data": "digits"}
    config = preset(match.preset, **settings)
    pair = Trainer(config, data=data, monitor=False).pair
    pair.generator.double()
    pair.discriminator.double()
    pair.batches = cast(Batches, Given())
    given = Given()
    script = UserScript(
        match.networks(),
        config.lr_d,
        (config.beta1_d, config.beta2_d),
        config.real_label,
        noise=given.normal,
        mix=given.uniform,
    )
    for network in script.networks:
        network.double()
        for module in network.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0
    with torch.no_grad():
        for ours, theirs in zip(_weights(pair), _weights_of(script), strict=True):
            theirs.copy_(ours)
    return pair, script


def _weights(pair: Pair) -> list[Tensor]:
    """The engine's weights in the shapes of the script's: D's last convolution is a product."""
    weights: list[Tensor] = [*pair.generator.parameters(), *pair.discriminator.parameters()]
    if pair.discriminator.convolutional:
        weights[-1] = weights[-1].view(1, 7, 7, -1).permute(0, 3, 1, 2)
    return weights


def _weights_of(script: UserScript) -> list[Tensor]:
    return [parameter for network in script.networks for parameter in network.parameters()]
