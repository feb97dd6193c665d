"""G averaged over training: weights and buffers. Knows no data and no step."""

from __future__ import annotations

from typing import Any, cast

from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ganlab.engine.networks import Generator


class Average:
    """An exponential moving average of a generator, from its first update on."""

    def __init__(self, source: Generator) -> None:
        self._source = source
        self._model: AveragedModel | None = None

    @property
    def generator(self) -> Generator | None:
        """None without an update so far."""
        return cast(Generator, self._model.module) if self._model else None

    def update(self, decay: float) -> None:
        """Takes the generator in as it is now; the first time it is the average."""
        if self._model is None:
            self._model = AveragedModel(self._source, use_buffers=True)
            self._model.requires_grad_(False)
        self._model.multi_avg_fn = get_ema_multi_avg_fn(decay)
        self._model.update_parameters(self._source)

    def forget(self) -> None:
        """Updated again, it starts from the generator as it is then."""
        self._model = None

    def state_dict(self) -> dict[str, Any] | None:
        """None without an update so far."""
        return self._model.state_dict() if self._model else None

    def load_state_dict(self, state: dict[str, Any], decay: float) -> None:
        """Goes on where `state_dict` was taken."""
        self.update(decay)
        assert self._model is not None
        self._model.load_state_dict(state)
