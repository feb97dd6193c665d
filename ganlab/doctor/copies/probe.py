"""Measures samples of a copy of G against the script's own data, as the lab's probe does."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor

from ganlab.doctor.copies.kept import Kept
from ganlab.doctor.copies.players import Copies
from ganlab.engine.history import CodebookHistory
from ganlab.engine.measure import Row
from ganlab.engine.quality import Reference, two_sample_auc
from ganlab.observation import Metrics

_FIXED = 128
_VALUES = 50_000  # of all samples, for quantiles
_TESTED = 32  # samples from which a linear test says anything


class Probe:
    """Looks at G's samples now and then; `several`: many generators cover the data together."""

    def __init__(self, kept: Kept, copies: Copies, *, several: bool = False) -> None:
        self.kept, self.copies, self.several = kept, copies, several
        self.reference: Reference | None = None
        self.history: CodebookHistory | None = None
        self.previous: Tensor | None = None  # embedded samples of the fixed noise, one probe ago

    def row(self, batch: int = -1) -> Metrics:
        """What a probe of the lab measures, as far as it can be measured here.

        `batch`: which of the noise batches kept lately the fresh samples are made of.
        """
        real = self.kept.real()
        if real is None or not self.kept.inputs:
            return {}
        if self.reference is None:
            self.reference = Reference.of_samples(real)
            self.history = CodebookHistory(self.reference)
        fixed, fresh = self._samples(batch)
        if fresh is None or fresh[:1].numel() != real[:1].numel():
            return {}
        both = fresh if fixed is None else torch.cat([fixed, fresh])
        both = both.reshape(len(both), *real.shape[1:])
        if not bool(torch.isfinite(both).all()):
            return {}
        row = self._measured(both, None if fixed is None else len(fixed), real)
        return cast(Metrics, {name: float(value) for name, value in row.items()})

    def _samples(self, batch: int) -> tuple[Tensor | None, Tensor | None]:
        """Of the fixed noise and of fresh; without copies those that the script has made."""
        if not self.several:
            fixed = self.copies.generate(_limited(self.kept.fixed or []))
            fresh = self.copies.generate(_limited(self.kept.inputs[batch]))
            if fixed is not None and fresh is not None:
                return fixed, fresh
        return None, self.kept.samples()

    def _measured(self, both: Tensor, fixed: int | None, real: Tensor) -> Row:
        reference, history = self.reference, self.history
        assert reference is not None and history is not None
        values = both.flatten()[:: max(1, both.numel() // _VALUES)]
        compared = reference.compared(both, values)
        embedded = compared.embedded
        row = compared.row | history.row(compared.shares, len(both))
        count = min(len(both), len(real))
        if count >= _TESTED:
            seen = real[torch.linspace(0, len(real) - 1, count, device=real.device).long()]
            row["two_sample_auc"] = two_sample_auc(
                real=reference.embedding(_shuffled(seen)), fake=_shuffled(embedded[:count])
            )
        return row if fixed is None else row | self._drift_row(embedded[:fixed])

    def _drift_row(self, embedded: Tensor) -> Row:
        before, self.previous = self.previous, embedded
        assert self.reference is not None
        if before is None or before.shape != embedded.shape:
            return {}
        return {"drift": self.reference.drift(before, embedded)}


def _shuffled(x: Tensor) -> Tensor:
    """Every other row first: both halves hold early and late ones."""
    return torch.cat([x[::2], x[1::2]])


def _limited(inputs: list[Tensor]) -> list[Tensor]:
    rows = max((len(x) for x in inputs if x.dim()), default=0)
    return [x[:_FIXED] if x.dim() and len(x) == rows else x for x in inputs]
