"""Where a chart's values go: robust ranges, readable ticks, a place for zero. Knows no metric."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Range: TypeAlias = tuple[float, float]
Ticks: TypeAlias = list[tuple[float, str]]

NEGATIVE = "linear axis: some values are negative"
_RARE = 0.01  # share of the values, at each end, that may lie outside
_FEWEST = 8  # values from which one may be rare
_NEWEST = 15  # values whose median is always shown: a curve that has left for good is followed
_LINEAR_SLACK, _LOG_SLACK = 0.6, 0.4  # of the usual range: what lies closer is shown after all
_PAD = 0.05  # of the range, above and below
_FLAT, _STEADY = 0.1, 0.005  # of the values, above and below what does not, or hardly, change
_NEAR_ZERO = 0.6  # of its top: a range that begins lower begins at 0
_TINY, _HUGE = 1e-290, 1e290  # what is beyond is drawn there: with room around it are numbers
_MOST_TICKS = 8
_PLAIN = (1e-3, 1e5)  # sizes that are written without an exponent


@dataclass(frozen=True)
class Scale:
    """A chart's value axis: what it shows at first, and all there is (both in data units)."""

    shown: Range
    full: Range
    log: bool = False
    zero: float | None = None  # where exact zeros are drawn on a log axis that has some
    words: str = ""  # what a reader has to know

    def place(self, values: Floats) -> Floats:
        """The values where they are drawn: zeros of a log axis at its floor."""
        if not self.log:
            return values
        placed = values if self.zero is None else np.where(values == 0, self.zero, values)
        return np.where((placed > 0) & (placed < _TINY), _TINY, placed)

    def outside(self, values: Floats) -> NDArray[np.bool_]:
        """Which values the range at first leaves out."""
        placed = self.place(values)
        return (placed < self.shown[0]) | (placed > self.shown[1])

    def axis(self) -> dict[str, Any]:
        """The axis as Plotly wants it."""
        ticks = self._log_ticks() if self.log else linear_ticks(*self.shown)
        return {
            "type": "log" if self.log else "linear",
            "range": self.coordinates(self.shown),
            "tickvals": [value for value, _ in ticks],
            "ticktext": [text for _, text in ticks],
            "exponentformat": "e",
            "zeroline": not self.log,
        }

    def coordinates(self, span: Range) -> list[float]:
        """A range in the axis's own units: exponents on a log axis."""
        return [math.log10(end) for end in span] if self.log else list(span)

    def _log_ticks(self) -> Ticks:
        low, high = self.coordinates(self.shown)
        if self.zero is None:
            return log_ticks(low, high)
        floor = math.log10(self.zero)
        apart = 0.06 * (high - low)
        others = log_ticks(floor + apart, high)
        return [(self.zero, "0"), *others]


FIXED = Scale((-0.02, 1.02), (-0.02, 1.02))  # of probabilities


def scale_of(columns: Iterable[Floats], *, log: bool = False) -> Scale:
    """The axis on which the columns' values are read best.

    A rare value far from the others does not stretch it. On a log axis an exact zero has its
    place; negative values have none there, so that they make the axis linear.
    """
    finite = [np.clip(values[np.isfinite(values)], -_HUGE, _HUGE) for values in columns]
    finite = [values for values in finite if len(values)]
    if not log or not finite:
        return _linear(finite)
    if any((values < 0).any() for values in finite):
        return replace(_linear(finite), words=NEGATIVE)
    return _log(finite)


def _linear(columns: Sequence[Floats]) -> Scale:
    if not columns:
        return Scale((0.0, 1.0), (0.0, 1.0))
    usual, whole = _usual(columns, _LINEAR_SLACK), _whole(columns)
    size = max(float(np.median(np.abs(values))) for values in columns)
    least = 1e-9 + size * (_FLAT if usual[0] == usual[1] else _STEADY)
    low, high = _padded(usual, least)
    if 0 <= usual[0] < _NEAR_ZERO * usual[1]:  # its level can be read, not its changes alone
        low = -_PAD * high
    return Scale((low, high), _padded(whole, least))


