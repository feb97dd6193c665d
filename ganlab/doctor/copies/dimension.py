"""In how many directions data varies, whatever the numbers in a sample."""

from __future__ import annotations

import torch
from torch import Tensor


def intrinsic_dimension(x: Tensor) -> float | None:
    """Facco et al. 2017: in d dimensions the ratio of the two nearest distances is Pareto(d)."""
    flat = torch.unique(x.flatten(1)[:1000], dim=0).double()
    if len(flat) < 100:
        return None
    near = torch.cdist(flat, flat).topk(3, largest=False).values[:, 1:]
    near = near[near[:, 0] > 0]
    ratios = (near[:, 1] / near[:, 0]).log().sort().values
    kept = ratios[: int(0.9 * len(ratios))]
    # The largest tenth is cut off; the likelihood counts it at the bound.
    total = float(kept.sum() + (len(ratios) - len(kept)) * kept[-1])
    return len(kept) / total if total > 0 else None
