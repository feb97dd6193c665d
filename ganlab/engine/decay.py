"""Learning rates that fall once for each time that D has seen the data."""

from __future__ import annotations

from ganlab.config import RunConfig
from ganlab.engine.step import Pair


class Decay:
    """How far the learning rates of a pair have fallen, and its batches since the last fall."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair
        self._seen = 0  # batches of D since the last decay
        self.factor = 1.0

    @property
    def epochs(self) -> float:
        """Since the last decay."""
        return self._seen / self._pair.batches.per_epoch

    def restore(self, factor: float, epochs: float) -> None:
        """Goes on from these."""
        self.factor, self._seen = factor, round(epochs * self._pair.batches.per_epoch)

    def count(self, config: RunConfig) -> None:
        """One step is done."""
        epochs, self._seen = divmod(self._seen + config.n_critic, self._pair.batches.per_epoch)
        if epochs:
            self.factor *= config.lr_decay**epochs
            self.set_rates(config)

    def set_rates(self, config: RunConfig) -> None:
        """Both optimisers' learning rates, as they are now."""
        for optimizer, rate in (
            (self._pair.optimizer_g, config.lr_g),
            (self._pair.optimizer_d, config.lr_d),
        ):
            for group in optimizer.param_groups:
                group["lr"] = rate * self.factor
