"""Keeps the cost of probes of a live run under a share of its training time."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from ganlab.engine.device import synchronize

_SMOOTHING = 0.2
_ENOUGH = 0.2  # seconds of training for a rate: a row or two say little


class Governor:
    """The interval between two probes: as configured, or longer where probes cost too much.

    Headless runs are not governed, nor are repeatable ones, so that equal runs give equal
    observations whatever else the machine does.
    """

    def __init__(self, interval: int, governed: bool, share: float = 0.03) -> None:
        self.shortest = self.interval = interval
        self.governed = governed
        self.share = share
        self.steps_per_second = 0.0
        self._probe_seconds = 0.0
        self._steps, self._seconds = 0, 0.0  # since the rate was looked at

    @contextmanager
    def timing(self, device: torch.device) -> Iterator[None]:
        """Times a probe made inside the block."""
        if not self.governed:
            yield
            return
        synchronize(device)
        started = time.perf_counter()
        yield
        synchronize(device)
        self._probe_seconds = _smoothed(self._probe_seconds, time.perf_counter() - started)

    def account(self, steps: int, seconds: float) -> None:
        """Takes note of `steps` updates that took `seconds`; may lengthen the interval."""
        self._steps += steps
        self._seconds += seconds
        if self._seconds <= 0 or self._steps <= 0:
            return
        if self.steps_per_second and self._seconds < _ENOUGH:
            return
        self.steps_per_second = _smoothed(self.steps_per_second, self._steps / self._seconds)
        self._steps, self._seconds = 0, 0.0
        if self.governed and self._probe_seconds:
            affordable = self._probe_seconds * self.steps_per_second / self.share
            multiple = math.ceil(affordable / self.shortest)
            self.interval = self.shortest * max(1, multiple)


def _smoothed(old: float, new: float) -> float:
    return new if not old else old + _SMOOTHING * (new - old)
