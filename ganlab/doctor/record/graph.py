"""Reads an autograd graph before backward frees it: whom it reaches, what the loss does with D.

Works on eager code of any style, since it looks at what was computed, not at how it was written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

_MOST = 20_000  # nodes looked at
# Nodes that pass a value on without changing what it means.
TRANSPARENT = frozenset(
    [
        "View",
        "Reshape",
        "UnsafeView",
        "ReshapeAlias",
        "Squeeze",
        "Unsqueeze",
        "Alias",
        "Clone",
        "Slice",
        "Select",
        "Expand",
        "Permute",
        "Transpose",
        "T",
        "ToCopy",
        "Split",
        "SplitWithSizes",
        "Chunk",
        "Cat",
        "Mean",
        "Sum",
        "Index",
        "Unbind",
        "Copy",
        "Contiguous",
    ]
)


def kind(node: Any) -> str:
    """'SigmoidBackward0' -> 'Sigmoid'."""
    name: str = node.name()
    return name.partition("Backward")[0].rpartition("::")[2]


@dataclass
class Entry:
    """How a network's output enters the loss: the node that first means something, and the path."""

    call: int  # number of the network's call in the round
    path: tuple[str, ...]  # kinds of nodes from the loss to the output
    contract: str  # "bce", "bce_logits", "mse", "cross_entropy", "nll", "log", "softplus", ...
    target: tuple[float, float] | None = None  # lowest and highest target
    shape: tuple[int, ...] = ()  # of what was compared with the target
    inner: str = ""  # what lies between the output and the contract: "Sigmoid", "Softmax", ""
    node: str = ""  # the kind of the node that is the contract
    flipped: bool = False  # whether the output enters it with its sign turned, as 1 - D or -D


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
    orphans: dict[int, int] = field(default_factory=dict)  # parameters: id -> how many numbers
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
            reading.entries.append(_entry(outputs[node], (*above, node)))
        reading.penalised |= node in gradients
        if hasattr(node, "variable"):
            reading.leaves.add(id(node.variable))
            if isinstance(node.variable, nn.Parameter) or node in weights:
                reading.orphans[id(node.variable)] = node.variable.numel()
            continue
        weights |= _weight_of(node)
        _note(node, above, reading)
        path = (*above, node) if len(above) < 40 else above
        queue.extend((following, path) for following, _ in node.next_functions if following)
    return reading


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
        if (target := _range(node, "_saved_target")) is not None:
            reading.targets.append((name, *target))
    elif name in ("NllLoss", "NllLoss2D"):
        below = [kind(n) for n, _ in node.next_functions if n]
        reading.classes.append(below[0] if below else "")
    elif name == "LogSoftmax":
        below = [kind(n) for n, _ in node.next_functions if n]
        reading.classes.append("LogSoftmax<" + (below[0] if below else ""))


def _note_norm(node: Any, above: tuple[Any, ...], reading: Reading) -> None:
    if "Sub" not in [kind(n) for n in above[-3:]] and "Rsub" not in [kind(n) for n in above[-3:]]:
        return
    tensor, result = _saved(node, "_saved_self"), _saved(node, "_saved_result")
    if not isinstance(tensor, Tensor) or not isinstance(result, Tensor):
        return
    dims = getattr(node, "_saved_dim", None)
    # Saved dimensions are unsigned: -1 comes back as a huge number.
    size = tensor.dim()
    chosen = tuple(d if d < size else d - (1 << 64) + size for d in dims or ())
    reading.norms.append((tuple(tensor.shape), chosen, float(result.detach().float().mean())))
    factor = 1.0
    for parent in above:
        if kind(parent) == "Mul":
            other = _saved(parent, "_saved_other")
            if isinstance(other, Tensor) and other.dim() == 0 and not other.requires_grad:
                factor *= float(other)
    reading.weights.append(factor)


_CONTRACTS = {
    "BinaryCrossEntropy": "bce",
    "BinaryCrossEntropyWithLogits": "bce_logits",
    "MseLoss": "mse",
    "L1Loss": "l1",
    "NllLoss": "nll",
    "NllLoss2D": "nll",
    "Log": "log",
    "Log1P": "log",
    "Softplus": "softplus",
    "LogSigmoid": "softplus",
    "LogSigmoidForward": "softplus",
    "Relu": "hinge",
    "Threshold": "hinge",
    "Clamp": "clamp",
    "ClampMin": "hinge",
    "Pow": "square",
}


def _entry(call: int, path: tuple[Any, ...]) -> Entry:
    """The first node below the loss that gives the output a meaning; "linear" without one."""
    names = tuple(kind(node) for node in path)
    for number, (node, name) in enumerate(zip(path, names, strict=True)):
        contract = _CONTRACTS.get(name)
        if contract is None or contract == "clamp":
            continue
        between = [inner for inner in names[number + 1 :] if inner not in TRANSPARENT]
        inner = next((n for n in reversed(between) if n in ("Sigmoid", "Softmax", "Tanh")), "")
        shape = _saved(node, "_saved_self")
        return Entry(
            call,
            names,
            contract,
            _range(node, "_saved_target"),
            tuple(shape.shape) if isinstance(shape, Tensor) else (),
            inner,
            name,
            sum(each in ("Neg", "Rsub", "Sub") for each in between) % 2 == 1,
        )
    return Entry(call, names, "linear", inner="Sigmoid" if "Sigmoid" in names else "")


def _saved(node: Any, name: str) -> Any:
    try:
        return getattr(node, name, None)
    except RuntimeError:  # freed, or changed in place since
        return None


def _range(node: Any, name: str) -> tuple[float, float] | None:
    tensor = _saved(node, name)
    if not isinstance(tensor, Tensor) or not tensor.numel():
        return None
    values = tensor.detach().float()
    low, high = torch.aminmax(values)
    return float(low), float(high)


def last_activation(output: Tensor, passes: Callable[[str], bool] | None = None) -> str:
    """The kind of the last node that made an output, shapes apart: 'Tanh', 'Sigmoid', ..."""
    node = output.grad_fn
    while node is not None:
        name = kind(node)
        if name not in TRANSPARENT and not (passes and passes(name)):
            return name
        node = next((following for following, _ in node.next_functions if following), None)
    return ""
