"""The live benchmark's table, with its targets beside the figures. Measures nothing."""

from __future__ import annotations

import math

from ganlab.bench.corpus.intervals import clopper_pearson
from ganlab.bench.live.scores import Scores
from ganlab.bench.table import table, verdict
from ganlab.detectors.measured import Rate

NOTICED, NAMED, FALSE_ALARMS, NOT_BEFORE = 0.95, 0.90, 0.05, 0.98
MEDIAN_DELAY = 150  # steps
Row = tuple[str, str, str, str]


def report(scores: Scores, *, sealed: bool, quick: bool) -> str:
    """Remarks, table and what was wrong, as text."""
    parts = [_remarks(scores, sealed, quick), table(("", "measured", "target", ""), _rows(scores))]
    if scores.wrong:
        parts.append("Wrong:\n" + "\n".join(f"  {line}" for line in scores.wrong))
    return "\n\n".join(parts)


def _remarks(scores: Scores, sealed: bool, quick: bool) -> str:
    kinds = scores.kinds
    lines = [
        f"{'Sealed test' if sealed else 'Open part'}: {kinds['harmful']} breaks that harm, "
        f"{kinds['harmless']} harmless ones, {kinds['neither']} neither (scored apart).",
        "Harm: worse than the unpatched twin by more than twins of other noise differ, to the end.",
    ]
    if not sealed:
        lines.append("Rules were tuned on these breaks: quote the figures of --sealed.")
    if quick:
        lines.append("Quick: the first seed of each break only.")
    return "\n".join(lines)


def _rows(scores: Scores) -> list[Row]:
    clear = ", ".join(f"{count} {word}" for word, count in scores.all_clear.items())
    return [
        _least("harmful: noticed", scores.noticed, NOTICED),
        _plain("  that fell below where they stood", scores.noticed_fallen),
        _plain("  that only fell behind their twin", scores.noticed_behind),
        _least("harmful: the patch named first", scores.named, NAMED),
        _plain("  already when noticed (of those noticed)", scores.named_at_once),
        _plain("  of pairs, one of them harmless", scores.named_pairs),
        _delay(scores),
        _plain("harmful: called healthy while harm stands", scores.green_over_harm),
        _plain("  of those that fell below where they stood", scores.green_over_fallen),
        _most("harmless: with a false alarm", scores.false_alarms, FALSE_ALARMS),
        _most("unpatched repeats: with a false alarm", scores.repeat_alarms, FALSE_ALARMS),
        _most("unpatched repeats: called harmful", scores.repeat_harm, FALSE_ALARMS),
        _plain("neither: with an alarm", scores.neither_alarms),
        _plain("harmful, undone: recovered by the end", scores.recovered),
        _least("harmful, undone: no all-clear before recovery", scores.not_before, NOT_BEFORE),
        ("  the all-clear, seen from the recovery", clear, "", ""),
    ]


def _share(rate: Rate) -> str:
    if not rate.all:
        return "-"
    low, high = (100 * bound for bound in clopper_pearson(rate.hits, rate.all))
    return f"{rate.hits} of {rate.all}, {100 * rate.value:.1f} % [{low:.1f}, {high:.1f}]"


def _plain(name: str, rate: Rate) -> Row:
    return name, _share(rate), "", ""


def _least(name: str, rate: Rate, target: float) -> Row:
    met = verdict(rate.value >= target) if rate.all else ""
    return name, _share(rate), f">= {100 * target:.0f} %", met


def _most(name: str, rate: Rate, target: float) -> Row:
    met = verdict(rate.value <= target) if rate.all else ""
    return name, _share(rate), f"<= {100 * target:.0f} %", met


def _delay(scores: Scores) -> Row:
    name, target = "steps from measurable harm to the notice, median", f"<= {MEDIAN_DELAY}"
    middle = scores.median_delay
    if math.isnan(middle):
        return name, "-", target, ""
    return name, f"{middle:.0f}", target, verdict(middle <= MEDIAN_DELAY)
