"""From judged live breaks to shares and delays. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from ganlab.bench.live.judged import Judged
from ganlab.detectors.measured import Rate

WITH = 100  # steps around the recovery within which an all-clear comes with it


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
    harmful = [run for run in runs if run.harm.kind == "harmful"]
    harmless = [run for run in runs if run.harm.kind == "harmless"]
    neither = [run for run in runs if run.harm.kind == "neither"]
    fallen = [run for run in harmful if run.harm.fell]
    behind = [run for run in harmful if not run.harm.fell]
    noticed = [run for run in harmful if run.noticed is not None]
    pairs = [run for run in harmful if run.pair]
    undone = [run for run in harmful if run.undone_at is not None]
    clear = {word: 0 for word in ("before", "with", "after", "never")}
    for run in undone:
        clear[all_clear(run)] += 1
    return Scores(
        kinds={"harmful": len(harmful), "harmless": len(harmless), "neither": len(neither)},
        noticed=Rate(len(noticed), len(harmful)),
        noticed_fallen=_rate([run.noticed is not None for run in fallen]),
        noticed_behind=_rate([run.noticed is not None for run in behind]),
        named=_rate([run.named for run in harmful]),
        named_at_once=_rate([run.named_at_once for run in noticed]),
        named_pairs=_rate([run.named for run in pairs]),
        delays=tuple(delay(run) for run in noticed),
        green_over_harm=_rate([run.green_over_harm for run in harmful]),
        green_over_fallen=_rate([run.green_over_harm for run in fallen]),
        false_alarms=_rate([bool(run.alarms) for run in harmless]),
        repeat_alarms=_rate([bool(run.alarms) for run in repeats]),
        repeat_harm=_rate([run.harm.kind == "harmful" for run in repeats]),
        neither_alarms=_rate([bool(run.alarms) for run in neither]),
        recovered=_rate([run.harm.recovered is not None for run in undone]),
        all_clear=clear,
        not_before=Rate(len(undone) - clear["before"], len(undone)),
        wrong=tuple(line for run in runs for line in _wrong(run)),
    )


def _rate(hits: Sequence[bool]) -> Rate:
    return Rate(sum(hits), len(hits))


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
    harm, lines = run.harm, []
    if harm.kind == "harmless" and run.alarms:
        lines.append(f"harmless, said {', '.join(run.alarms)}")
    if harm.kind == "harmful":
        how = f"harmful from {harm.since}{'' if harm.fell else ' (only behind its twin)'}"
        if run.noticed is None:
            lines.append(f"{how}, not noticed")
        elif not run.named:
            shown = next((told for told in reversed(run.held) if told.first), None)
            lines.append(f"{how}, noticed at {run.noticed}, {_named_instead(run, shown)}")
        if run.green_over_harm:
            lines.append(f"{how}, called healthy meanwhile")
        if run.undone_at is not None and all_clear(run) == "before":
            lines.append(
                f"undone at {run.undone_at}, all-clear at {run.all_clear}, "
                f"recovered {'never' if harm.recovered is None else f'at {harm.recovered}'}"
            )
    return [f"{run.run}: {line}" for line in lines]


def _named_instead(run: Judged, shown: object) -> str:
    first = getattr(shown, "first", "")
    if not first:
        return "no cause named"
    blamed = getattr(shown, "blamed", None)
    if blamed is not None and blamed != run.blamed:
        return f"blamed the change at {blamed}, not the one at {run.blamed}"
    return f"named {first}"
