"""How a network's output enters a loss: what the loss takes it for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor

from ganlab.doctor.record.nodes import TRANSPARENT, extent, kind, saved

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
    "ClampMin": "hinge",
    "Pow": "square",
}


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


def entry_of(call: int, path: tuple[Any, ...]) -> Entry:
    """The first node below the loss that gives the output a meaning; "linear" without one."""
    names = tuple(kind(node) for node in path)
    for number, (node, name) in enumerate(zip(path, names, strict=True)):
        contract = _CONTRACTS.get(name)
        if contract is None:
            continue
        between = [inner for inner in names[number + 1 :] if inner not in TRANSPARENT]
        inner = next((n for n in reversed(between) if n in ("Sigmoid", "Softmax", "Tanh")), "")
        shape = saved(node, "_saved_self")
        return Entry(
            call,
            names,
            contract,
            extent(node, "_saved_target"),
            tuple(shape.shape) if isinstance(shape, Tensor) else (),
            inner,
            name,
            sum(each in ("Neg", "Rsub", "Sub") for each in between) % 2 == 1,
        )
    return Entry(call, names, "linear", inner="Sigmoid" if "Sigmoid" in names else "")
