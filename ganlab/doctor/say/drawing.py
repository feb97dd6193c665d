"""Curves and points as inline SVG, for a page without scripts. Knows no run and no file."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from ganlab.runs.history import decimate

_WIDTH, _HEIGHT = 460, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 8, 8, 24
_POINTS = 400  # of a line
_COLOURS = ("#3f6fd8", "#e8743b", "#2a9d8f")
_MARK = {"notice": "#5b8def", "warning": "#e0a100", "failure": "#d93b3b"}

Line = tuple[Sequence[float], Sequence[float]]  # steps, values


@dataclass(frozen=True)
class Scale:
    """Data numbers to pixels."""

    low: float
    high: float
    start: float  # pixel of low
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        low, high, value = (self._of(x) for x in (self.low, self.high, value))
        share = (value - low) / (high - low) if high > low else 0.5
        return round(self.start + share * (self.end - self.start), 1)

    def _of(self, x: float) -> float:
        return math.log10(max(x, 1e-300)) if self.log else x

    def ticks(self) -> list[float]:
        """Few round numbers within."""
        if self.log:
            powers = range(
                math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9) + 1
            )
            return [10.0**p for p in powers][:: max(1, len(powers) // 4)] or [self.low, self.high]
        step = _round_step((self.high - self.low) / 4)
        first = math.ceil(self.low / step - 1e-9)
        return [n * step for n in range(first, math.floor(self.high / step + 1e-9) + 1)]


def _round_step(raw: float) -> float:
    power = 10.0 ** math.floor(math.log10(raw)) if raw > 0 else 1.0
    return next((f * power for f in (1, 2, 5) if f * power >= 0.7 * raw), 10 * power)


def curves(
    lines: Mapping[str, Line], marks: Iterable[tuple[float, str, str]] = (), *, log: bool = False
) -> str:
    """One line for each name, and (step, severity, text) as vertical marks; "" without data."""
    kept = {name: _finite(line, log) for name, line in lines.items()}
    kept = {name: line for name, line in kept.items() if len(line[0])}
    if not kept:
        return ""
    x, y = _scales(kept.values(), log)
    colours = dict(zip(lines, _COLOURS, strict=False))
    parts = [*_axes(x, y), *_marks(marks, x)]
    for name, line in kept.items():
        parts += _drawn(line, x, y, colours[name])
    legend = " ".join(
        f'<span><i style="background:{colours[name]}"></i>{escape(name)}</span>' for name in kept
    )
    picture = f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">{"".join(parts)}</svg>'
    return f'<div class="legend">{legend}</div>{picture}'


def _scales(lines: Iterable[Line], log: bool) -> tuple[Scale, Scale]:
    """Of steps and of values; a single value gets room above and below."""
    steps, values = (np.concatenate(parts) for parts in zip(*lines, strict=True))
    low, high = float(values.min()), float(values.max())
    if low == high:
        low, high = (low / 2, high * 2) if log else (low - 0.5, high + 0.5)
    x = Scale(float(steps.min()), float(steps.max()), _LEFT, _WIDTH - _RIGHT)
    return x, Scale(low, high, _HEIGHT - _BOTTOM, _TOP, log)


def _drawn(line: Line, x: Scale, y: Scale, colour: str) -> list[str]:
    """A line; a single point is a dot."""
    parts = []
    steps, values = line
    if len(steps) == 1:
        parts.append(f'<circle cx="{x(steps[0])}" cy="{y(values[0])}" r="3" fill="{colour}"/>')
    path = " ".join(f"{x(a)},{y(v)}" for a, v in zip(steps, values, strict=True))
    parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
    return parts


def _finite(line: Line, log: bool) -> Line:
    steps, values = (np.asarray(part, dtype=float) for part in line)
    keep = np.isfinite(values) & ((values > 0) | (not log))
    return decimate(steps[keep], values[keep], _POINTS)  # type: ignore[return-value]


def _axes(x: Scale, y: Scale) -> list[str]:
    parts = []
    for tick in y.ticks():
        at = y(tick)
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{at}" y2="{at}"/>'
        )
        parts.append(f'<text x="{_LEFT - 5}" y="{at + 3}" text-anchor="end">{tick:.3g}</text>')
    for tick in x.ticks():
        parts.append(f'<text x="{x(tick)}" y="{_HEIGHT - 7}" text-anchor="middle">{tick:g}</text>')
    return parts


def _marks(marks: Iterable[tuple[float, str, str]], x: Scale) -> list[str]:
    return [
        f'<line x1="{x(step)}" x2="{x(step)}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}" '
        f'stroke="{_MARK.get(kind, "#888")}" stroke-dasharray="3 3"><title>{escape(text)}</title>'
        "</line>"
        for step, kind, text in marks
        if x.low <= step <= x.high
    ]


def points(clouds: Mapping[str, Sequence[Sequence[float]]]) -> str:
    """Two-dimensional samples (one-dimensional ones lie on a line), each cloud in its colour."""
    arrays = {name: _plane(rows) for name, rows in clouds.items()}
    arrays = {name: rows for name, rows in arrays.items() if len(rows)}
    if not arrays:
        return ""
    everything = np.concatenate(list(arrays.values()))
    low, high = everything.min(axis=0), everything.max(axis=0)
    side = 320
    half = max(float((high - low).max()) / 2, 1e-9)
    middle = (low + high) / 2
    x = Scale(float(middle[0] - half), float(middle[0] + half), 8, side - 8)
    y = Scale(float(middle[1] - half), float(middle[1] + half), side - 8, 8)
    dots, legend = [], []
    for (name, rows), colour in zip(arrays.items(), _COLOURS, strict=False):
        legend.append(f'<span><i style="background:{colour}"></i>{escape(name)}</span>')
        dots += [
            f'<circle cx="{x(a)}" cy="{y(b)}" r="1.8" fill="{colour}" fill-opacity=".6"/>'
            for a, b in rows.tolist()
        ]
    return (
        f'<div class="legend">{" ".join(legend)}</div>'
        f'<svg class="square" viewBox="0 0 {side} {side}" role="img">{"".join(dots)}</svg>'
    )


def _plane(rows: Sequence[Sequence[float]]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    array = np.asarray(rows, dtype=float).reshape(len(rows), -1)
    if array.shape[1] == 1:
        array = np.column_stack([array, np.zeros(len(array))])
    array = array[:, :2]
    kept: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = array[np.isfinite(array).all(axis=1)]
    return kept
