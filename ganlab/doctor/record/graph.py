"""Reads an autograd graph before backward frees it: whom it reaches, what the loss does with D.

Works on eager code of any style, since it looks at what was computed, not at how it was written.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

from ganlab.doctor.record.contracts import Entry, entry_of
from ganlab.doctor.record.nodes import extent, kind, saved

_MOST = 20_000  # nodes looked at


@dataclass
class Reading:
    """What a loss's graph shows."""

    leaves: set[int] = field(default_factory=set)  # ids of the parameters it reaches
    entries: list[Entry] = field(default_factory=list)
    norms: list[tuple[tuple[int, ...], tuple[int, ...], float]] = field(default_factory=list)
    # of gradient penalties: shape, dimensions of the norm, mean norm
    weights: list[float] = field(default_factory=list)  # constant factors above a penalty
    targets: list[tuple[str, float, float]] = field(default_factory=list)  # every target seen
    classes: list[str] = field(default_factory=list)  # what enters a classification loss
    orphans: dict[int, int] = field(default_factory=dict)  # parameters: which -> how many numbers
    penalised: bool = False  # a gradient that was taken before is part of it
    nodes: int = 0


def read(loss: Tensor, outputs: Mapping[Any, int], gradients: Collection[Any] = ()) -> Reading:
    """Walks from the loss down. `outputs` maps an output's node to the number of its call.

    `gradients` are the nodes of gradients that were taken with a graph of their own.
    """
    reading = Reading()
    if loss.grad_fn is None:
        return reading
    queue: deque[tuple[Any, tuple[Any, ...]]] = deque([(loss.grad_fn, ())])
    seen: set[Any] = set()
    weights: set[Any] = set()  # leaves that something is multiplied by, as by a layer's weight
    while queue and reading.nodes < _MOST:
        node, above = queue.popleft()
        if node in seen:
            continue
        seen.add(node)
        reading.nodes += 1
        if node in outputs and len(above) < 60:
            reading.entries.append(entry_of(outputs[node], (*above, node)))
        reading.penalised |= node in gradients
        if hasattr(node, "variable"):
            _take_leaf(node.variable, node in weights, reading)
            continue
        weights |= _weight_of(node)
        _note(node, above, reading)
        path = (*above, node) if len(above) < 40 else above
        queue.extend((following, path) for following, _ in node.next_functions if following)
    return reading


def _take_leaf(leaf: Tensor, multiplies: bool, reading: Reading) -> None:
    reading.leaves.add(id(leaf))
    if isinstance(leaf, nn.Parameter) or multiplies:
        reading.orphans[id(leaf)] = leaf.numel()


_WEIGHTS = {"Mm": 1, "Addmm": 2, "Bmm": 1, "Convolution": 1}  # which operand it is


def _weight_of(node: Any) -> set[Any]:
    """The leaf that is a layer's weight, where the node is one of a layer without a module."""
    place = _WEIGHTS.get(kind(node))
    if place is None or len(node.next_functions) <= place:
        return set()
    leaf = node.next_functions[place][0]
    while leaf is not None and kind(leaf) in ("T", "Transpose", "Permute"):
        leaf = leaf.next_functions[0][0]
    return {leaf} if hasattr(leaf, "variable") else set()


def _note(node: Any, above: tuple[Any, ...], reading: Reading) -> None:
    name = kind(node)
    if name in ("LinalgVectorNorm", "Norm"):
        _note_norm(node, above, reading)
    elif name in ("BinaryCrossEntropy", "BinaryCrossEntropyWithLogits", "MseLoss", "L1Loss"):
        if (target := extent(node, "_saved_target")) is not None:
            reading.targets.append((name, *target))
    elif name in ("NllLoss", "NllLoss2D"):
        below = [kind(n) for n, _ in node.next_functions if n]
        reading.classes.append(below[0] if below else "")
    elif name == "LogSoftmax":
        below = [kind(n) for n, _ in node.next_functions if n]
        reading.classes.append("LogSoftmax<" + (below[0] if below else ""))


def _note_norm(node: Any, above: tuple[Any, ...], reading: Reading) -> None:
    """A norm of which something is subtracted: a gradient penalty's."""
    if {"Sub", "Rsub"}.isdisjoint(kind(parent) for parent in above[-3:]):
        return
    tensor, result = saved(node, "_saved_self"), saved(node, "_saved_result")
    if not isinstance(tensor, Tensor) or not isinstance(result, Tensor):
        return
    dims = getattr(node, "_saved_dim", None)
    # Saved dimensions are unsigned: -1 comes back as a huge number.
    size = tensor.dim()
    chosen = tuple(d if d < size else d - (1 << 64) + size for d in dims or ())
    reading.norms.append((tuple(tensor.shape), chosen, float(result.detach().float().mean())))
    reading.weights.append(math.prod(_factors(above), start=1.0))


def _factors(above: tuple[Any, ...]) -> Iterator[float]:
    """The constants that nodes of this path are multiplied by."""
    for node in above:
        if kind(node) == "Mul":
            other = saved(node, "_saved_other")
            if isinstance(other, Tensor) and other.dim() == 0 and not other.requires_grad:
                yield float(other)
