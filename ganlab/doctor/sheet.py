"""What was seen of a pair, round by round, as plain numbers: the rules' only source."""

from __future__ import annotations

import math
import statistics
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from ganlab.doctor.cast import Cast
from ganlab.doctor.digest import Round, Side, is_probability, scores
from ganlab.doctor.geometry import Likeness, affine_between, likeness, unevenness, widest
from ganlab.doctor.graph import Entry, last_activation
from ganlab.doctor.tape import Owner, Recorder
from ganlab.doctor.words import PLAYERS, Call, Location, Player

_ACTIVATIONS = frozenset({"Tanh", "Sigmoid", "Softmax"})
_KEPT = 80  # rounds
_FIRST = 24
_BOUNDS = {"Tanh": (-1.0, 1.0), "Sigmoid": (0.0, 1.0), "Softmax": (0.0, 1.0)}


@dataclass(frozen=True)
class Span:
    """Range and first two moments of some values."""

    low: float
    high: float
    mean: float
    std: float

    @classmethod
    def of(cls, x: Tensor) -> Span:
        values = x.detach().float().reshape(-1)[:200_000]
        low, high = torch.aminmax(values)
        mean = values.mean()
        std = (values - mean).square().mean().sqrt()
        return cls(float(low), float(high), float(mean), float(std))


@dataclass
class Seen:
    """One round as numbers."""

    number: int
    pulls: dict[str, float] = field(default_factory=dict)  # "d real" -> -dL/dD
    slopes: dict[str, float] = field(default_factory=dict)
    targets: dict[str, float] = field(default_factory=dict)
    contracts: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    shapes: dict[str, list[tuple[int, ...]]] = field(default_factory=dict)
    losses: dict[Player, list[float]] = field(default_factory=dict)
    saturates: list[bool] = field(default_factory=list)  # each entry of D(G(z)) into G's loss
    outputs: dict[str, Span] = field(default_factory=dict)  # of D: "real", "fake", "g fake"
    ranges: dict[str, Span] = field(default_factory=dict)  # samples: "real", "fake"
    noise: list[tuple[str, Span, tuple[float, ...]]] = field(default_factory=list)
    # of each pass of G: "d" or "g", its first input's range, its first numbers
    conditions: dict[str, list[tuple[str, float, float, int]]] = field(default_factory=dict)
    norms: dict[Player, list[float]] = field(default_factory=dict)  # of gradients at steps
    reaches: dict[str, bool] = field(default_factory=dict)  # "g loss to g", "d loss to d", ...
    left_over: set[Player] = field(default_factory=set)
    left_by: set[Player] = field(default_factory=set)  # who was left over from the other's loss
    modes: dict[str, bool] = field(default_factory=dict)  # "g", "d": training mode
    counts: dict[str, int] = field(default_factory=dict)
    penalties: list[tuple[tuple[int, ...], tuple[int, ...], float, float]] = field(
        default_factory=list
    )  # shape, dimensions, mean norm, lambda
    classes: list[str] = field(default_factory=list)
    probability: bool = False
    activation: str = ""  # G's last
    lasts: dict[Player, str] = field(default_factory=dict)  # last node below any activation
    orphans: frozenset[int] = frozenset()  # parameters used that nobody knows of
    orphan_numbers: int = 0
    penalised: bool = False  # D's loss contains a gradient penalty of any form
    entangled: bool = False  # some pass over fakes leads back to both networks
    torn: bool = False  # one backward pulls D's opinion of one batch both ways
    affine: tuple[float, float] | None = None  # what D sees of G's output: scale and shift
    loose: Likeness | None = None  # the same by moments, where noise or augmentation lies between
    score: bool = True  # whether D's output is a score, not an image of its own
    batch_wide: bool = False  # the loss compared [B] with [B, 1]
    targets_differ: bool = False  # and not with one target for all
    mixed: bool = False
    uneven: float | None = None  # deviation within a sample of how a penalty's point was mixed
    fake_mark: tuple[float, ...] = ()
    where: dict[str, Location] = field(default_factory=dict)


