"""Finds the two players among the networks that a script runs, by who feeds whom."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from torch import Tensor, nn

from ganlab.doctor.record import Call, Key, Network, Recorder, Tape

_OURS = ("module", "self", "call", "value", "piece")  # names by which we hold modules ourselves


@dataclass(frozen=True)
class Cast:
    """Who plays whom, and by which input of D the samples come in."""

    generator: Network
    discriminator: Network
    position: int  # of the samples among D's inputs
    twins: frozenset[Key] = frozenset()  # further generators, built like G

    def is_generator(self, call: Call) -> bool:
        """Whether G made the call."""
        return call.network == self.generator.key

    def is_discriminator(self, call: Call) -> bool:
        """Whether D made the call, on samples."""
        return call.network == self.discriminator.key and len(call.inputs) > self.position

    def sees_fakes(self, call: Call) -> bool:
        """Whether a call of D got samples of G, alone or among others."""
        return self.generator.key in call.origin(self.position).networks

    def sees_twins(self, call: Call) -> bool:
        """Whether a call of D got samples of a further generator alone."""
        return bool(call.origin(self.position).networks & self.twins) and not self.sees_fakes(call)

    def parts(self, call: Call) -> Iterator[tuple[bool, Tensor]]:
        """The parts of a batch of mixed origin: whether G made them, and the samples."""
        for generated in (False, True):
            numbers = self.rows(call, generated)
            if len(numbers):
                yield generated, self.samples(call)[numbers]

    def rows(self, call: Call, generated: bool) -> Tensor:
        """(n,) Which rows of such a batch G made, or did not; none where that is unknown."""
        numbers = call.origin(self.position).numbers(generated)
        return numbers[numbers < len(self.samples(call))]

    def samples(self, call: Call) -> Tensor:
        """What D looks at in a call."""
        return call.inputs[self.position]


@dataclass(frozen=True)
class Wanted:
    """Names that the user has given for the players."""

    generator: str = ""
    discriminator: str = ""


def find_cast(recorder: Recorder, tape: Tape, wanted: Wanted | None = None) -> Cast | None:
    """The likeliest pair so far: D gets samples from G and from elsewhere. None while unclear."""
    fed: Counter[tuple[Key, Key, int]] = Counter()
    others: Counter[tuple[Key, int]] = Counter()
    for call in tape.calls:
        for position, origin in enumerate(call.origins):
            sources = origin.networks - {call.network}
            for source in sources:
                fed[source, call.network, position] += 1
            if not sources or origin.mixed:
                others[call.network, position] += 1
    best, height = None, 0.0
    for (source, target, position), count in fed.items():
        pair = recorder.networks[source], recorder.networks[target]
        score = _score(pair, position, tape, others, recorder) + min(count, 20) / 100
        score += 10 * _named(pair, wanted or Wanted())
        if score > height:
            best, height = Cast(*pair, position), score
    if best is None or height < 2.0:
        return None
    feeding = {s for (s, target, _) in fed if target == best.discriminator.key}
    alike = (n for n in feeding if _built_alike(recorder.networks[n], best.generator))
    return replace(best, twins=frozenset(alike) - {best.generator.key})


def _built_alike(one: Network, other: Network) -> bool:
    shapes = [[p.shape for p in network.parameters] for network in (one, other)]
    return type(one.module) is type(other.module) and shapes[0] == shapes[1]


def _score(
    pair: tuple[Network, Network],
    position: int,
    tape: Tape,
    others: Counter[tuple[Key, int]],
    recorder: Recorder,
) -> float:
    """How much the second of two networks looks like the first one's discriminator."""
    generator, discriminator = pair
    calls = [c for c in tape.calls if c.network == discriminator.key and len(c.inputs) > position]
    sizes = [(c.output[:1].numel(), c.inputs[position][:1].numel()) for c in calls]
    if not sizes or not discriminator.parameters or not generator.parameters:
        return 0.0
    owned = set().union(*(owner.ids() for owner in recorder.owners), set())
    small = all(out < given for out, given in sizes) or all(out == 1 for out, _ in sizes)
    apart = not any(
        owner.ids() & generator.ids and owner.ids() & discriminator.ids for owner in recorder.owners
    )
    score = 1.0 if small else -0.2 if apart else -2.0  # an energy-based D makes images
    score += 1.0 if others[discriminator.key, position] else 0.0
    score += 0.5 * bool(discriminator.ids & owned) + 0.3 * bool(generator.ids & owned)
    frozen = not any(p.requires_grad for p in discriminator.parameters)
    trained = any(b.reached.get(discriminator.key, 0) for b in tape.backwards)
    score += 0.5 * trained - 0.5 * (frozen and not trained and not discriminator.ids & owned)
    score += 0.3 * all(out <= 2 for out, _ in sizes)
    return score


def _named(pair: tuple[Network, Network], wanted: Wanted) -> int:
    """How many of the names that the user gave fit the pair."""
    count = 0
    for network, name in zip(pair, (wanted.generator, wanted.discriminator), strict=True):
        if name:
            known = {network.name, *(n for piece in network.pieces for n in names_of(piece))}
            count += 1 if name in known or any(n.endswith("." + name) for n in known) else -1
    return count


def names_of(module: nn.Module | None) -> list[str]:
    """What the script calls a module: its variables, and attributes of its objects."""
    if module is None:
        return []
    main = vars(sys.modules.get("__main__", object()))
    found = [name for name, value in main.items() if value is module]
    for name, value in list(main.items()):
        inner = getattr(value, "__dict__", None)
        if isinstance(inner, dict) and not name.startswith("_") and not _is_module(value):
            found += [f"{name}.{each}" for each, other in inner.items() if other is module]
    return found or list(_held_by_objects(module))


def _is_module(value: Any) -> bool:
    return isinstance(value, type(sys))


def _held_by_objects(module: nn.Module) -> Iterator[str]:
    """Names by which objects and running functions hold the module."""
    for holder in _dicts_with(module):
        for name, value in holder.items():
            if value is module and isinstance(name, str) and not name.startswith("__"):
                yield name


def _dicts_with(module: nn.Module) -> Iterable[dict[Any, Any]]:
    frame = sys._getframe(1)
    while frame is not None:
        yield frame.f_locals
        frame = frame.f_back  # type: ignore[assignment]
    yield from (d for d in gc.get_referrers(module) if isinstance(d, dict))


def name_networks(recorder: Recorder) -> None:
    """Gives networks the names that the script has for them, with their class."""
    for network in recorder.networks.values():
        if network.pieces and "(" not in network.name:
            network.name = " + ".join(map(_described, network.pieces))


def _described(module: nn.Module) -> str:
    """'netD (Discriminator)', or the class alone where the script has no name for it."""
    kind = type(module).__name__
    own = [name for name in names_of(module) if name not in _OURS]
    return f"{own[0]} ({kind})" if own else kind
