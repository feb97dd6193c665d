"""The detector benchmark's tables, with their targets beside the figures. Measures nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ganlab.bench.corpus.intervals import clopper_pearson
from ganlab.bench.corpus.results import Results
from ganlab.bench.corpus.scores import Detection, FamilyScore, Rate
from ganlab.bench.table import table, verdict

MACRO_CONFIGS, MACRO_HELD_OUT = 0.90, 0.80
FALSE_ALARMS = 7 / 150
TOP1 = 0.85
MEDIAN_DELAY, P90_DELAY = 300, 1000


def report(results: Results, *, sealed: bool, quick: bool) -> str:
    """All tables, as text."""
    parts = [_remarks(results, sealed, quick), _targets(results), _rivals(results),
             _families(results.families), _detectors(results),
             _states(results)]  # fmt: skip
    if results.misses:
        parts.append("Wrong:\n" + "\n".join(f"  {line}" for line in results.misses))
    return "\n\n".join(parts)


def _remarks(results: Results, sealed: bool, quick: bool) -> str:
    runs = results.runs
    lines = [
        f"{'Sealed test' if sealed else 'Development part'}: {runs['failed']} failed runs, "
        f"{runs['healthy']} healthy ones, {runs['neither']} neither (scored apart).",
        f"Calibrated on {results.calibrating} healthy runs: an alarm counts once it has stood "
        f"for {max(0.0, results.hold):g} steps.",
    ]
    if not sealed:
        lines.append("Thresholds were tuned on these runs: quote the figures of --sealed.")
    if quick:
        lines.append("Quick: the first seed of each config only.")
    return "\n".join(lines)


def _targets(results: Results) -> str:
    found = results.detection
    false = found.false_alarms
    low, high = (100 * bound for bound in clopper_pearson(false.hits, false.all))
    rows = [
        _row("macro F1, held-out configs", results.macro_f1(held_out=False), MACRO_CONFIGS),
        _row("macro F1, held-out losses, architectures", results.macro_f1(held_out=True),
             MACRO_HELD_OUT),
        ("healthy runs with any alarm", f"{false.hits} of {false.all} [{low:.1f}, {high:.1f}] %",
         f"<= {100 * FALSE_ALARMS:.1f} %", verdict(false.value <= FALSE_ALARMS)),
        _row("cause top-1", results.top1.value, TOP1),
        ("cause top-3", _share(results.top3), "", ""),
        _delay("median delay, steps", found.median_delay, MEDIAN_DELAY),
        _delay("P90 delay, steps", found.p90_delay, P90_DELAY),
        ("neither failed nor healthy, with an alarm", _rate(results.mild_alarms), "", ""),
    ]  # fmt: skip
    return table(("", "measured", "target", ""), rows)


def _row(name: str, value: float, target: float) -> tuple[str, str, str, str]:
    if math.isnan(value):
        return name, "-", f">= {target:.2f}", ""
    return name, f"{value:.3f}", f">= {target:.2f}", verdict(value >= target)


def _delay(name: str, value: float, target: int) -> tuple[str, str, str, str]:
    return name, f"{value:.0f}", f"<= {target}", verdict(value <= target)


def _rate(rate: Rate) -> str:
    return f"{rate.hits} of {rate.all}"


def _share(rate: Rate) -> str:
    return f"{rate.value:.3f}" if rate.all else "-"


def _rivals(results: Results) -> str:
    head = ("Failing or not", "precision", "recall", "F1", "healthy with alarm", "median delay")
    rows = [_detection("ganlab", results.detection)]
    rows += [_detection(name, found) for name, found in results.rivals.items()]
    return table(head, rows)


def _detection(name: str, found: Detection) -> tuple[str, ...]:
    return (
        name,
        _share(found.precision),
        _share(found.recall),
        f"{found.f1:.3f}",
        _rate(found.false_alarms),
        "-" if math.isnan(found.median_delay) else f"{found.median_delay:.0f}",
    )


def _families(scores: Sequence[FamilyScore]) -> str:
    head = ("Family, by the first cause", "failed", "precision", "recall", "F1", "top-3",
            "any alarm", "own symptom")  # fmt: skip
    rows = [
        (score.slug, str(score.recall.all), _share(score.precision), _share(score.recall),
         f"{score.f1:.2f}", _share(score.top3), _share(score.alarmed), _share(score.own_symptom))
        for score in scores
    ]  # fmt: skip
    worst = min(scores, key=lambda score: score.f1, default=None)
    text = table(head, rows)
    return text if worst is None else f"{text}\nWorst family: {worst.slug}, F1 {worst.f1:.2f}."


def _detectors(results: Results) -> str:
    head = ("Detector", "alarmed", "precision", "recall in its families", "median delay")
    rows = [
        (score.name, str(score.precision.all), _share(score.precision), _share(score.recall),
         "-" if math.isnan(score.median_delay) else f"{score.median_delay:.0f}")
        for score in results.detectors
    ]  # fmt: skip
    return table(head, rows)


def _states(results: Results) -> str:
    head = ("What stands at the end of a run, against the truth", "true", "precision", "recall")
    rows = [
        (score.name, str(score.recall.all), _share(score.precision), _share(score.recall))
        for score in results.states
    ]
    return table(head, rows)
