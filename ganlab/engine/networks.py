"""Builds G and D from a config. G's output activation and D's sigmoid stay outside: they are hot.

`Generator` returns values before the output activation, `Discriminator` raw logits.
"""

from __future__ import annotations

import math
import threading

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from ganlab.config import RunConfig
from ganlab.engine.blocks import (
    batch_features,
    conv_features,
    conv_generator,
    mlp_features,
    mlp_generator,
)
from ganlab.engine.layers import RandomStream

# torch's initialisers draw from the process-wide generator; runs are built in several threads.
_BUILDING = threading.Lock()


def build_networks(
    config: RunConfig, shape: tuple[int, ...], classes: int, stream: RandomStream
) -> tuple[Generator, Discriminator]:
    """G and D on the CPU for samples of `shape`, with weights that depend on the seed alone."""
    with _BUILDING, torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        generator = Generator(config, shape, classes, stream)
        discriminator = Discriminator(config, shape, classes, stream)
        if config.init == "dcgan":
            generator.apply(_dcgan_init)
            discriminator.apply(_dcgan_init)
        if config.spectral_norm:
            _spectrally_normalise(discriminator)
    return generator, discriminator


def count_parameters(network: nn.Module) -> int:
    """How many numbers a network learns."""
    return sum(parameter.numel() for parameter in network.parameters())


def activate(name: str, x: Tensor) -> Tensor:
    """G's output activation, from any real value to the range that `reach` names."""
    match name:
        case "tanh":
            return torch.tanh(x)
        case "sigmoid":
            return torch.sigmoid(x)
        case "leaky_relu_sigmoid":
            return torch.sigmoid(F.leaky_relu(x, 0.2))
        case "x255":
            return torch.sigmoid(x) * 255.0
    return x


def reach(name: str) -> tuple[float, float] | None:
    """The range an output activation can reach; None when it is unbounded."""
    ranges = {"tanh": (-1.0, 1.0), "x255": (0.0, 255.0), "linear": None}
    return ranges.get(name, (0.0, 1.0))


class Generator(nn.Module):
    """(B, latent), labels or None -> (B, *shape) before the output activation."""

    def __init__(
        self, config: RunConfig, shape: tuple[int, ...], classes: int, stream: RandomStream
    ) -> None:
        super().__init__()
        self.shape = shape
        self.label = LabelInput(config, classes, config.embedding_dim)
        inputs = config.latent_dim + self.label.width
        convolutional = config.architecture == "dcgan"
        self.body = (
            conv_generator(config, inputs, shape, stream)
            if convolutional
            else mlp_generator(config, inputs, math.prod(shape), stream)
        )

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        x: Tensor = self.body(self.label.joined(z, labels))
        return x.view(len(z), *self.shape)


class Discriminator(nn.Module):
    """(B, *shape), labels or None -> (B / pack,) logits.

    `pack` samples that follow each other are one input (PacGAN, Lin et al. 2018): points side by
    side, images as channels. B is a multiple of it. `mixes_batch` says whether an input's logit
    depends on the rest of its batch: then real and generated samples must not share one.
    """

    def __init__(
        self, config: RunConfig, shape: tuple[int, ...], classes: int, stream: RandomStream
    ) -> None:
        super().__init__()
        self.pack = config.pack
        shape = (config.pack * shape[0], *shape[1:])  # of one input
        self.convolutional = config.architecture == "dcgan"
        pixels = math.prod(shape) // (shape[0] if self.convolutional else 1)
        self.label = LabelInput(config, classes, pixels)
        if self.convolutional:
            planes = shape[0] + self.label.planes
            self.features, width = conv_features(config, planes, shape[-1], stream)
        else:
            inputs = math.prod(shape) + self.label.width
            self.features, width = mlp_features(config, inputs, stream)
        self.batch_features, width = batch_features(config, width)
        self.last = nn.Linear(width, 1, bias=not self.convolutional)
        self.mixes_batch = config.norm_d.startswith("batch") or len(self.batch_features) > 0

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        features: Tensor
        if self.pack > 1:
            x = x.reshape(len(x) // self.pack, -1, *x.shape[2:])
        if self.convolutional:
            features = self.features(self.label.as_planes(x, labels))
            features = features.permute(0, 2, 3, 1)  # as they lie in memory: a copy less
        else:
            features = self.features(self.label.joined(x.flatten(1), labels))
        logits: Tensor = self.last(self.batch_features(features.flatten(1)))
        return logits.squeeze(1)


class LabelInput(nn.Module):
    """The class label as input: one-hot, or an embedding of `embedding` numbers."""

    def __init__(self, config: RunConfig, classes: int, embedding: int) -> None:
        super().__init__()
        self.kind, self.classes = config.conditional, classes
        embedded = self.kind == "embedding"
        self.table = nn.Embedding(classes, embedding) if embedded else None
        self.width = {"none": 0, "one_hot": classes, "embedding": embedding}[self.kind]
        self.planes = {"none": 0, "one_hot": classes, "embedding": 1}[self.kind]

    def encoded(self, labels: Tensor) -> Tensor:
        """(B,) class indices -> (B, width)."""
        if self.table is not None:
            encoded: Tensor = self.table(labels)
            return encoded
        return F.one_hot(labels, self.classes).float()

    def joined(self, x: Tensor, labels: Tensor | None) -> Tensor:
        """Flat samples with the label's numbers appended."""
        if self.kind == "none" or labels is None:
            return x
        return torch.cat([x, self.encoded(labels)], dim=1)

    def as_planes(self, x: Tensor, labels: Tensor | None) -> Tensor:
        """Images with the label appended as channels."""
        if self.kind == "none" or labels is None:
            return x
        size = x.shape[-2:]
        planes = self.encoded(labels)
        if self.kind == "one_hot":
            return torch.cat([x, planes[:, :, None, None].expand(-1, -1, *size)], dim=1)
        return torch.cat([x, planes.view(-1, 1, *size)], dim=1)


def _dcgan_init(module: nn.Module) -> None:
    """Radford et al. 2016: weights N(0, 0.02), batch-norm scales N(1, 0.02)."""
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


def _spectrally_normalise(network: nn.Module) -> None:
    for module in list(network.modules()):
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            spectral_norm(module)
