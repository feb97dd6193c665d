"""What a probe remembers of its last codebook histograms: coverage takes more samples than one."""

from __future__ import annotations

from collections import deque

import torch
from torch import Tensor

from ganlab.engine.measure import Row
from ganlab.engine.quality import Reference, entropy

_LONG = 8  # probes whose samples are counted together
_CYCLE = 10  # probes over which modes may take turns
_EXPECTED = 8  # samples a bin should have got before its absence says anything
_ABSENT = 0.05  # of what it should have got


class CodebookHistory:
    """Counts of the last probes. Everything stays on the device."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.shares: deque[Tensor] = deque(maxlen=_CYCLE)  # (K,), one a probe

    def row(self, shares: Tensor, samples: int) -> Row:
        """Takes a probe's histogram (K,) of `samples` samples; says what the last ones show."""
        previous = self.shares[-1] if self.shares else None
        self.shares.append(shares)
        recent = torch.stack(list(self.shares))
        together = recent[-_LONG:].mean(dim=0)
        row = {
            "codebook_js_long": self.reference.divergence(together),
            "codebook_entropy": entropy(together) / self.reference.entropy,
        }
        if len(self.shares) >= _LONG:
            row["missing_mass"] = self._missing(together, _LONG * samples)
        if previous is not None:
            row["mode_shift"] = (shares - previous).abs().sum() / 2
        if len(self.shares) == _CYCLE:
            row["mode_turns"] = entropy(recent.mean(dim=0)) - entropy(recent).mean()
        return row

    def _missing(self, shares: Tensor, samples: int) -> Tensor:
        """Real mass of the bins that should have samples and have none to speak of."""
        masses = self.reference.masses
        telling = masses * samples >= _EXPECTED
        absent = shares < _ABSENT * masses
        return (masses * (telling & absent)).sum()

    def state_dict(self) -> Tensor | None:
        """What the next row depends on: (probes, K)."""
        return torch.stack(list(self.shares)) if self.shares else None

    def load_state_dict(self, state: Tensor | None) -> None:
        """Goes on where `state_dict` was taken."""
        masses = self.reference.masses
        self.shares = deque([] if state is None else state.to(masses.device), maxlen=_CYCLE)
