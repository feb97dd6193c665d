"""Reads off the live networks and optimisers what causes ask about, as plain values."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from torch import nn

from ganlab.causes.build import Build, Layer, Network, Optimiser
from ganlab.causes.trace import PLAYERS, Location, Player
from ganlab.doctor import record
from ganlab.doctor.players.cast import Cast
from ganlab.doctor.record import Owner, Recorder

_BATCH = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.SyncBatchNorm)
_WORDS = ("BatchNorm", "LayerNorm", "GroupNorm", "InstanceNorm", "Norm", "Sigmoid", "Softmax")
_NAMED = 4  # tensors whose names are told
Lines = dict[Player, dict[str, Location]]


def build_of(
    recorder: Recorder, cast: Cast, owners: dict[Player, list[int]], lines: Lines
) -> Build:
    """The pair and its optimisers as they are now."""
    held = {owner.number: owner.ids() for owner in recorder.owners}
    anywhere = set().union(*held.values(), set())
    g, d = cast.generator.ids, cast.discriminator.ids
    return Build(
        _network(recorder, cast.generator, anywhere, lines["g"]),
        _network(recorder, cast.discriminator, anywhere, lines["d"]),
        tuple(
            _optimiser(owner, len(held[owner.number] & g), len(held[owner.number] & d))
            for owner in recorder.owners
        ),
        {player: list(numbers) for player, numbers in owners.items()},
        recorder.half_seen,
    )


def _optimiser(owner: Owner, of_g: int, of_d: int) -> Optimiser:
    group = owner.optimizer.param_groups[0]
    return Optimiser(
        number=owner.number,
        rule=type(owner.optimizer).__name__,
        where=owner.where,
        steps=owner.steps,
        rate=float(group.get("lr", 0.0)),
        momentum=float(group["betas"][0] if "betas" in group else group.get("momentum", 0.0)),
        of_g=of_g,
        of_d=of_d,
        name=owner.name,
    )


def _network(
    recorder: Recorder, network: record.Network, held: set[int], lines: dict[str, Location]
) -> Network:
    trained = [p for p in network.parameters if p.requires_grad]
    missing = [p for p in trained if id(p) not in held]
    modules = [] if network.module is None else list(network.module.modules())
    return Network(
        name=network.name,
        tensors=len(network.parameters),
        numbers=sum(p.numel() for p in network.parameters),
        frozen=len(network.parameters) - len(trained),
        trained_numbers=sum(p.numel() for p in trained),
        missing=len(missing),
        missing_numbers=sum(p.numel() for p in missing),
        missing_names=tuple(_names(network.module, {id(p) for p in missing})),
        functions=frozenset(network.functions),
        layers=tuple(layer for module in modules for layer in _layers(module)),
        spectral=any(map(_is_spectral, modules)),
        clipped=network.key in recorder.clamped,
        clipped_copies=network.key in recorder.clamped_copies,
        lines=lines,
    )


def _names(module: nn.Module | None, ids: set[int]) -> list[str]:
    if module is None or not ids:
        return []
    return [name for name, p in module.named_parameters() if id(p) in ids][:_NAMED]


def _layers(module: nn.Module) -> Iterator[Layer]:
    if isinstance(module, _BATCH):
        yield Layer("batch-norm", module.training, float(module.eps))
    elif isinstance(module, nn.Dropout) and module.p > 0:
        yield Layer("dropout", module.training)


def _is_spectral(module: nn.Module) -> bool:
    return (
        hasattr(module, "weight_u")
        or hasattr(module, "parametrizations")
        or "spectral" in type(module).__name__.lower()
    )


def lines_of(cast: Cast, roots: tuple[str, ...]) -> Lines:
    """For each player the first and last lines of its own classes that name a layer."""
    modules = {"g": cast.generator.module, "d": cast.discriminator.module}
    return {player: _lines(modules[player], roots) for player in PLAYERS}


def _lines(module: nn.Module | None, roots: tuple[str, ...]) -> dict[str, Location]:
    found: dict[str, Location] = {}
    if module is None:
        return found
    for kind in dict.fromkeys(map(type, module.modules())):
        for number, line, file in _source(kind, roots):
            for word in _WORDS:
                if word in line:
                    found.setdefault(word, Location(file, number))
                    found[f"last {word}"] = Location(file, number)
    return found


def _source(kind: type[Any], roots: tuple[str, ...]) -> Iterator[tuple[int, str, str]]:
    """Number, text and file of each line of a class in the user's own code."""
    try:
        file = inspect.getsourcefile(kind)
        if file is None or not file.startswith(roots):
            return
        lines, start = inspect.getsourcelines(kind)
    except (OSError, TypeError):
        return
    for number, line in enumerate(lines, start):
        yield number, line, file
