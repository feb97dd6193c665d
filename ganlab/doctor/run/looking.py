"""Looks at a pair's rounds: each becomes a trace, metrics, and what the detectors make of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import torch

from ganlab.doctor.copies.dimension import intrinsic_dimension
from ganlab.doctor.copies.kept import Kept
from ganlab.doctor.copies.players import Copies
from ganlab.doctor.copies.probe import Probe
from ganlab.doctor.copies.weights import Weights
from ganlab.doctor.players.cast import Cast
from ganlab.doctor.players.rounds import Owners
from ganlab.doctor.read.facts import facts_of, range_facts
from ganlab.doctor.read.history import OpenHistory
from ganlab.doctor.read.metrics import metrics_of
from ganlab.doctor.read.round import Round
from ganlab.doctor.read.sorting import round_of
from ganlab.doctor.read.trace import trace_of
from ganlab.doctor.record import Recorder, Tape
from ganlab.doctor.run.schedule import Schedule
from ganlab.observation import Facts, Metrics, Observation
from ganlab.panel import DetectorPanel

_COVERS = 1000  # updates from which it is asked how much of the data G covers

Listener = Callable[[Observation, list[dict[str, Any]]], None]


class Looker:
    """What is known of one pair, from the rounds that it is shown."""

    def __init__(
        self,
        recorder: Recorder,
        cast: Cast,
        owners: Owners,
        schedule: Schedule,
        listener: Listener | None,
    ) -> None:
        self.recorder, self.cast, self.owners = recorder, cast, owners
        self.schedule, self.listener = schedule, listener
        self.past = OpenHistory(recorder, cast, owners)
        self.kept, self.copies = Kept(1 + len(cast.twins)), Copies(cast)
        self.probe = Probe(self.kept, self.copies, several=bool(cast.twins))
        self.weights = Weights(cast)
        self.panel = DetectorPanel()
        self.alarmed = 0  # update of the last finding that opened or worsened
        self._facts_sent = ""

    def take(self, tape: Tape) -> None:
        """Looks at a round; at one in which nothing was computed it does not."""
        metrics = self._read(tape)
        if metrics is not None:
            self._observe(metrics)

    @torch.no_grad()
    def _read(self, tape: Tape) -> Metrics | None:
        if not (tape.calls or tape.backwards):
            return None
        past = self.past
        found = round_of(past.updates, tape, self.cast, self.owners)
        seen = trace_of(found, self.cast)
        past.add(seen)
        self._keep(found)
        clip = self.recorder.clamped.get(self.cast.discriminator.key, 0.0)
        past.answers |= self.weights.round_ended(clip)
        metrics = metrics_of(found, seen, past)
        if self.kept.ready and self.schedule.probes.due(past.updates):
            with self.schedule.timing(self.schedule.probes, past.updates):
                row = self._probed()
            metrics |= row
        return metrics

    def _keep(self, found: Round) -> None:
        kept, reals = self.kept, found.reals(self.cast)
        inputs = found.made[0].inputs if found.made else None
        kept.take(real=reals, made=found.fakes(self.cast), inputs=inputs)
        self.past.distinct, self.past.real_seen = kept.distinct, kept.shown
        self.past.batch = len(reals[-1]) if reals else self.past.batch

    @torch.no_grad()
    def probe_missing(self) -> None:
        """Probes at the end, where too few were made to tell how much of the data G covers."""
        if self.past.updates >= _COVERS and self.kept.ready:
            for batch in range(len(self.kept.inputs)):
                if "missing_mass" not in self.past.outcome:
                    self._probed(batch)

    def _probed(self, batch: int = -1) -> Metrics:
        row, outcome = self.probe.row(batch), self.past.outcome
        outcome |= cast(dict[str, float], row)
        real, values = self.kept.real(), self.kept.sorted_values()
        if real is None or values is None:
            return row
        facts = range_facts(self.past, values)
        outcome["unreachable"] = facts.get("unreachable", 0.0)
        outcome["waste"] = facts.get("waste", 0.0)
        outcome["dimensions"] = float(real[:1].numel())
        # How many numbers z has, and how many directions the data has where z has few.
        if (latent := self.kept.latent()) is not None:
            outcome["latent"] = float(latent)
            if latent <= 4 and "intrinsic" not in outcome:
                outcome["intrinsic"] = intrinsic_dimension(real) or 0.0
        return row

    def _facts(self) -> Facts | None:
        """Where they are new: once there are real samples enough, and when the loss shows."""
        past, kept = self.past, self.kept
        state = f"{past.loss} {past.rounds[-1].activation} {kept.ready}"
        if not kept.ready or state == self._facts_sent:
            return None
        self._facts_sent = state
        real, values = kept.real(), kept.sorted_values()
        assert real is not None and values is not None
        return facts_of(past, values, real[:1].numel())

    def _observe(self, metrics: Metrics) -> None:
        past = self.past
        seconds = time.perf_counter() - self.schedule.started
        observation = Observation(past.updates, metrics, self._facts(), seconds=seconds)
        rows = []
        for event in self.panel.update(observation):
            row = event.as_row()
            rows.append(row)
            if row["event"] == "closed":
                past.symptoms.pop(row["symptom"], None)
            else:
                past.symptoms[row["symptom"]] = replace(event.finding, remedies=())
                self.alarmed = past.updates
        if self.listener is not None:
            self.listener(observation, rows)
