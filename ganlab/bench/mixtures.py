"""How well samples cover a mixture whose truth is known, in the measures of VEEGAN and PacGAN."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor

from ganlab.engine.coverage import mode_coverage
from ganlab.engine.data import Dataset

SAMPLES = 2500  # as in Srivastava et al. 2017 and Lin et al. 2018
FILLED = 0.1  # of a mode's expected mass makes it filled


@dataclass(frozen=True)
class MixtureScore:
    """What one generator covers."""

    modes: int  # with at least one sample within three standard deviations
    filled: int  # with at least a tenth of their expected mass there
    high_quality: float  # share of samples within three standard deviations of a mode
    reverse_kl: float  # nats, modes' histogram of all samples against the true one

    def as_row(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)


def mixture_score(points: Tensor, data: Dataset) -> MixtureScore:
    """Judges points (n, dims) in raw units. Raises ValueError for data whose modes are unknown."""
    found = mode_coverage(points, data)
    assert data.modes is not None and found.high_quality is not None
    nearest = torch.cdist(points, data.modes).argmin(dim=1)
    shares = (nearest.bincount(minlength=len(data.modes)) / len(points)).tolist()
    even = 1.0 / found.classes
    return MixtureScore(
        modes=found.covered,
        filled=sum(share >= FILLED * even for share in found.shares),
        high_quality=found.high_quality,
        reverse_kl=reverse_kl(shares, [even] * found.classes),
    )


def reverse_kl(generated: Sequence[float], real: Sequence[float]) -> float:
    """KL(generated || real) of two histograms, nats: ln k where one of k even bins has it all."""
    shares, truth = torch.tensor([generated, real], dtype=torch.float64)
    divergence: float = (torch.special.xlogy(shares, shares / truth.clamp_min(1e-12))).sum().item()
    return divergence
