"""The pair of networks that a config describes, with its optimisers and its batches."""

from __future__ import annotations

import torch

from ganlab.config import RunConfig
from ganlab.engine.batches import Batches
from ganlab.engine.data import Dataset
from ganlab.engine.layers import RandomStream
from ganlab.engine.networks import build_networks
from ganlab.engine.optimizers import Rule, build_optimizer
from ganlab.engine.step import Pair


def build_pair(
    config: RunConfig, data: Dataset, device: torch.device, stream: RandomStream
) -> Pair:
    """A new pair on the device; its weights, batches and noise are the stream's."""
    generator, discriminator = build_networks(config, data.sample_shape, data.classes, stream)
    generator.to(device)
    discriminator.to(device)
    if config.architecture == "dcgan":
        generator.to(memory_format=torch.channels_last)
        discriminator.to(memory_format=torch.channels_last)
    return Pair(
        config=config,
        generator=generator,
        discriminator=discriminator,
        optimizer_g=build_optimizer(Rule.of(config, "g"), generator.parameters()),
        optimizer_d=build_optimizer(Rule.of(config, "d"), discriminator.parameters()),
        batches=Batches(data, config.batch_size, stream.generator),
        noise_scale=1.0,
    )
