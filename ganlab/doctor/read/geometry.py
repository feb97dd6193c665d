"""How one batch of samples lies to others."""

from __future__ import annotations

import torch
from torch import Tensor

from ganlab.causes.trace import Likeness


def likeness(x: Tensor, y: Tensor) -> Likeness | None:
    """Of y to x, whatever was moved or blurred in between; None for a constant x."""
    a, b = x.float(), y.float()
    before, after = float(a.std(correction=0)), float(b.std(correction=0))
    if before < 1e-3:
        return None
    scale = after / before
    added = max(0.0, after * after - before * before) ** 0.5
    return Likeness(scale, float(b.mean()) - scale * float(a.mean()), added)


def unevenness(x: Tensor, a: Tensor, b: Tensor) -> float | None:
    """Mean deviation within a sample of t in x = b + t (a - b); None where x lies elsewhere."""
    apart = (a - b).flatten(1)
    told = apart.abs() > 0.05 * apart.abs().max()
    share = torch.where(told, (x - b).flatten(1) / torch.where(told, apart, 1.0), 0.0)
    if not bool(told.any()) or float(share.min()) < -0.01 or float(share.max()) > 1.01:
        return None
    count = told.sum(dim=1)
    centre = share.sum(dim=1) / count.clamp_min(1)
    squares = (share - centre[:, None]).square() * told
    chosen = (squares.sum(dim=1) / count.clamp_min(1)).sqrt()[count > 1]
    return float(chosen.mean()) if chosen.numel() else None


def affine_between(x: Tensor, y: Tensor) -> tuple[float, float] | None:
    """(scale, shift) with y = x * scale + shift; None where there is no such pair."""
    stride = max(1, x.numel() // 2048)
    a, b = x.reshape(-1)[::stride].double(), y.reshape(-1)[::stride].double()
    centred = a - a.mean()
    variance = centred.square().sum()
    if float(variance) <= 1e-12:
        return (1.0, 0.0) if torch.equal(a, b) else None
    scale = float((centred * b).sum() / variance)
    shift = float(b.mean() - scale * a.mean())
    wrong = float((a * scale + shift - b).abs().max())
    return (scale, shift) if wrong <= 1e-3 * (abs(scale) + 1e-9) and scale > 0 else None
