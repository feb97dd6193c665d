"""Finds the two players among the networks that a script runs, by who feeds whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from torch import Tensor

from ganlab.doctor.players.naming import all_names
from ganlab.doctor.record import Call, Key, Network, Recorder, Tape, owned_by

Feed = tuple[Key, Key, int]  # who feeds whom, at which of its inputs


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
    fed, others = _feeding(tape)
    asked = wanted or Wanted()
    known = _known(recorder, asked)
    best, height = None, 0.0
    for (source, target, position), count in fed.items():
        pair = recorder.networks[source], recorder.networks[target]
        elsewhere = others[target, position] > 0
        score = _score(pair, position, tape, recorder, elsewhere=elsewhere) + min(count, 20) / 100
        score += 10 * _named(pair, asked, known)
        if score > height:
            best, height = Cast(*pair, position), score
    if best is None or height < 2.0:
        return None
    return replace(best, twins=_twins(recorder, best, fed))


def _feeding(tape: Tape) -> tuple[Counter[Feed], Counter[tuple[Key, int]]]:
    """How often networks feed inputs of others, and how often an input gets something else."""
    fed: Counter[Feed] = Counter()
    others: Counter[tuple[Key, int]] = Counter()
    for call in tape.calls:
        for position, origin in enumerate(call.origins):
            sources = origin.networks - {call.network}
            for source in sources:
                fed[source, call.network, position] += 1
            if not sources or origin.mixed:
                others[call.network, position] += 1
    return fed, others


def _twins(recorder: Recorder, cast: Cast, fed: Iterable[Feed]) -> frozenset[Key]:
    """What else feeds the discriminator and is built like its generator."""
    feeding = {source for (source, target, _) in fed if target == cast.discriminator.key}
    alike = (n for n in feeding if _built_alike(recorder.networks[n], cast.generator))
    return frozenset(alike) - {cast.generator.key}


def _built_alike(one: Network, other: Network) -> bool:
    shapes = [[p.shape for p in network.parameters] for network in (one, other)]
    return type(one.module) is type(other.module) and shapes[0] == shapes[1]


def _score(
    pair: tuple[Network, Network], position: int, tape: Tape, recorder: Recorder, *, elsewhere: bool
) -> float:
    """How much the second of two networks looks like the first one's discriminator.

    `elsewhere`: whether it gets samples from elsewhere too.
    """
    generator, discriminator = pair
    calls = [c for c in tape.calls if c.network == discriminator.key and len(c.inputs) > position]
    sizes = [(c.output[:1].numel(), c.inputs[position][:1].numel()) for c in calls]
    if not sizes or not discriminator.parameters or not generator.parameters:
        return 0.0
    owned = owned_by(recorder.owners)
    score = _by_size(sizes, apart=_apart(pair, recorder)) + float(elsewhere)
    score += 0.5 * bool(discriminator.ids & owned) + 0.3 * bool(generator.ids & owned)
    score += _by_training(discriminator, owned, tape)
    score += 0.3 * all(out <= 2 for out, _ in sizes)
    return score


def _by_size(sizes: list[tuple[int, int]], *, apart: bool) -> float:
    """By the numbers a sample that come out and go in; `apart`: no optimiser owns both."""
    if all(out < given for out, given in sizes) or all(out == 1 for out, _ in sizes):
        return 1.0
    return -0.2 if apart else -2.0  # an energy-based D makes images


def _apart(pair: tuple[Network, Network], recorder: Recorder) -> bool:
    one, other = (network.ids for network in pair)
    return not any(owner.ids() & one and owner.ids() & other for owner in recorder.owners)


def _by_training(network: Network, owned: set[int], tape: Tape) -> float:
    """By whether some loss reaches it, or else nothing could train it."""
    trained = any(backward.reached.get(network.key, 0) for backward in tape.backwards)
    frozen = not any(parameter.requires_grad for parameter in network.parameters)
    return 0.5 * trained - 0.5 * (frozen and not trained and not network.ids & owned)


def _known(recorder: Recorder, wanted: Wanted) -> dict[Key, list[str]]:
    return all_names(recorder) if wanted.generator or wanted.discriminator else {}


def _named(pair: tuple[Network, Network], wanted: Wanted, known: dict[Key, list[str]]) -> int:
    """How many of the names that the user gave fit the pair."""
    count = 0
    for network, given in zip(pair, (wanted.generator, wanted.discriminator), strict=True):
        if given:
            name = given.removeprefix("self.")
            fits = (each == name or each.endswith("." + name) for each in known[network.key])
            count += 1 if any(fits) else -1
    return count
