"""Stacks of layers that the two networks are made of."""

from __future__ import annotations

import itertools

from torch import nn

from ganlab.config import RunConfig
from ganlab.engine.layers import (
    ACTIVATIONS,
    Dropout,
    MinibatchDiscrimination,
    MinibatchStd,
    RandomStream,
    norm_layer,
)
from ganlab.engine.linear import FromLatent, Linear, ToGray


def _hidden(
    layer: nn.Module, width: int, kind: tuple[str, str], dropout: Dropout | None, spatial: bool
) -> list[nn.Module]:
    """A layer with its normalisation (before or after the activation) and dropout."""
    norm, activation = kind
    block: list[nn.Module] = [layer, ACTIVATIONS[activation]()]
    if norm != "none":
        after = norm == "batch_after_activation"
        block.insert(2 if after else 1, norm_layer(norm, width, spatial=spatial))
    return [*block, dropout] if dropout else block


def _mlp(
    inputs: int, widths: tuple[int, ...], kind: tuple[str, str], dropout: Dropout | None
) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for width in widths:
        layers += _hidden(Linear(inputs, width), width, kind, dropout, spatial=False)
        inputs = width
    return layers


def mlp_generator(
    config: RunConfig, inputs: int, outputs: int, stream: RandomStream
) -> nn.Sequential:
    kind = (config.norm_g, config.activation_g)
    layers = _mlp(inputs, config.hidden_g, kind, _dropout(config.dropout_g, stream))
    last = config.hidden_g[-1] if config.hidden_g else inputs
    return nn.Sequential(*layers, Linear(last, outputs))


def mlp_features(config: RunConfig, inputs: int, stream: RandomStream) -> tuple[nn.Sequential, int]:
    kind = (config.norm_d, config.activation_d)
    layers = _mlp(inputs, config.hidden_d, kind, _dropout(config.dropout_d, stream))
    return nn.Sequential(*layers), config.hidden_d[-1] if config.hidden_d else inputs


def _dropout(share: float, stream: RandomStream) -> Dropout | None:
    return Dropout(share, stream) if share else None


def _levels(size: int) -> tuple[int, int]:
    """The side of the smallest feature map, and how often it doubles to reach `size`."""
    smallest = 7 if size == 28 else 4
    return smallest, (size // smallest).bit_length() - 1


def conv_generator(
    config: RunConfig, inputs: int, shape: tuple[int, ...], stream: RandomStream
) -> nn.Sequential:
    smallest, doublings = _levels(shape[-1])
    widths = [config.filters_g * 2**k for k in reversed(range(doublings))]
    kind, dropout = (config.norm_g, config.activation_g), _dropout(config.dropout_g, stream)
    first = FromLatent(inputs, widths[0], smallest)
    layers = _hidden(first, widths[0], kind, dropout, spatial=True)
    for before, width in itertools.pairwise(widths):
        up = nn.ConvTranspose2d(before, width, 4, 2, 1, bias=False)
        layers += _hidden(up, width, kind, dropout, spatial=True)
    last = nn.ConvTranspose2d(widths[-1], shape[0], 4, 2, 1, bias=False)
    return nn.Sequential(*layers, ToGray(widths[-1]) if shape[0] == 1 else last)


def conv_features(
    config: RunConfig, planes: int, size: int, stream: RandomStream
) -> tuple[nn.Sequential, int]:
    smallest, halvings = _levels(size)
    dropout = _dropout(config.dropout_d, stream)
    layers: list[nn.Module] = []
    for level in range(halvings):
        width = config.filters_d * 2**level
        norm = config.norm_d if level else "none"  # DCGAN: none after D's first layer
        down = nn.Conv2d(planes, width, 4, 2, 1, bias=False)
        layers += _hidden(down, width, (norm, config.activation_d), dropout, spatial=True)
        planes = width
    return nn.Sequential(*layers), planes * smallest**2


def batch_features(config: RunConfig, width: int) -> tuple[nn.Sequential, int]:
    layers: list[nn.Module] = []
    if config.minibatch_discrimination:
        layers.append(MinibatchDiscrimination(width, config.minibatch_discrimination))
        width += config.minibatch_discrimination
    if config.minibatch_std:
        layers.append(MinibatchStd())
        width += 1
    return nn.Sequential(*layers), width
