"""Runs the detectors over a stream of observations; opens, worsens and closes their findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from ganlab.detectors import DETECTORS, Detector
from ganlab.finding import Finding
from ganlab.observation import Observation

Kind = Literal["opened", "worsened", "closed"]


@dataclass(frozen=True)
class Event:
    """A change in what is known to be wrong. A closed finding keeps its evidence; `step` is now."""

    kind: Kind
    finding: Finding

    def as_row(self) -> dict[str, Any]:
        """The JSON form: the finding's row with its event."""
        return {"event": self.kind} | self.finding.as_row()


class DetectorPanel:
    """All detectors over one run. A pure function of the observations it was given."""

    def __init__(self, detectors: Iterable[Detector] | None = None) -> None:
        self._detectors = list(detectors) if detectors is not None else [d() for d in DETECTORS]
        self._open: dict[Detector, Finding] = {}
        self._seen: set[str] = set()  # metrics and facts that this loop has measured so far

    @property
    def open(self) -> list[Finding]:
        """The findings that stand, the worst first."""
        return sorted(self._open.values(), key=lambda finding: -finding.severity)

    def update(self, observation: Observation) -> list[Event]:
        """What changed with this observation, in the detectors' order.

        A detector is left out until all that it needs has been measured once.
        """
        self._seen |= observation.metrics.keys() | (observation.facts or {}).keys()
        events: list[Event] = []
        for detector in self._detectors:
            if detector.lacks(self._seen):
                detector.inform(observation)
                continue
            events += self._changes(detector, detector.update(observation), observation.step)
        return events

    def _changes(self, detector: Detector, new: Finding | None, step: int) -> list[Event]:
        old = self._open.get(detector)
        if new is None:
            self._open.pop(detector, None)
            return [Event("closed", replace(old, step=step))] if old else []
        self._open[detector] = new
        if old is None:
            return [Event("opened", new)]
        if old.symptom is new.symptom and new.severity >= old.severity:
            return [Event("worsened", new)] if new.severity > old.severity else []
        return [Event("closed", replace(old, step=step)), Event("opened", new)]
