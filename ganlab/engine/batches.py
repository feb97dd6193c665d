"""Endless minibatches of real data and noise from one private random stream."""

from __future__ import annotations

import torch
from torch import Tensor

from ganlab.engine.data import Dataset


class Batches:
    """Real samples in the data range, each once an epoch in a new order; labels and noise too."""

    def __init__(self, data: Dataset, batch_size: int, generator: torch.Generator) -> None:
        self.data = data
        self.batch_size = batch_size
        self.generator = generator
        self.order = torch.empty(0, dtype=torch.int64, device=data.train.device)
        self.position = 0

    @property
    def per_epoch(self) -> int:
        """Whole batches in the data."""
        return len(self.data.train) // self.batch_size

    def next(self, data_range: str) -> tuple[Tensor, Tensor | None]:
        """(B, *shape) float32 in the data range, and the labels (B,) if the data has them."""
        index = self._next_index()
        real = self.data.scaled(self.data.train.index_select(0, index), data_range)
        labels = self.data.train_labels
        return real, None if labels is None else labels.index_select(0, index)

    def labels(self) -> Tensor | None:
        """Labels (B,) drawn from the data's own frequencies."""
        table = self.data.train_labels
        if table is None:
            return None
        index = torch.randint(
            len(table), (self.batch_size,), generator=self.generator, device=table.device
        )
        return table.index_select(0, index)

    def normal(self, *shape: int) -> Tensor:
        """Standard normal noise."""
        return torch.randn(shape, generator=self.generator, device=self.data.train.device)

    def uniform(self, *shape: int) -> Tensor:
        """Uniform noise in [0, 1)."""
        return torch.rand(shape, generator=self.generator, device=self.data.train.device)

    def _next_index(self) -> Tensor:
        if self.position + self.batch_size > len(self.order):
            self.order = torch.randperm(
                len(self.data.train), generator=self.generator, device=self.data.train.device
            )
            self.position = 0
        index = self.order[self.position : self.position + self.batch_size]
        self.position += self.batch_size
        return index

    def state_dict(self) -> dict[str, Tensor | int]:
        """What the next batches depend on."""
        return {
            "order": self.order,
            "position": self.position,
            "generator": self.generator.get_state(),
        }

    def load_state_dict(self, state: dict[str, Tensor | int]) -> None:
        """Goes on where `state_dict` was taken."""
        order, position, generator = state["order"], state["position"], state["generator"]
        assert isinstance(order, Tensor) and isinstance(generator, Tensor)
        self.order = order.to(self.data.train.device)
        self.position = int(position)
        self.generator.set_state(generator.cpu())
