"""How far the weights move and how sure Adam is of the way, on a sample of coordinates."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from ganlab.engine.measure import Row

_COORDINATES = 4096  # a network, spread over its tensors


class Motion:
    """Follows one network's weights from probe to probe, without touching them."""

    def __init__(self, network: nn.Module, player: str) -> None:
        self.network, self.player = network, player
        total = sum(parameter.numel() for parameter in network.parameters())
        self.stride = max(1, total // _COORDINATES)
        self.previous: tuple[int, Tensor] | None = None  # step, weights

    @torch.no_grad()
    def row(self, step: int, optimizer: torch.optim.Optimizer) -> Row:
        """The relative move a step since the last probe, and the state of Adam's averages."""
        weights = torch.cat([part.detach() for part in self._sampled(None)])
        previous, self.previous = self.previous, (step, weights)
        row: Row = {}
        if previous is not None and step > previous[0]:
            moved = (weights - previous[1]).norm() / previous[1].norm().clamp_min(1e-12)
            row[f"update_ratio_{self.player}"] = moved / (step - previous[0])
        return row | self._adam(optimizer)

    def _sampled(self, states: list[Tensor] | None) -> Iterator[Tensor]:
        tensors = list(self.network.parameters()) if states is None else states
        for tensor in tensors:
            yield tensor.flatten()[:: self.stride]

    def _adam(self, optimizer: torch.optim.Optimizer) -> Row:
        """Signal over noise of the averaged gradient, and how much of it eps swallows.

        Adam's update is scale-free until the root of its second moment nears eps: a vanished
        gradient hides behind it.
        """
        group = optimizer.param_groups[0]
        states = [optimizer.state.get(parameter) for parameter in group["params"]]
        if not states or any(not state or "exp_avg_sq" not in state for state in states):
            return {}
        kept = [state for state in states if state]
        first = torch.cat([*self._sampled([state["exp_avg"] for state in kept])])
        second = torch.cat([*self._sampled([state["exp_avg_sq"] for state in kept])])
        drowned = second.sqrt() < 10 * group["eps"]
        signal = first.square().sum() / second.sum().clamp_min(1e-30)
        return {
            f"adam_snr_{self.player}": signal,
            f"eps_dominated_{self.player}": drowned.float().mean(),
        }

    def state_dict(self) -> tuple[int, Tensor] | None:
        """What the next row depends on."""
        return self.previous

    def load_state_dict(self, state: tuple[int, Tensor] | None) -> None:
        """Goes on where `state_dict` was taken."""
        device = next(self.network.parameters()).device
        self.previous = None if state is None else (state[0], state[1].to(device))
