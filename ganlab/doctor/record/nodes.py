"""The nodes of an autograd graph: their kind, and what they have kept of their operands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

# Kinds of nodes that pass a value on without changing what it means.
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


def saved(node: Any, name: str) -> Any:
    """A value that the node keeps for its backward; None where it has none, or not any more."""
    try:
        return getattr(node, name, None)
    except RuntimeError:  # freed, or changed in place since
        return None


def extent(node: Any, name: str) -> tuple[float, float] | None:
    """The lowest and highest of the numbers in a tensor that the node keeps."""
    tensor = saved(node, name)
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