def seen_of(found: Round, cast: Cast) -> Seen:
    """The numbers of a digested round."""
    seen = Seen(found.number)
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
    _take_wiring(seen, found, cast)
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
        seen.outputs["real"] = Span.of(scores(call))
    for name in ("d fake", "g fake"):
        for call in found.sides[name].calls[:1]:
            seen.outputs["fake" if name == "d fake" else "g fake"] = Span.of(scores(call))
    return seen


def _take_side(seen: Seen, name: str, side: Side, found: Round) -> None:
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


def _take_samples(seen: Seen, found: Round, cast: Cast) -> None:
    for name, calls in (
        ("d real", found.real),
        ("d fake", found.fakes_of_d),
        ("mixed", found.mixed),
    ):
        if calls and calls[0].where:
            seen.where[name] = calls[0].where
    for call in found.real[:1]:
        seen.ranges["real"] = Span.of(cast.samples(call))
    for call in found.fakes_of_d[:1]:
        seen.ranges["fake"] = Span.of(cast.samples(call))
        seen.fake_mark = _mark(cast.samples(call))
    for call in found.mixed[:1]:
        for generated, part in cast.parts(call):
            seen.ranges.setdefault("fake" if generated else "real", Span.of(part))
    _take_affine(seen, found, cast)
    _take_mixture(seen, found, cast)
    names = [last_activation(call.outputs[0]) for call in found.made]
    seen.activation = next(filter(None, reversed(names)), "")


def _take_affine(seen: Seen, found: Round, cast: Cast) -> None:
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


def _take_mixture(seen: Seen, found: Round, cast: Cast) -> None:
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


