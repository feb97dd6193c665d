"""What the last look at the sealed runs said, as `ganlab/detectors/README.md` holds it."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from ganlab.bench.corpus import report, store
from ganlab.bench.corpus.families import FAMILIES
from ganlab.bench.corpus.healthy import HEALTHY
from ganlab.bench.corpus.plans import SEEDS
from ganlab.bench.corpus.split import jobs
from ganlab.bench.table import markdown, marked
from ganlab.detectors.measured import Detection, Measured, Rate, measured

_DETECTION = ("failing or not", "precision", "recall", "F1", "healthy runs with alarm",
              "delay, steps")  # fmt: skip
_FAMILY = ("way to fail", "precision", "recall", "F1", "among the first three")
_DETECTOR = ("detector", "alarmed", "of failing runs", "of its own kind", "delay, steps")
_STATE = ("what stands at the end of a run", "true", "precision", "recall")
Row = tuple[str, ...]


def quoted() -> str:
    """The committed figures as Markdown. Raises FileNotFoundError where none are committed."""
    found = measured()
    if found is None:
        raise FileNotFoundError("No look at the sealed runs is committed.")
    return "\n\n".join((_corpus(), *_tables(found), _wrong(found)))


def _corpus() -> str:
    looks = [orjson.loads(line) for line in store.LEDGER.read_bytes().splitlines()]
    days = ", ".join(look["time"][:10] for look in looks)
    configs = sum(len(family.plans) for family in FAMILIES)
    return (
        f"{len(jobs())} recorded runs: {len(FAMILIES)} ways to fail in {configs} configs, "
        f"{len(HEALTHY)} healthy configs, {SEEDS} seeds of each.\n"
        f"Looks at the sealed ones so far: {len(looks)} ({days})."
    )


def _tables(found: Measured) -> Iterator[str]:
    failed, healthy = found.runs["failed"], found.runs["healthy"]
    head = f"sealed test: {failed} failed runs, {healthy} healthy ones"
    yield markdown((head, "measured", "target", ""), list(_sealed(found)))
    rivals = sorted(found.rivals.items(), key=lambda rival: -rival[1].f1)
    ours = ("**ganlab**", found.detection)
    yield markdown(_DETECTION, [_detection(*row) for row in (ours, *rivals)])
    yield markdown(_FAMILY, [
        (name, _share(each.precision), _share(each.recall), f"{each.f1:.2f}", _share(each.top3))
        for name, each in found.families.items()
    ])  # fmt: skip
    yield markdown(_DETECTOR, [
        (name, str(each.precision.all), _share(each.precision), _rate(each.recall),
         _steps(each.median_delay))
        for name, each in found.detectors.items()
    ])  # fmt: skip
    yield markdown(_STATE, [
        (name, str(each.recall.all), _share(each.precision), _share(each.recall))
        for name, each in found.states.items()
    ])  # fmt: skip


def _sealed(found: Measured) -> Iterator[Row]:
    yield _f1("macro F1, by the first cause named", found.macro_f1_configs, report.MACRO_CONFIGS)
    yield _f1(
        "the same, losses and architectures held out as a whole",
        found.macro_f1_held_out,
        report.MACRO_HELD_OUT,
    )
    false = found.detection.false_alarms
    low, high = (100 * bound for bound in false.interval)
    yield (
        "healthy runs with any alarm",
        f"{_rate(false)} (95 % interval {low:.1f} to {high:.1f} %)",
        f"{100 * report.FALSE_ALARMS:.1f} %",
        marked(false.value <= report.FALSE_ALARMS),
    )
    first, target = found.top1.value, report.TOP1
    yield (
        "cause named first",
        _percent(found.top1),
        f"{100 * target:.0f} %",
        marked(first >= target),
    )
    yield "cause among the first three", _percent(found.top3), "", ""
    delay = found.detection
    yield _delay(
        "steps from the onset to the alarm, median", delay.median_delay, report.MEDIAN_DELAY
    )
    yield _delay("the same, 90th percentile", delay.p90_delay, report.P90_DELAY)


def _f1(name: str, value: float | None, target: float) -> Row:
    if value is None:
        return name, "-", f"{target:.2f}", ""
    return name, f"{value:.3f}", f"{target:.2f}", marked(value >= target)


def _delay(name: str, steps: float | None, most: int) -> Row:
    return name, _steps(steps), str(most), "" if steps is None else marked(steps <= most)


def _detection(name: str, each: Detection) -> Row:
    precision, recall = _share(each.precision), _share(each.recall)
    alarms = str(each.false_alarms.hits)
    return name, precision, recall, f"{each.f1:.3f}", alarms, _steps(each.median_delay)


def _wrong(found: Measured) -> str:
    return "What it got wrong:\n\n" + "\n".join(f"- {line}" for line in found.misses)


def _share(rate: Rate) -> str:
    return f"{rate.value:.3f}" if rate.all else "-"


def _percent(rate: Rate) -> str:
    return f"{100 * rate.value:.1f} %" if rate.all else "-"


def _rate(rate: Rate) -> str:
    return f"{rate.hits} of {rate.all}" if rate.all else "-"


def _steps(steps: float | None) -> str:
    return "-" if steps is None else f"{steps:.0f}"
