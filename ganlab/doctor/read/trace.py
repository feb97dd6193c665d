"""Turns a digested round into numbers: losses, samples, noise and conditions."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ganlab.causes.trace import Span, Trace
from ganlab.doctor.cast import Cast
from ganlab.doctor.read.geometry import affine_between, likeness, unevenness
from ganlab.doctor.read.round import Round, Side, is_probability, scores
from ganlab.doctor.read.wiring import take_wiring
from ganlab.doctor.record import Call, Entry, last_activation


def seen_of(found: Round, cast: Cast) -> Trace:
    """The numbers of a digested round."""
    seen = Trace(found.number)
    for name, side in found.sides.items():
        _take_side(seen, name, side, found)
    seen.losses = {player: list(values) for player, values in found.losses.items()}
    seen.norms = {
        player: [
            step.norms.get((cast.generator if player == "g" else cast.discriminator).key, 0.0)
            for step in steps
        ]
        for player, steps in found.steps.items()
    }
    seen.probability = any(is_probability(call) for call in found.real + found.fake + found.mixed)
    _take_samples(seen, found, cast)
    _take_noise(seen, found, cast)
    take_wiring(seen, found, cast)
    seen.mixed = bool(found.mixed)
    seen.counts = {
        "d calls": len(found.real) + len(found.fake) + len(found.mixed),
        "d real": len(found.real) + len(found.mixed),
        "d fake": len(found.fake) + len(found.mixed),
        "g calls": len(found.made),
        "d steps": len(found.steps["d"]),
        "g steps": len(found.steps["g"]),
        "d losses": len(found.backwards["d"]),
        "g losses": len(found.backwards["g"]),
        "penalised": sum(call.penalised for call in found.real + found.fake + found.blended),
    }
    for call in found.real[:1] + found.mixed[:1]:
        seen.outputs["real"] = _span(scores(call))
    for name in ("d fake", "g fake"):
        for call in found.sides[name].calls[:1]:
            seen.outputs["fake" if name == "d fake" else "g fake"] = _span(scores(call))
    return seen


def _take_side(seen: Trace, name: str, side: Side, found: Round) -> None:
    seen.energy |= side.energy
    if side.pull is not None:
        seen.pulls[name] = side.pull
    if side.slope is not None:
        seen.slopes[name] = side.slope
    if side.target is not None:
        seen.targets[name] = side.target
    if side.entries:
        seen.contracts[name] = [(entry.contract, entry.inner) for entry in side.entries]
        seen.shapes[name] = [entry.shape for entry in side.entries]
        if name == "g fake":
            seen.saturates = [
                vote for entry in side.entries if (vote := _flat_end(entry)) in (0, 1)
            ]
        for entry in side.entries:
            output = found.tape.calls[entry.call].output
            if _is_table(entry.shape, len(output)) and output[:1].numel() == 1:
                seen.batch_wide = True
                seen.targets_differ |= entry.target is None or entry.target[0] != entry.target[1]


def _is_table(shape: tuple[int, ...], rows: int) -> bool:
    """Whether each of a batch's outputs, or of a few batches', met each target."""
    return rows > 1 and len(shape) == 2 and shape[0] == shape[1] and shape[0] % rows == 0


def _flat_end(entry: Entry) -> bool | None:
    """Whether a cross-entropy is taken in its saturating form, for a G that raises D(G(z))."""
    if entry.contract in ("bce", "bce_logits"):
        return None if entry.target is None else entry.target[1] < 0.5
    if entry.contract == "log" or entry.node.startswith("LogSigmoid"):
        return entry.flipped
    if entry.contract == "softplus":
        return not entry.flipped
    return None


def _take_samples(seen: Trace, found: Round, cast: Cast) -> None:
    for name, calls in (
        ("d real", found.real),
        ("d fake", found.fakes_of_d),
        ("mixed", found.mixed),
    ):
        if calls and calls[0].where:
            seen.where[name] = calls[0].where
    for call in found.real[:1]:
        seen.ranges["real"] = _span(cast.samples(call))
    for call in found.fakes_of_d[:1]:
        seen.ranges["fake"] = _span(cast.samples(call))
        seen.fake_mark = _mark(cast.samples(call))
    scored = found.sides["d fake"].calls + found.mixed
    births = [(call.origin(cast.position).born, call.steps) for call in scored]
    seen.fake_born = max(births, default=None)
    for call in found.mixed[:1]:
        for generated, part in cast.parts(call):
            seen.ranges.setdefault("fake" if generated else "real", _span(part))
    _take_affine(seen, found, cast)
    _take_mixture(seen, found, cast)
    names = [last_activation(call.outputs[0]) for call in found.made]
    seen.activation = next(filter(None, reversed(names)), "")


def _take_affine(seen: Trace, found: Round, cast: Cast) -> None:
    """How D's input follows from G's output; None where it does not by scale and shift alone."""
    for call in found.fake + found.mixed:
        shown = cast.samples(call)
        for generated, part in cast.parts(call):
            shown = part if generated else shown
        seen.score = (
            2 * call.output[:1].numel() <= shown[:1].numel() or call.output[:1].numel() <= 4
        )
        fits = [
            affine_between(made.outputs[0].detach(), shown)
            for made in reversed(found.made)
            if made.order < call.order and made.outputs[0].numel() == shown.numel()
        ]
        known = [fit for fit in fits if fit is not None]
        if known:
            seen.affine = known[0]
        elif fits:  # noise or augmentation lies between
            source = next(m for m in reversed(found.made) if m.order < call.order)
            seen.affine, seen.loose = None, likeness(source.outputs[0].detach(), shown)
            return


def _take_mixture(seen: Trace, found: Round, cast: Cast) -> None:
    """How evenly a penalty's points lie between real and generated samples."""
    for call in found.blended[:1]:
        x = cast.samples(call).double()
        for real in found.real:
            for fake in found.fake:
                a, b = cast.samples(real).double(), cast.samples(fake).double()
                if a.shape == b.shape == x.shape and x[:1].numel() > 1:
                    seen.uneven = unevenness(x, a, b)
                if seen.uneven is not None:
                    return