def _log(columns: Sequence[Floats]) -> Scale:
    positive = [values[values > 0] for values in columns if (values > 0).any()]
    exponents = [np.log10(np.maximum(values, _TINY)) for values in positive]
    if not exponents:
        return Scale((0.01, 1.0), (0.01, 1.0), log=True, zero=0.02)
    (low, high), whole = _usual(exponents, _LOG_SLACK), _whole(exponents)
    if not any((values == 0).any() for values in columns):
        shown, full = _padded((low, high), 0.2), _padded(whole, 0.2)
        return Scale(_powers(shown), _powers(full), log=True)
    # Nothing lies below zero: the floor is below the smallest of all values.
    floor = whole[0] - max(0.5, 0.1 * (high - whole[0]))
    top, highest = (_padded((floor, end), 0.2)[1] for end in (high, whole[1]))
    foot = floor - _PAD * (top - floor)
    return Scale(_powers((foot, top)), _powers((foot, highest)), log=True, zero=10.0**floor)


def _powers(span: Range) -> Range:
    return 10.0 ** span[0], 10.0 ** span[1]


def _usual(columns: Sequence[Floats], slack: float) -> Range:
    """The range of all columns without what is rare and far away."""
    ends = [_without_rare(values) for values in columns]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    least, most = _whole(columns)
    room = slack * (high - low)
    return (least if least >= low - room else low), (most if most <= high + room else high)


def _without_rare(values: Floats) -> Range:
    rare = 0 if len(values) < _FEWEST else max(1, int(_RARE * len(values)))
    last = len(values) - 1 - rare
    ordered = np.partition(values, (rare, last))
    newest = float(np.median(values[-_NEWEST:]))
    return min(float(ordered[rare]), newest), max(float(ordered[last]), newest)


def _whole(columns: Sequence[Floats]) -> Range:
    return min(float(part.min()) for part in columns), max(float(part.max()) for part in columns)


def _padded(span: Range, least: float) -> Range:
    low, high = span
    pad = max(_PAD * (high - low), least)
    return low - pad, high + pad


def log_ticks(low: float, high: float, most: int = _MOST_TICKS) -> Ticks:
    """Ticks between two exponents of ten: decades, or parts of one where there are few.

    >>> [text for _, text in log_ticks(-17, 6)]
    ['1e-16', '1e-12', '1e-8', '1e-4', '1', '1e4']
    >>> [text for _, text in log_ticks(-1, 1)]
    ['0.1', '0.2', '0.5', '1', '2', '5', '10']
    """
    decades = range(math.ceil(low), math.floor(high) + 1)
    if high - low >= 2.5 and len(decades) >= 3:
        step = next(size for size in (1, 2, 3, 4, 6, 10, 20, 50, 100)
                    if len(decades) <= size * (most - 1))  # fmt: skip
        return [(10.0**at, _decade(at)) for at in decades if at % step == 0]
    parts = [
        (factor * 10.0**at, number(factor * 10.0**at))
        for at in range(math.floor(low), math.ceil(high) + 1)
        for factor in (1, 2, 5)
        if low <= at + math.log10(factor) <= high
    ]
    return parts if len(parts) >= 2 else linear_ticks(10.0**low, 10.0**high)


def _decade(exponent: int) -> str:
    return number(10.0**exponent) if -2 <= exponent <= 3 else f"1e{exponent}"


def linear_ticks(low: float, high: float, most: int = 7) -> Ticks:
    """Round numbers between two values.

    >>> [text for _, text in linear_ticks(-0.1, 1.9)]
    ['0.0', '0.5', '1.0', '1.5']
    >>> [text for _, text in linear_ticks(0, 420_000)]
    ['0', '1e5', '2e5', '3e5', '4e5']
    """
    rough = (high - low) / (most - 1)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough * 0.999)
    values = [step * at for at in range(math.ceil(low / step), math.floor(high / step) + 1)]
    largest = max((abs(value) for value in values), default=0.0)
    if not values or step < _PLAIN[0] or largest >= _PLAIN[1]:
        return [(value, number(value)) for value in values]
    decimals = max(0, -math.floor(math.log10(step) + 1e-9) + (1 if _quarter(step) else 0))
    return [(value, f"{value + 0.0:.{decimals}f}") for value in values]


def _quarter(step: float) -> bool:
    """Whether the step is 2.5 times a power of ten."""
    return f"{step:e}".startswith("2.5")


def number(value: float) -> str:
    """A number, short.

    >>> [number(value) for value in (0, 1.386, 250_000, 4.1e-12, -0.02)]
    ['0', '1.386', '2.5e5', '4.1e-12', '-0.02']
    """
    if value == 0 or _PLAIN[0] <= abs(value) < _PLAIN[1] or not math.isfinite(value):
        return f"{value:.4g}" if abs(value) < 1e4 else f"{value:.0f}"
    mantissa, exponent = f"{value:.3e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
