"""Whether a break did harm, and whether its undo mended it: by the truth alone. Pure.

A break is compared with its unpatched twin at equal steps, in measures that no detector uses. How
far twins of other noise lie apart is the margin: what lies beyond it to the end is harm, what never
leaves it is harmless, and the rest is neither.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ganlab.bench.corpus.fate import present, shares

Check = Mapping[str, Any]
Badness = Mapping[str, float]  # by measure; higher is worse
Checks = Sequence[Check]
LASTING = 3  # checks that a stretch to the end has to have
CHANCE = 0.05  # of the unpatched repeats that may be called harmful
# Differences that matter to a person, however well the twins repeat each other.
SMALLEST: Badness = {
    "frechet": math.log(1.25),  # a quarter farther from the data
    "missing": 0.1,  # share of the classes or modes
    "off_modes": 0.05,  # share of the samples
    "unevenness": 0.05,  # of the most even spread's entropy
    "wrong_label": 0.1,  # share of the samples
}
_WORST = 1e9
_CALM = 3.0  # spreads: what never exceeds them is no more than other noise does


@dataclass(frozen=True)
class Margin:
    """How much worse than its twin a run of one base may be, by measure."""

    harm: Badness = field(default_factory=dict)  # beyond it to the end: harmful
    calm: Badness = field(default_factory=dict)  # not harmful, and never beyond it: harmless


@dataclass(frozen=True)
class Harm:
    """What a break did, by its truth."""

    kind: str  # "harmful", "harmless" or "neither"
    since: int | None = None  # the first check of the stretch that lasts to the undo
    fell: bool = False  # below where the run stood at the patch, not only behind its twin
    recovered: int | None = None  # the first check of the stretch back within it to the end


def badness(check: Check) -> Badness:
    """A check's measures, each turned so that higher is worse."""
    found = {"missing": 1.0 - present(check)}
    if "frechet" in check:
        distance = check["frechet"]
        found["frechet"] = math.log(max(_WORST if distance is None else distance, 1e-3))
    if "high_quality" in check:
        found["off_modes"] = 1.0 - (check["high_quality"] or 0.0)
        found["unevenness"] = 1.0 - _evenness(shares(check))
    if "label_accuracy" in check:
        found["wrong_label"] = 1.0 - (check["label_accuracy"] or 0.0)
    return found


def _evenness(held: Sequence[float]) -> float:
    """Entropy of the shares over its largest value; 0 where there is none."""
    total = sum(held)
    if total <= 0.0:
        return 0.0
    parts = [share / total for share in held if share > 0.0]
    return -sum(part * math.log(part) for part in parts) / math.log(len(held))


def smoothed(checks: Checks) -> dict[int, Badness]:
    """By step, each measure's median with the checks beside it: one bad draw is no harm."""
    rows = [badness(check) for check in checks]
    return {
        int(check["step"]): {
            name: statistics.median_low(row[name] for row in rows[max(0, at - 1) : at + 2])
            for name in rows[at]
        }
        for at, check in enumerate(checks)
    }


def gaps(own: Checks, twin: Checks) -> dict[int, Badness]:
    """How much worse than the twin, by step and measure."""
    ours, theirs = smoothed(own), smoothed(twin)
    return {step: _less(row, theirs[step]) for step, row in ours.items() if step in theirs}


def beyond(gap: Badness, bounds: Badness) -> bool:
    """Whether any measure is worse by more than its bound, or by more than is worth a word."""
    return any(value > bounds.get(name, SMALLEST[name]) for name, value in gap.items())


def lasting(steps: Sequence[int], holds: Sequence[bool]) -> int | None:
    """The first step of the stretch that holds to the end; None where it is too short."""
    length = 0
    for held in reversed(holds):
        if not held:
            break
        length += 1
    return steps[len(steps) - length] if length >= LASTING else None


Pair = tuple[Checks, Checks]  # of two runs that nobody patched, from one checkpoint


def margins(pairs: Mapping[str, Sequence[Pair]]) -> dict[str, Margin]:
    """By base, from pairs of unpatched runs.

    Each measure's spread over pairs and checks, times one factor for all: the smallest by which
    at most `CHANCE` of the pairs, both ways round and wherever they are cut, count as harmful.
    """
    spread = {base: _spread(found) for base, found in pairs.items()}
    needed = sorted(
        factor
        for base, found in pairs.items()
        for pair in found
        for way in (pair, pair[::-1])
        for factor in _needed(gaps(*way), spread[base])
    )
    factor = needed[math.ceil((1.0 - CHANCE) * len(needed)) - 1] if needed else 0.0
    return {base: _margin(sizes, factor) for base, sizes in spread.items()}


