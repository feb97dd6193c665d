"""torch's optimisers by the config's names, in their fused form where torch has one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from ganlab.config import RunConfig


@dataclass(frozen=True)
class Rule:
    """One network's update rule, read from the `_d` or `_g` settings of a config."""

    kind: str
    lr: float
    beta1: float
    beta2: float
    momentum: float
    weight_decay: float

    @classmethod
    def of(cls, config: RunConfig, player: str) -> Rule:
        """The rule of `player`, "d" or "g"."""
        return cls(
            kind=getattr(config, f"optimizer_{player}"),
            lr=getattr(config, f"lr_{player}"),
            beta1=getattr(config, f"beta1_{player}"),
            beta2=getattr(config, f"beta2_{player}"),
            momentum=getattr(config, f"momentum_{player}"),
            weight_decay=getattr(config, f"weight_decay_{player}"),
        )

    def options(self) -> dict[str, Any]:
        """The entries of a torch param group that this rule decides."""
        options: dict[str, Any] = {"lr": self.lr, "weight_decay": self.weight_decay}
        if self.kind in ("adam", "adamw"):
            options["betas"] = (self.beta1, self.beta2)
        elif self.kind in ("sgd", "momentum"):
            options["momentum"] = self.momentum if self.kind == "momentum" else 0.0
        return options


_CLASSES: dict[str, type[torch.optim.Optimizer]] = {
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "sgd": torch.optim.SGD,
    "momentum": torch.optim.SGD,
    "rmsprop": torch.optim.RMSprop,
}


def build_optimizer(rule: Rule, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """A new optimiser with empty state."""
    moved = list(parameters)
    fused = rule.kind != "rmsprop" and all(p.device.type in ("cpu", "cuda") for p in moved)
    build: Any = _CLASSES[rule.kind]
    fast = {"fused": True} if fused else {}
    optimizer: torch.optim.Optimizer = build(moved, **rule.options(), **fast)
    return optimizer


def adopt(optimizer: torch.optim.Optimizer, old: Rule, new: Rule) -> torch.optim.Optimizer:
    """The optimiser under a new rule: its state stays unless the kind changes."""
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    if new.kind != old.kind:
        return build_optimizer(new, parameters)
    for group in optimizer.param_groups:
        group.update(new.options())
    return optimizer
