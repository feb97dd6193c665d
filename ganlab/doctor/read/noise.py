"""What the players are given beside samples: G's noise, and conditions of either."""

from __future__ import annotations

import math

from torch import Tensor

from ganlab.causes.trace import Condition, Location, Noise
from ganlab.doctor.players.cast import Cast
from ganlab.doctor.read.round import Round
from ganlab.doctor.read.samples import mark, span
from ganlab.doctor.record import Call


def noise_of(found: Round) -> list[Noise]:
    """Of each pass of G that was given any."""
    return [("g" if _feeds_g(call, found) else "d", span(z), mark(z)) for call, z in _given(found)]


def first_line(found: Round) -> Location | None:
    """Where G was first called with noise."""
    return next((call.where for call, _ in _given(found) if call.where), None)


def conditions_of(found: Round, cast: Cast) -> dict[str, list[Condition]]:
    """Further inputs of G, and of D beside real samples."""
    passes = {
        "g": _given(found),
        "d": [(call, cast.samples(call)) for call in found.real[:1]],
    }
    told = {
        who: [condition for call, main in given for condition in _conditions(call.inputs, main)]
        for who, given in passes.items()
    }
    return {who: conditions for who, conditions in told.items() if conditions}


def _given(found: Round) -> list[tuple[Call, Tensor]]:
    """Passes of G with their noise: the first input with fractions."""
    floats = [(call, [x for x in call.inputs if x.is_floating_point()]) for call in found.made]
    return [(call, given[0]) for call, given in floats if given]


def _feeds_g(call: Call, found: Round) -> bool:
    """Whether a pass of G served G's own loss: no D loss lies between them."""
    g_order = min((b.order for b in found.backwards["g"]), default=math.inf)
    between = (call.order < b.order < g_order for b in found.backwards["d"])
    return call.order < g_order and not any(between)


def _conditions(inputs: list[Tensor], main: Tensor) -> list[Condition]:
    return [_condition(x) for x in inputs if x is not main and x.numel() and x.dim()]


def _condition(x: Tensor) -> Condition:
    values = x.detach().float()
    spread = float((values - values[:1]).abs().max())
    whole = bool((values == values.round()).all())
    kind = "index" if not x.is_floating_point() else "whole" if whole else "real"
    return kind, spread, float(values.max()), values[:1].numel()
