"""What the doctor records. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from ganlab.causes.trace import Location
from ganlab.doctor.record.graph import Reading
from ganlab.doctor.record.origin import NOWHERE, Key, Origin


@dataclass
class Call:
    """One forward pass of a network, from outside: what went in and what came out."""

    network: Key
    order: int
    inputs: list[Tensor]  # detached
    origins: list[Origin]
    outputs: list[Tensor]  # as the user got them
    graded: bool  # made with gradients enabled
    training: bool  # the network's mode
    where: Location | None = None
    grads: list[tuple[int, Tensor]] = field(default_factory=list)  # backward's order, d loss/d out
    penalised: bool = False  # its input gradient was taken: a gradient penalty
    live: bool = True  # some parameter of the network required gradients
    attached: tuple[bool, ...] = ()  # which inputs had a way back
    steps: int = 0  # of the script's optimisers before it
    handed: set[int] = field(default_factory=set)  # places of outputs that a further module took

    @property
    def output(self) -> Tensor:
        """The adversarial score: of several outputs the one with fewest numbers a sample.

        A D that is an autoencoder is judged by its reconstruction, not by its code.
        """
        least = min(self.outputs, key=lambda tensor: tensor[:1].numel())
        if len(self.outputs) > 1 and least[:1].numel() > 1:
            shapes = [x.shape for x in self.inputs]
            return next((t for t in self.outputs if t.shape in shapes), least)
        return least

    def origin(self, position: int) -> Origin:
        """Of one input; nowhere for one that the call did not get."""
        return self.origins[position] if position < len(self.origins) else NOWHERE


@dataclass
class Backward:
    """One call of backward: which loss, and what it reaches."""

    order: int
    value: Tensor  # the loss, detached
    reads: Reading
    reached: dict[Key, int]  # network -> how many of its parameters the graph reaches
    grads_before: dict[Key, str]  # network -> "none", "zero" or "left over"
    where: Location | None = None


@dataclass
class Step:
    """One step of an optimiser."""

    order: int
    optimizer: int
    norms: dict[Key, float]  # of the gradients that it found, by network
    where: Location | None = None


@dataclass
class Tape:
    """What happened since the last cut, in order."""

    calls: list[Call] = field(default_factory=list)
    backwards: list[Backward] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    gradients: list[Any] = field(default_factory=list)  # nodes of those taken with a graph
    transformed: bool = False  # torch.func took one

    def __len__(self) -> int:
        return len(self.calls) + len(self.backwards) + len(self.steps)