def _span(x: Tensor) -> Span:
    values = x.detach().float().reshape(-1)[:200_000]
    low, high = torch.aminmax(values)
    mean = values.mean()
    std = (values - mean).square().mean().sqrt()
    return Span(float(low), float(high), float(mean), float(std))


def _mark(x: Tensor) -> tuple[float, ...]:
    """Numbers that are equal for equal tensors, and hardly ever otherwise."""
    flat = x.detach().reshape(-1)
    picked = flat[:: max(1, len(flat) // 8)][:8].double()
    whole = flat.double()
    return (*picked.tolist(), float(whole.sum()), float(whole.square().sum()))


def _take_noise(seen: Trace, found: Round, cast: Cast) -> None:
    g_order = min((b.order for b in found.backwards["g"]), default=math.inf)
    d_orders = [b.order for b in found.backwards["d"]]
    for call in found.made:
        floats = [x for x in call.inputs if x.is_floating_point()]
        if not floats:
            continue
        phase = "g" if _feeds_g(call, found, g_order, d_orders) else "d"
        seen.noise.append((phase, _span(floats[0]), _mark(floats[0])))
        _take_conditions(seen, "g", call.inputs, floats[0])
        if call.where:
            seen.where.setdefault("g call", call.where)
    for call in found.real[:1]:
        _take_conditions(seen, "d", call.inputs, cast.samples(call))


def _feeds_g(call: Call, found: Round, g_order: float, d_orders: list[int]) -> bool:
    """Whether a pass of G served G's own loss: no D loss lies between them."""
    return call.order < g_order and not any(call.order < order < g_order for order in d_orders)


def _take_conditions(seen: Trace, who: str, inputs: list[Tensor], main: Tensor) -> None:
    """Further inputs: their kind, range and width."""
    for x in inputs:
        if x is main or not x.numel() or x.dim() == 0:
            continue
        values = x.detach().float()
        spread = float((values - values[:1]).abs().max())
        whole = bool((values == values.round()).all())
        kind = "index" if not x.is_floating_point() else "whole" if whole else "real"
        seen.conditions.setdefault(who, []).append(
            (kind, spread, float(values.max()), values[:1].numel())
        )
