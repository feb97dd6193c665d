"""What a script's networks and optimisers are made of, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ganlab.causes.trace import Location, Player


@dataclass(frozen=True)
class Layer:
    """A layer whose mode or epsilon matters."""

    kind: Literal["batch-norm", "dropout"]  # dropout: one that drops something
    training: bool
    eps: float = 0.0  # of a batch norm


@dataclass(frozen=True)
class Network:
    """One player."""

    name: str
    tensors: int = 0  # of its parameters
    numbers: int = 0  # in them
    frozen: int = 0  # tensors that require no gradient
    trained_numbers: int = 0  # in those that do
    missing: int = 0  # of those that do, tensors that are in no optimiser
    missing_numbers: int = 0
    missing_names: tuple[str, ...] = ()  # the first of them
    functions: frozenset[str] = frozenset()  # torch functions of its first passes
    layers: tuple[Layer, ...] = ()  # batch norm and dropout, in order
    spectral: bool = False  # spectral norm was found on a layer
    clipped: bool = False  # its weights were clamped
    clipped_copies: bool = False  # copies of its weights were
    lines: dict[str, Location] = field(default_factory=dict)
    # "BatchNorm", ..., "Norm": the first line of its classes that says so

    @property
    def batch_norms(self) -> list[Layer]:
        """Its batch-norm layers."""
        return [layer for layer in self.layers if layer.kind == "batch-norm"]


@dataclass(frozen=True)
class Optimiser:
    """One optimiser that the script has made."""

    number: int
    rule: str  # its class
    where: Location | None
    steps: int
    rate: float  # of its first group
    momentum: float  # of the same: beta1 of Adam, momentum of SGD, 0 without either
    of_g: int  # tensors of G that it owns
    of_d: int
    name: str = ""  # the script's own

    @property
    def called(self) -> str:
        """Its name, or which one it is of those that the script has made."""
        return self.name or f"Optimiser {self.number + 1}"


@dataclass(frozen=True)
class Build:
    """The pair and what trains it."""

    generator: Network
    discriminator: Network
    optimisers: tuple[Optimiser, ...] = ()
    owners: dict[Player, list[int]] = field(default_factory=dict)  # who trains whom, by number
    half: bool = False  # something was computed in half precision

    def of(self, player: Player) -> Network:
        """A player's network."""
        return self.generator if player == "g" else self.discriminator

    def rate(self, player: Player) -> float:
        """The player's learning rate; 0 without an optimiser."""
        optimiser = self.optimiser(player)
        return optimiser.rate if optimiser else 0.0

    def rule(self, player: Player) -> str:
        """The class of the player's optimiser in lower case; empty without one."""
        optimiser = self.optimiser(player)
        return optimiser.rule.lower() if optimiser else ""

    def momentum(self, player: Player) -> float:
        """Beta1 of the player's Adam, the momentum of its SGD; 0 without."""
        optimiser = self.optimiser(player)
        return optimiser.momentum if optimiser else 0.0

    def made(self, player: Player) -> Location | None:
        """Where the player's optimiser was made."""
        optimiser = self.optimiser(player)
        return optimiser.where if optimiser else None

    def optimiser(self, player: Player) -> Optimiser | None:
        """The first one that owns the player's parameters."""
        numbers = self.owners[player]
        return self.optimisers[numbers[0]] if numbers else None
