"""The samples of a round as numbers, and how what D sees follows from what G makes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ganlab.causes.trace import Likeness, Span
from ganlab.doctor.players.cast import Cast
from ganlab.doctor.read.geometry import affine_between, likeness, unevenness
from ganlab.doctor.read.round import Round
from ganlab.doctor.record import Call, last_activation


@dataclass(frozen=True)
class Passage:
    """From G's output to D's input."""

    score: bool = True  # whether D's output is a score, not an image of its own
    affine: tuple[float, float] | None = None  # scale and shift, where nothing else lies between
    loose: Likeness | None = None  # by moments, where something does


def passage(found: Round, cast: Cast) -> Passage:
    """As the round's last pass over fakes shows it, or the first with noise in between."""
    known = Passage()
    for call in found.fake + found.mixed:
        shown = _generated(call, cast)
        made = [m.outputs[0].detach() for m in reversed(found.made) if m.order < call.order]
        fits = [affine_between(x, shown) for x in made if x.numel() == shown.numel()]
        exact = [fit for fit in fits if fit is not None]
        known = replace(known, score=_is_score(call.output, shown))
        if exact:
            known = replace(known, affine=exact[0])
        elif fits:  # noise or augmentation lies between
            return replace(known, affine=None, loose=likeness(made[0], shown))
    return known


def _generated(call: Call, cast: Cast) -> Tensor:
    """The generated samples in a pass of D; all where that is unknown."""
    parts = [samples for generated, samples in cast.parts(call) if generated]
    return parts[0] if parts else cast.samples(call)


def _is_score(output: Tensor, samples: Tensor) -> bool:
    numbers = output[:1].numel()
    return 2 * numbers <= samples[:1].numel() or numbers <= 4


def ranges(found: Round, cast: Cast) -> dict[str, Span]:
    """Of the first "real" and "fake" samples; out of a batch of mixed origin where all are."""
    known: dict[str, Tensor] = {}
    for call in found.mixed[:1]:
        known |= {"fake" if made else "real": part for made, part in cast.parts(call)}
    for call in found.real[:1]:
        known["real"] = cast.samples(call)
    for call in found.fakes_of_d[:1]:
        known["fake"] = cast.samples(call)
    return {name: span(samples) for name, samples in known.items()}


def fake_mark(found: Round, cast: Cast) -> tuple[float, ...]:
    """Of the first fakes that D's own loss is made of; empty without."""
    return next((mark(cast.samples(call)) for call in found.fakes_of_d), ())


def fake_born(found: Round, cast: Cast) -> tuple[int, int] | None:
    """The newest fake of D's: steps of optimisers before it was made, and before D saw it."""
    scored = [*found.sides["d fake"].calls, *found.mixed]
    births = [(call.origin(cast.position).born, call.steps) for call in scored]
    return max(births, default=None)


def unevenness_of(found: Round, cast: Cast) -> float | None:
    """Deviation within a sample of how a penalty's first point was mixed of real and fake."""
    for call in found.blended[:1]:
        x = cast.samples(call).double()
        for real, fake in itertools.product(found.real, found.fake):
            a, b = cast.samples(real).double(), cast.samples(fake).double()
            alike = a.shape == b.shape == x.shape and x[:1].numel() > 1
            if alike and (uneven := unevenness(x, a, b)) is not None:
                return uneven
    return None


def activation(found: Round) -> str:
    """G's last, as its newest pass shows it; "" while unknown."""
    names = [last_activation(call.outputs[0]) for call in found.made]
    return next(filter(None, reversed(names)), "")


def span(x: Tensor) -> Span:
    """Of up to 200 000 values."""
    values = x.detach().float().reshape(-1)[:200_000]
    low, high = torch.aminmax(values)
    mean = values.mean()
    std = (values - mean).square().mean().sqrt()
    return Span(float(low), float(high), float(mean), float(std))


def mark(x: Tensor) -> tuple[float, ...]:
    """Numbers that are equal for equal tensors, and hardly ever otherwise."""
    flat = x.detach().reshape(-1)
    picked = flat[:: max(1, len(flat) // 8)][:8].double()
    whole = flat.double()
    return (*picked.tolist(), float(whole.sum()), float(whole.square().sum()))
