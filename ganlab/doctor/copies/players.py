"""Copies of the two players as they are now. No random number of the script's is drawn."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from ganlab.causes.trace import Player
from ganlab.doctor.copies.aside import unheard, untouched_randomness
from ganlab.doctor.players.cast import Cast
from ganlab.doctor.record import Network, tensors_in


class Copies:
    """One copy of each player, brought up to date whenever it is asked for."""

    def __init__(self, cast: Cast) -> None:
        self._networks: dict[Player, Network] = {"g": cast.generator, "d": cast.discriminator}
        self._copies: dict[Player, nn.Module] = {}
        self.failed = ""  # why there are none

    def of(self, player: Player) -> nn.Module | None:
        """A copy of a live network as it is now; None where it cannot be copied."""
        module = self._networks[player].module
        if module is None or self.failed:
            return None
        try:
            with untouched_randomness(), unheard(), torch.no_grad():
                twin = self._copies.get(player)
                if twin is None:
                    twin = self._copies[player] = _unhooked(copy.deepcopy(module))
                else:
                    twin.load_state_dict(module.state_dict())
                twin.train(module.training)
            return twin
        except Exception as error:  # a user's module may do anything
            self.failed = f"{type(error).__name__}: {error}"
            return None

    def generate(self, inputs: list[Tensor], *, training: bool = True) -> Tensor | None:
        """Samples of a copy of G."""
        twin = self.of("g")
        if twin is None:
            return None
        twin.train(training)
        with untouched_randomness(), unheard(), torch.no_grad():
            out = twin(*inputs)
        first = next((t for t in tensors_in((out,)) if t.is_floating_point()), None)
        return None if first is None else first.float()


def _unhooked(module: nn.Module) -> nn.Module:
    for each in module.modules():
        each._forward_hooks.clear()
        each._forward_pre_hooks.clear()
        each._backward_hooks.clear()
    return module
