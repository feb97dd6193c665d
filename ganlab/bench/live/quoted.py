"""What each look at the sealed breaks said, as `ganlab/bench/README.md` holds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from ganlab.bench.live import report, store
from ganlab.bench.table import markdown, marked
from ganlab.detectors.measured import Rate

Look = Mapping[str, Any]  # a line of the ledger


def quoted() -> str:
    """The committed figures as Markdown, look by look."""
    looks = [orjson.loads(line) for line in store.LEDGER.read_bytes().splitlines()]
    return "\n\n".join(_look(number, look) for number, look in enumerate(looks, 1))


def _look(number: int, look: Look) -> str:
    kinds = look["kinds"]
    head = (
        f"look {number}, {look['time'][:10]}: {kinds['harmful']} that harm, "
        f"{kinds['harmless']} harmless, {kinds['neither']} neither"
    )
    return markdown((head, "measured", "target", ""), list(_rows(look)))


def _rows(look: Look) -> Iterator[tuple[str, ...]]:
    yield _row("harmful ones noticed", look["noticed"], report.NOTICED)
    yield _row("the patch named first", look["named"], report.NAMED)
    steps = look["median_delay"]
    yield (
        "steps from measurable harm to the notice, median",
        f"{steps:.0f}",
        str(report.MEDIAN_DELAY),
        marked(steps <= report.MEDIAN_DELAY),
    )
    yield _row("harmless ones with an alarm", look["false_alarms"], report.FALSE_ALARMS, most=True)
    yield _row("harmful ones called healthy while harm stands", look["green_over_harm"])
    yield _row("recovered by the end of the undo", look["recovered"])
    yield _row("no all-clear before recovery", look["not_before"], report.NOT_BEFORE)


def _row(
    name: str, hits: list[int], target: float | None = None, *, most: bool = False
) -> tuple[str, ...]:
    rate = Rate(*hits)
    low, high = (100 * bound for bound in rate.interval)
    value = f"{100 * rate.value:.1f} % ({rate.hits} of {rate.all}) [{low:.1f}, {high:.1f}]"
    if target is None:
        return name, value, "", ""
    met = rate.value <= target if most else rate.value >= target
    return name, value, f"{100 * target:.0f} %", marked(met)
