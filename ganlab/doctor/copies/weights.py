"""How far the players' weights move, and whether something keeps D's in a box."""

from __future__ import annotations

import statistics
from collections import deque
from typing import Any

import torch
from torch import Tensor

from ganlab.causes.trace import PLAYERS, Player
from ganlab.doctor.players.cast import Cast
from ganlab.doctor.record import Network

_COORDINATES = 4096  # of a network, spread over its tensors
_COUNTED = 16_384  # of one matrix


class Weights:
    """Compares samples of the weights before and after a round."""

    def __init__(self, cast: Cast) -> None:
        self._networks: dict[Player, Network] = {"g": cast.generator, "d": cast.discriminator}
        self._before: dict[Player, Tensor] = {}
        self._moves: dict[Player, deque[float]] = {p: deque(maxlen=40) for p in PLAYERS}
        self._boxes: deque[tuple[float, bool]] = deque(maxlen=60)  # largest, many at it

    def round_begins(self) -> None:
        """Keeps the weights as they are."""
        self._before = {player: _sampled(self._networks[player]) for player in PLAYERS}

    def round_ended(self, bound: float = 0.0) -> dict[str, Any]:
        """What is known now: relative moves a round, the largest weight, the box.

        `bound`: to what the script clips D's weights, where that was seen.
        """
        known: dict[str, Any] = {}
        for player, before in self._before.items():
            now = _sampled(self._networks[player])
            if before.numel() and before.shape == now.shape:
                moved = float((now - before).norm()) / max(float(before.norm()), 1e-12)
                self._moves[player].append(moved)
                known[f"update ratio {player}"] = statistics.median(self._moves[player])
        self._before = {}
        return known | self._box(bound)

    def _box(self, bound: float) -> dict[str, Any]:
        matrices = [p.detach() for p in self._networks["d"].parameters if p.dim() > 1]
        if not matrices:
            return {}
        largest, many = _extreme(matrices)
        self._boxes.append((largest, many))
        boxed = [size for size, many in self._boxes if many]
        clip = bound or min(boxed, default=0.0)
        if not clip:
            return {"largest weight": largest}
        outside = sum(size > clip * 1.0001 for size, _ in self._boxes)
        return {
            "largest weight": largest,
            "clip": clip,
            "outside box": outside / len(self._boxes),
        }


def _extreme(matrices: list[Tensor]) -> tuple[float, bool]:
    """The largest size of a weight, and whether many weights have just that."""
    ends = [torch.aminmax(p) for p in matrices]
    largest = max(max(-float(low), float(high)) for low, high in ends)
    some = [p.reshape(-1)[:: max(1, p.numel() // _COUNTED)].abs() for p in matrices]
    at_it = sum(int(torch.count_nonzero(p >= largest * (1 - 1e-6))) for p in some)
    return largest, at_it > max(3, 0.001 * sum(map(len, some)))


def _sampled(network: Network) -> Tensor:
    total = sum(p.numel() for p in network.parameters)
    stride = max(1, total // _COORDINATES)
    with torch.no_grad():
        parts = [p.detach().reshape(-1)[::stride].float() for p in network.parameters]
        return torch.cat(parts) if parts else torch.zeros(0)