def _margin(spread: Badness, factor: float) -> Margin:
    harm = {name: max(factor * size, SMALLEST[name]) for name, size in spread.items()}
    return Margin(harm, calm={name: _CALM * size for name, size in spread.items()})


def _spread(pairs: Sequence[Pair]) -> dict[str, float]:
    """Root mean square of the gaps, by measure."""
    rows = [row for pair in pairs for row in gaps(*pair).values()]
    names = rows[0] if rows else {}
    return {name: math.sqrt(statistics.mean(row[name] ** 2 for row in rows)) for name in names}


def _needed(gap: Mapping[int, Badness], spread: Badness) -> list[float]:
    """For each check that a run might end at: the factor from which on it is not called harmful."""
    rows = [
        max(_times(gap[step][name], spread[name], SMALLEST[name]) for name in gap[step])
        for step in sorted(gap)
    ]
    return [min(rows[at - LASTING : at]) for at in range(LASTING, len(rows) + 1)]


def _times(value: float, spread: float, smallest: float) -> float:
    """The gap in units of the spread; nothing where it is too small to matter."""
    return value / spread if spread > 0.0 and value > smallest else 0.0


def harm_of(
    own: Checks, twin: Checks, margin: Margin, *, start: int, undone: int, crashed: bool
) -> Harm:
    """The harm of a break whose first patch was made at `start` and undone at `undone`.

    A run that an error ended is harmed from its last good check on.
    """
    while_held = [check for check in own if check["step"] <= undone]
    gap = gaps(while_held, twin)
    steps = sorted(gap)
    bad = [beyond(gap[step], margin.harm) for step in steps]
    if crashed:
        return Harm("harmful", _crash(steps, bad, start), fell=True)
    since = lasting(steps, bad)
    if since is None:
        return Harm("harmless" if _calm([gap[step] for step in steps], margin.calm) else "neither")
    return Harm(
        "harmful",
        since,
        fell=_fell(while_held, twin, margin.harm),
        recovered=_recovered(own, twin, margin, undone),
    )


def _calm(rows: Sequence[Badness], bounds: Badness) -> bool:
    """Never beyond the bounds, and in the later half, on average, not beyond a third of them.

    A G that stands still falls behind slowly: harm that is not measurable yet is not harmless. The
    repeats' averages spread over 0.6 of what their single checks do.
    """
    later = rows[len(rows) // 2 :]
    mean = {name: 3.0 * statistics.mean(row[name] for row in later) for name in later[0]}
    return not any(beyond(row, bounds) for row in (*rows, mean))


def _crash(steps: Sequence[int], bad: Sequence[bool], start: int) -> int:
    """The first check of the bad stretch before an error; the next one's place without any."""
    length = 0
    for held in reversed(bad):
        if not held:
            break
        length += 1
    return steps[-length] if length else (steps[-1] if steps else start)


def _stood(twin: Checks) -> Badness:
    """Where the patch found the run: the twin's first checks."""
    return smoothed(twin[:LASTING])[int(twin[1]["step"])]


def _fell(own: Checks, twin: Checks, bounds: Badness) -> bool:
    """Whether the end is worse than where the patch found the run, not only than its twin."""
    last = list(smoothed(own).values())[-LASTING:]
    return all(beyond(_less(row, _stood(twin)), bounds) for row in last)


def _recovered(own: Checks, twin: Checks, margin: Margin, undone: int) -> int | None:
    """Back at its twin, or at where the patch found it: lost training time is no harm that stands.

    From then on it has to be as calm as a harmless run. None where it is not so by the end.
    """
    later = [check for check in own if check["step"] > undone]
    rows, gap, stood = smoothed(later), gaps(later, twin), _stood(twin)
    steps = sorted(gap)
    bounds = {name: max(size, margin.calm.get(name, 0.0)) for name, size in margin.harm.items()}
    for place in range(len(steps) - LASTING + 1):
        rest = steps[place:]
        as_twin = _calm([gap[step] for step in rest], bounds)
        if as_twin or _calm([_less(rows[step], stood) for step in rest], bounds):
            return rest[0]
    return None


def _less(row: Badness, other: Badness) -> Badness:
    return {name: value - other[name] for name, value in row.items()}