def _mark(x: Tensor) -> tuple[float, ...]:
    """Numbers that are equal for equal tensors, and hardly ever otherwise."""
    flat = x.detach().reshape(-1)
    picked = flat[:: max(1, len(flat) // 8)][:8].double()
    whole = flat.double()
    return (*picked.tolist(), float(whole.sum()), float(whole.square().sum()))


def _take_noise(seen: Seen, found: Round, cast: Cast) -> None:
    g_order = min((b.order for b in found.backwards["g"]), default=math.inf)
    d_orders = [b.order for b in found.backwards["d"]]
    for call in found.made:
        floats = [x for x in call.inputs if x.is_floating_point()]
        if not floats:
            continue
        phase = "g" if _feeds_g(call, found, g_order, d_orders) else "d"
        seen.noise.append((phase, Span.of(floats[0]), _mark(floats[0])))
        _take_conditions(seen, "g", call.inputs, floats[0])
        if call.where:
            seen.where.setdefault("g call", call.where)
    for call in found.real[:1]:
        _take_conditions(seen, "d", call.inputs, cast.samples(call))


def _feeds_g(call: Call, found: Round, g_order: float, d_orders: list[int]) -> bool:
    """Whether a pass of G served G's own loss: no D loss lies between them."""
    return call.order < g_order and not any(call.order < order < g_order for order in d_orders)


def _take_conditions(seen: Seen, who: str, inputs: list[Tensor], main: Tensor) -> None:
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


def _take_wiring(seen: Seen, found: Round, cast: Cast) -> None:
    keys: dict[Player, int] = {"g": cast.generator.key, "d": cast.discriminator.key}
    for player in PLAYERS:
        backwards = found.backwards[player]
        for other, key in keys.items() if backwards else ():
            seen.reaches[f"{player} loss to {other}"] = any(b.reached.get(key) for b in backwards)
        for name, events in (("loss", backwards), ("step", found.steps[player])):
            if places := [event.where for event in events if event.where]:
                seen.where[f"{player} {name}"] = places[-1]
        _take_left_over(seen, found, player, keys[player])
    _take_modes(seen, found)
    _take_graphs(seen, found)
    seen.torn = _is_torn(found, cast)
    passes = found.fake + found.mixed
    seen.entangled = any(call.live and call.attached[cast.position] for call in passes)


def _take_graphs(seen: Seen, found: Round) -> None:
    reads = [b.reads for b in found.backwards["d"] + found.backwards["g"]]
    seen.orphans = frozenset().union(*(r.orphans for r in reads), frozenset())
    seen.orphan_numbers = sum({k: v for r in reads for k, v in r.orphans.items()}.values())
    seen.penalised = any(b.reads.penalised for b in found.backwards["d"])
    seen.classes = [name for r in reads for name in r.classes]
    for call in found.made[:1]:
        seen.lasts["g"] = last_activation(call.output, _ACTIVATIONS.__contains__)
    for call in (found.real + found.fake + found.mixed)[:1]:
        seen.lasts["d"] = last_activation(call.output, _ACTIVATIONS.__contains__)
    for backward in found.backwards["d"]:
        norms, weights = backward.reads.norms, backward.reads.weights
        seen.penalties += [(*norm, weight) for norm, weight in zip(norms, weights, strict=True)]


def _is_torn(found: Round, cast: Cast) -> bool:
    """Whether one backward sends opposite opinions of the fakes into D and G alike."""
    for backward in found.backwards["d"] + found.backwards["g"]:
        pulls = [
            float(-grad.float().sum())
            for call in found.fake
            for order, grad in call.grads
            if order == backward.order and call.live and call.attached[cast.position]
        ]
        if any(pull > 0 for pull in pulls) and any(pull < 0 for pull in pulls):
            return True
    return False


def _take_modes(seen: Seen, found: Round) -> None:
    training = [call.training for call in found.made if call.graded]
    if training:
        seen.modes["g"] = any(training)
    training = [call.training for call in found.real + found.fake + found.mixed]
    if training:
        seen.modes["d"] = any(training)


def _take_left_over(seen: Seen, found: Round, player: Player, key: int) -> None:
    """Gradients that were there when a player's first loss after its step went backward."""
    own, steps = found.backwards[player], found.steps[player]
    last = max((step.order for step in steps), default=0)
    # The other's loss found them clean after the player's step, so what is left later is its own.
    soiled = any(
        b.order > last and b.reached.get(key) and b.grads_before.get(key) in ("zero", "none")
        for b in found.tape.backwards
        if b not in own
    )
    for step in steps:
        before = [other.order for other in steps if other.order < step.order]
        mine = [b.order for b in own if max(before, default=0) < b.order < step.order]
        foreign = [b for b in found.tape.backwards if b not in own and b.reached.get(key)]
        if mine and any(min(mine) < b.order < step.order for b in foreign):
            seen.left_over.add(player)
            seen.left_by.add(player)
    since = -1  # order of the player's last step
    for backward in own:
        before = [step.order for step in steps if step.order < backward.order]
        latest = max(before, default=0)
        if latest == since:  # not the first one since then
            continue
        since = latest
        if backward.grads_before.get(key) != "left over":
            continue
        seen.left_over.add(player)
        if soiled or any(
            other.reached.get(key) and other.grads_before.get(key) != "left over"
            for other in found.tape.backwards
            if latest < other.order < backward.order and other not in own
        ):
            seen.left_by.add(player)


class Sheet:
    """All rounds that were looked at, and what does not change."""

    def __init__(self, recorder: Recorder, cast: Cast, owners: dict[Player, list[int]]) -> None:
        self.recorder, self.cast, self.owners = recorder, cast, owners
        self.rounds: deque[Seen] = deque(maxlen=_KEPT)
        self.early: list[Seen] = []  # the first rounds, before either player is sure
        self.updates = 0  # of G
        self.loss = ""  # family, once it is known
        self.symptoms: dict[str, tuple[str, int, str]] = {}  # slug -> severity, step, summary
        self.outcome: dict[str, float] = {}  # the last probe's measurements
        self.answers: dict[str, Any] = {}  # of experiments on copies
        self.distinct = 0  # real samples seen, each counted once
        self.real_seen = 0
        self.error = ""  # that ended the script

    def owner(self, player: Player) -> Owner | None:
        """The first optimiser that owns the player's parameters."""
        numbers = self.owners[player]
        return self.recorder.owners[numbers[0]] if numbers else None

    @property
    def activation(self) -> str:
        """G's last activation, as last seen; "" while unknown."""
        return next((seen.activation for seen in reversed(self.rounds) if seen.activation), "")

    def reach(self) -> tuple[float, float] | None:
        """What G's last activation lets D see; None where it is unbounded or cannot be told."""
        for seen in reversed(self.rounds):
            if seen.activation:
                bounds = _BOUNDS.get(seen.activation)
                if bounds is None:
                    return None
                if seen.affine is None:
                    return widest(bounds, [r.loose for r in self.rounds if r.loose is not None])
                scale, shift = seen.affine
                return bounds[0] * scale + shift, bounds[1] * scale + shift
        return None

    @property
    def reach_is_exact(self) -> bool:
        """Whether D sees G's output by scale and shift alone."""
        return bool(self.rounds) and self.rounds[-1].affine is not None

    def add(self, seen: Seen) -> None:
        """Takes a round."""
        self.rounds.append(seen)
        if len(self.early) < _FIRST:
            self.early.append(seen)

    def values(self, pick: Callable[[Seen], float | None], last: int = 24) -> list[float]:
        """A number of each of the last rounds that have it."""
        found = (pick(seen) for seen in list(self.rounds)[-last:])
        return [value for value in found if value is not None]

    def median(self, pick: Callable[[Seen], float | None], last: int = 24) -> float | None:
        """Its median; None where it was never measured."""
        values = self.values(pick, last)
        return statistics.median(values) if values else None

    def share(
        self, holds: Callable[[Seen], bool], where: Callable[[Seen], bool] = lambda _: True
    ) -> tuple[float, int]:
        """The share of rounds in which something holds, and of how many."""
        chosen = [holds(seen) for seen in self.rounds if where(seen)]
        return (sum(chosen) / len(chosen), len(chosen)) if chosen else (0.0, 0)

    def where(self, *names: str) -> Location | None:
        """The newest known line of one of these."""
        for name in names:
            for seen in reversed(self.rounds):
                if name in seen.where:
                    return seen.where[name]
        return None

    def prospers(self) -> bool | None:
        """Whether G's samples are varied, on the data and all over it; None before 600 updates."""
        outcome = self.outcome
        needed = ("diversity", "codebook_js_long", "missing_mass", "off_data")
        if self.updates < 600 or not all(name in outcome for name in needed):
            return None
        return (
            0.5 < outcome["diversity"] < 1.5
            and outcome["codebook_js_long"] < 0.15
            and outcome["missing_mass"] < 0.15
            and outcome["off_data"] < 0.6
        )

    def far_off(self) -> bool:
        """Whether G's samples are hardly like the data: as early ones are, or failing ones."""
        outcome = self.outcome
        return "missing_mass" in outcome and (
            outcome["codebook_js_long"] > 0.35
            or outcome["missing_mass"] > 0.5
            or outcome["diversity"] < 0.2
            or outcome["off_data"] > 0.97
        )

    def fails(self) -> bool:
        """Whether they still are after a thousand updates."""
        return self.updates >= 1000 and self.far_off()

    def target(self, name: str) -> float | None:
        """The median target of one kind of sample in one player's loss."""
        return self.median(lambda seen: seen.targets.get(name))

    def contracts(self, name: str) -> set[tuple[str, str]]:
        """How D's output enters a loss, in any round."""
        return {pair for seen in self.rounds for pair in seen.contracts.get(name, [])}

    def modules(self, player: Player) -> Iterator[Any]:
        """The layers of a player, in order."""
        module = (self.cast.generator if player == "g" else self.cast.discriminator).module
        if module is not None:
            yield from module.modules()


def sign(values: Iterable[float]) -> int:
    """+1 or -1 where at least four of five agree, else 0."""
    known = [value for value in values if value != 0 and math.isfinite(value)]
    if len(known) < 3:
        return 0
    up = sum(value > 0 for value in known) / len(known)
    return 1 if up >= 0.8 else -1 if up <= 0.2 else 0
