"""From judged live breaks to shares and delays. Pure."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ganlab.bench.live.judged import Judged
from ganlab.detectors.measured import Rate

KINDS = ("harmful", "harmless", "neither")
CLEAR = ("before", "with", "after", "never")
WITH = 100  # steps around the recovery within which an all-clear comes with it
Asked = Callable[[Judged], bool]


@dataclass(frozen=True)
class Scores:
    """Everything that the table says; each rate with what it is a share of."""

    kinds: dict[str, int]  # breaks by what they did
    noticed: Rate
    noticed_fallen: Rate  # of those that fell below where they stood
    noticed_behind: Rate  # of those that only fell behind their twin
    named: Rate
    named_at_once: Rate  # of those noticed
    named_pairs: Rate
    delays: tuple[int, ...]  # from measurable harm to the notice; negative: before it
    green_over_harm: Rate
    green_over_fallen: Rate
    false_alarms: Rate  # harmless breaks
    repeat_alarms: Rate  # twins of other noise
    repeat_harm: Rate  # those that the margin calls harmful
    neither_alarms: Rate
    recovered: Rate  # of the harmful ones that were undone
    all_clear: dict[str, int]  # "before", "with", "after" the recovery, "never"
    not_before: Rate
    wrong: tuple[str, ...]

    @property
    def median_delay(self) -> float:
        """Steps; NaN without any notice."""
        return statistics.median(self.delays) if self.delays else math.nan


def scored(runs: Sequence[Judged], repeats: Sequence[Judged] = ()) -> Scores:
    """The scores of these breaks; `repeats` are twins of other noise."""
    harmful, harmless, neither = ([run for run in runs if run.harm.kind == kind] for kind in KINDS)
    noticed = [run for run in harmful if _noticed(run)]
    undone = [run for run in harmful if _undone(run)]
    clear = Counter(map(all_clear, undone))
    return Scores(
        kinds=dict(zip(KINDS, map(len, (harmful, harmless, neither)), strict=True)),
        noticed=_share(harmful, _noticed),
        noticed_fallen=_share(harmful, _noticed, among=_fell),
        noticed_behind=_share(harmful, _noticed, among=lambda run: not _fell(run)),
        named=_share(harmful, _named),
        named_at_once=_share(noticed, lambda run: run.named_at_once),
        named_pairs=_share(harmful, _named, among=lambda run: run.pair),
        delays=tuple(map(delay, noticed)),
        green_over_harm=_share(harmful, _green),
        green_over_fallen=_share(harmful, _green, among=_fell),
        false_alarms=_share(harmless, _alarmed),
        repeat_alarms=_share(repeats, _alarmed),
        repeat_harm=_share(repeats, lambda run: run.harm.kind == "harmful"),
        neither_alarms=_share(neither, _alarmed),
        recovered=_share(undone, lambda run: run.harm.recovered is not None),
        all_clear={word: clear[word] for word in CLEAR},
        not_before=_share(undone, lambda run: all_clear(run) != "before"),
        wrong=tuple(line for run in runs for line in _wrong(run)),
    )


def _share(runs: Iterable[Judged], hit: Asked, among: Asked = lambda run: True) -> Rate:
    """How many of the runs, of those among them that are asked about, are hits."""
    hits = [hit(run) for run in runs if among(run)]
    return Rate(sum(hits), len(hits))


def _noticed(run: Judged) -> bool:
    return run.noticed is not None


def _named(run: Judged) -> bool:
    return run.named


def _alarmed(run: Judged) -> bool:
    return bool(run.alarms)


def _green(run: Judged) -> bool:
    return run.green_over_harm


def _fell(run: Judged) -> bool:
    return run.harm.fell


def _undone(run: Judged) -> bool:
    return run.undone_at is not None


def delay(run: Judged) -> int:
    """Steps from measurable harm to the notice."""
    assert run.noticed is not None and run.harm.since is not None
    return run.noticed - run.harm.since


def all_clear(run: Judged) -> str:
    """When the all-clear came, seen from the recovery: "before", "with", "after" or "never"."""
    said, recovered = run.all_clear, run.harm.recovered
    if said is None:
        return "never"
    if recovered is None or said < recovered - WITH:
        return "before"
    return "with" if said <= recovered + WITH else "after"


def _wrong(run: Judged) -> list[str]:
    """What was said wrongly of a run, in lines by its name."""
    lines = list(_wrong_of_harm(run)) if run.harm.kind == "harmful" else []
    if run.harm.kind == "harmless" and run.alarms:
        lines.append(f"harmless, said {', '.join(run.alarms)}")
    return [f"{run.run}: {line}" for line in lines]


def _wrong_of_harm(run: Judged) -> Iterator[str]:
    harm = run.harm
    how = f"harmful from {harm.since}{'' if harm.fell else ' (only behind its twin)'}"
    if not _noticed(run):
        yield f"{how}, not noticed"
    elif not run.named:
        yield f"{how}, noticed at {run.noticed}, {_named_instead(run)}"
    if run.green_over_harm:
        yield f"{how}, called healthy meanwhile"
    if _undone(run) and all_clear(run) == "before":
        recovered = "never" if harm.recovered is None else f"at {harm.recovered}"
        yield f"undone at {run.undone_at}, all-clear at {run.all_clear}, recovered {recovered}"


def _named_instead(run: Judged) -> str:
    told = run.diagnosed
    if told is None:
        return "no cause named"
    if told.blamed is not None and told.blamed != run.blamed:
        return f"blamed the change at {told.blamed}, not the one at {run.blamed}"
    return f"named {told.first}"
