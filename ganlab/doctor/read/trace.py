"""A round becomes a trace: one round of a script as plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from ganlab.causes.trace import Location, Player, Span, Trace
from ganlab.doctor.players.cast import Cast
from ganlab.doctor.read import leftover, wiring
from ganlab.doctor.read.leftover import Gradients
from ganlab.doctor.read.noise import conditions_of, first_line, noise_of
from ganlab.doctor.read.round import Round, Side
from ganlab.doctor.read.samples import (
    activation,
    fake_born,
    fake_mark,
    passage,
    ranges,
    span,
    unevenness_of,
)
from ganlab.doctor.read.scores import is_probability, scores
from ganlab.doctor.record import Entry

T = TypeVar("T")


def trace_of(found: Round, cast: Cast) -> Trace:
    """The numbers of a round."""
    sides, shown, orphans = found.sides, passage(found, cast), wiring.orphans(found)
    tables = list(_tables(found))
    return Trace(
        number=found.number,
        pulls=_known(sides, lambda side: side.pull),
        slopes=_known(sides, lambda side: side.slope),
        targets=_known(sides, lambda side: side.target),
        contracts=_entries(sides, lambda entry: (entry.contract, entry.inner)),
        shapes=_entries(sides, lambda entry: entry.shape),
        losses={player: list(values) for player, values in found.losses.items()},
        saturates=_saturates(sides["g fake"]),
        outputs=_outputs(found),
        ranges=ranges(found, cast),
        noise=noise_of(found),
        conditions=conditions_of(found, cast),
        norms=_norms(found, cast),
        reaches=wiring.reaches(found, cast),
        left_over=leftover.players(found, cast, Gradients.left_over),
        left_by=leftover.players(found, cast, Gradients.left_by_the_other),
        modes=wiring.modes(found),
        counts=_counts(found),
        penalties=wiring.penalties(found),
        classes=wiring.classes(found),
        probability=any(is_probability(call) for call in found.scored),
        activation=activation(found),
        lasts=wiring.last_nodes(found),
        orphans=frozenset(orphans),
        orphan_numbers=sum(orphans.values()),
        penalised=wiring.penalised(found),
        entangled=wiring.is_entangled(found, cast),
        moves_both=wiring.moves_both(found, cast),
        torn=wiring.is_torn(found, cast),
        affine=shown.affine,
        loose=shown.loose,
        score=shown.score,
        energy=any(side.energy for side in sides.values()),
        batch_wide=bool(tables),
        targets_differ=any(map(_differs, tables)),
        mixed=bool(found.mixed),
        uneven=unevenness_of(found, cast),
        fake_born=fake_born(found, cast),
        fake_mark=fake_mark(found, cast),
        where=_where(found),
    )


def _known(sides: dict[str, Side], pick: Callable[[Side], float | None]) -> dict[str, float]:
    picked = {name: pick(side) for name, side in sides.items()}
    return {name: value for name, value in picked.items() if value is not None}


def _entries(sides: dict[str, Side], pick: Callable[[Entry], T]) -> dict[str, list[T]]:
    return {name: [*map(pick, side.entries)] for name, side in sides.items() if side.entries}


def _saturates(side: Side) -> list[bool]:
    votes = map(_flat_end, side.entries)
    return [vote for vote in votes if vote is not None]


def _flat_end(entry: Entry) -> bool | None:
    """Whether a cross-entropy is taken in its saturating form, for a G that raises D(G(z))."""
    if entry.contract in ("bce", "bce_logits"):
        return None if entry.target is None else entry.target[1] < 0.5
    if entry.contract == "log" or entry.node.startswith("LogSigmoid"):
        return entry.flipped
    if entry.contract == "softplus":
        return not entry.flipped
    return None


def _tables(found: Round) -> Iterator[Entry]:
    """The entries of scores of which each met each target."""
    for side in found.sides.values():
        for entry in side.entries:
            output = found.tape.calls[entry.call].output
            if _is_table(entry.shape, len(output)) and output[:1].numel() == 1:
                yield entry


def _is_table(shape: tuple[int, ...], rows: int) -> bool:
    """Whether each of a batch's outputs, or of a few batches', met each target."""
    return rows > 1 and len(shape) == 2 and shape[0] == shape[1] and shape[0] % rows == 0


def _differs(entry: Entry) -> bool:
    return entry.target is None or entry.target[0] != entry.target[1]


def _norms(found: Round, cast: Cast) -> dict[Player, list[float]]:
    return {
        player: [step.norms.get(key, 0.0) for step in found.steps[player]]
        for player, key in wiring.keys_of(cast).items()
    }


def _outputs(found: Round) -> dict[str, Span]:
    calls = {
        "real": found.mixed or found.real,
        "fake": found.sides["d fake"].calls,
        "g fake": found.sides["g fake"].calls,
    }
    return {name: span(scores(passes[0])) for name, passes in calls.items() if passes}


def _counts(found: Round) -> dict[str, int]:
    passes = found.real + found.fake + found.blended
    return {
        "d calls": len(found.scored),
        "d real": len(found.real) + len(found.mixed),
        "d fake": len(found.fake) + len(found.mixed),
        "g calls": len(found.made),
        "d steps": len(found.steps["d"]),
        "g steps": len(found.steps["g"]),
        "d losses": len(found.backwards["d"]),
        "g losses": len(found.backwards["g"]),
        "penalised": sum(call.penalised for call in passes),
    }


def _where(found: Round) -> dict[str, Location]:
    passes = {"d real": found.real, "d fake": found.fakes_of_d, "mixed": found.mixed}
    firsts = {name: calls[0].where for name, calls in passes.items() if calls}
    firsts["g call"] = first_line(found)
    return {name: where for name, where in firsts.items() if where} | wiring.lines(found)
