"""Watches a training script: finds the pair, samples rounds, asks rules and detectors.

All that is decided here is when to look and when to stop; what is seen is the sheet's.
"""

from __future__ import annotations

import itertools
import math
import statistics
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor

from ganlab.doctor import gauge
from ganlab.doctor.cast import Cast, Wanted, find_cast, name_networks
from ganlab.doctor.digest import digest
from ganlab.doctor.given import Pair, given_cast, introduce, unseen
from ganlab.doctor.lens import Lens
from ganlab.doctor.rules import suspicions
from ganlab.doctor.sheet import Seen, Sheet, seen_of
from ganlab.doctor.tape import Network, Owner, Recorder, Tape
from ganlab.doctor.trials import burst, latent_matters
from ganlab.doctor.verdict import Verdict, conclude, early, ranked
from ganlab.doctor.words import PLAYERS, Player, Step, Suspicion
from ganlab.observation import Metrics, Observation
from ganlab.panel import DetectorPanel

_ALL = 24  # rounds looked at without a gap
_EVERY = 10  # updates between two looks after that, at least
_PROBE = 50  # updates between two probes, at least
_BUDGET = 0.02  # of the script's own time
_LONGEST = 1500  # events kept while the pair is not found
_COORDINATES = 4096
_AGREE = 3  # looks in a row that name the same cause before it is said early


class Enough(BaseException):
    """Ends the script: the verdict stands. Not an Exception, so that scripts let it through."""


@dataclass
class Plan:
    """What the user asked for."""

    steps: int = 2000  # generator updates observed at most
    keep_running: bool = False
    endless: bool = False  # looks on after it could say what it thinks: for benchmarks
    wanted: Wanted = field(default_factory=Wanted)


Listener = Callable[[Observation, list[dict[str, Any]]], None]


class Examiner:
    """One script under observation. `open`, let it run, `close`; then `verdict`."""

    def __init__(
        self,
        root: Path,
        plan: Plan | None = None,
        *,
        listener: Listener | None = None,
        on_news: Callable[[], None] | None = None,
        given: Pair | None = None,
    ) -> None:
        self.plan = plan or Plan()
        self.given = given  # the pair, where the user knows it
        self.recorder = Recorder(root, self._after_step)
        self.listener, self.on_news = listener, on_news
        self.sheet: Sheet | None = None
        self.lens: Lens | None = None
        self.panel = DetectorPanel()
        self.started = time.perf_counter()
        self.optimizer_steps = 0
        self.updates = 0
        self.boundary: Owner | None = None  # whose step ends a round
        self.found: list[Suspicion] = []
        self.ended = ""  # why no more is looked at
        self._last_cast: Cast | None = None
        self._agreed: deque[str] = deque(maxlen=_AGREE)
        self._interval, self._probe_interval = _EVERY, _PROBE
        self._probe_seconds = 0.0  # of the last probe
        self._clock = time.perf_counter()
        self._times: dict[bool, deque[float]] = {True: deque(maxlen=50), False: deque(maxlen=200)}
        self._weights: dict[Player, Tensor] = {}
        self._moves: dict[Player, deque[float]] = {p: deque(maxlen=40) for p in PLAYERS}
        self._boxes: deque[tuple[float, bool]] = deque(maxlen=60)
        self._facts_sent = ""
        self._probed = 0
        self._considered = 0
        self._alarmed = 0  # update of the last finding that opened or worsened
        self._resumes = True
        self._next_trial = 0

    def open(self) -> None:
        """From now on."""
        self.recorder.open()
        if self.given is not None:
            introduce(self.recorder, self.given)
        self.recorder.start()

    def close(self) -> None:
        """Leaves nothing behind. May be opened again, and then goes on where it was."""
        self._resumes = self.recorder.recording or self.sheet is None
        self.recorder.close()

    def reopen(self) -> None:
        """Goes on after `close`, as if nothing had happened in between."""
        self.recorder.open()
        if self._resumes:
            self.recorder.start()
        self._clock = time.perf_counter()

    @property
    def overhead(self) -> float:
        """Our share of the script's own time so far."""
        recorded, bare = self._times[True], self._times[False]
        if len(bare) < 5 or not recorded:
            own = max(time.perf_counter() - self.started - self.recorder.spent, 1e-9)
            return self.recorder.spent / own
        step = max(statistics.median(bare), 1e-9)
        extra = max(0.0, statistics.median(recorded) - step) / self._interval
        return (extra + self._probe_seconds / self._probe_interval) / step

    # Steps

    def _after_step(self, owner: Owner) -> None:
        with self.recorder.looking():
            self.optimizer_steps += 1
            if self.sheet is None:
                self._search()
            elif owner is self.boundary:
                self._round_ended()
            elif self.updates == 0 and self.boundary is not None and not self.boundary.steps:
                self._wait_for_generator()
        if self.ended and not self.plan.keep_running:
            self.recorder.stop()
            raise Enough(self.ended)  # at every step: a script may catch it

    def _search(self) -> None:
        count = self.optimizer_steps
        tape = self.recorder.tape
        if (count > 8 and count % 4) or count < 2:
            return
        cast = (
            find_cast(self.recorder, tape, self.plan.wanted)
            if self.given is None
            else given_cast(self.recorder, tape, self.given)
        )
        same = (
            cast is not None
            and self._last_cast is not None
            and cast.generator is self._last_cast.generator
            and cast.discriminator is self._last_cast.discriminator
        )
        self._last_cast = cast
        if cast is not None and same:
            self._begin(cast)
        elif len(tape) > _LONGEST:
            self.recorder.cut()
        if self.sheet is None and count >= 2000:
            self.ended = "No pair was found in 2 000 optimiser steps."
            self.recorder.stop()

    def _begin(self, cast: Cast) -> None:
        owners: dict[Player, list[int]] = {"d": [], "g": []}
        for player, network in (("d", cast.discriminator), ("g", cast.generator)):
            for owner in self.recorder.owners:
                if owner.ids() & network.ids:
                    owners[player].append(owner.number)  # type: ignore[index]
        name_networks(self.recorder)
        self.sheet = Sheet(self.recorder, cast, owners)
        self.lens = Lens(cast)
        self.boundary = self._boundary(owners)
        self._replay()
        self.recorder.start()
        self._clock = time.perf_counter()

    def _wait_for_generator(self) -> None:
        assert self.sheet is not None
        if self._idle_generator():
            self.boundary = self._boundary(self.sheet.owners)
            self._replay()

    def _boundary(self, owners: dict[Player, list[int]]) -> Owner | None:
        """G's optimiser; D's where G's does not step (or does not exist)."""
        stepped = [n for n in owners["g"] if self.recorder.owners[n].steps]
        known = stepped or owners["g"]
        if not stepped and (self._idle_generator() or not known):
            known = [n for n in owners["d"] if self.recorder.owners[n].steps] or known
        return self.recorder.owners[self._last_of_block(known[0], owners)] if known else None

    def _last_of_block(self, number: int, owners: dict[Player, list[int]]) -> int:
        """D's optimiser where it steps right after G's: both steps belong to one round."""
        tape = self.recorder.tape
        events: list[Any] = [*tape.calls, *tape.backwards, *tape.steps]
        events.sort(key=lambda event: event.order)
        followers = [
            after.optimizer if isinstance(after, Step) else -1
            for before, after in itertools.pairwise(events)
            if isinstance(before, Step) and before.optimizer == number
        ]
        others = [n for n in owners["d"] if n != number and followers.count(n) > len(followers) / 2]
        return others[0] if others else number

    def _idle_generator(self) -> bool:
        """Whether G's losses went backward several times, or D trained long, without a step of G.

        D alone is often trained first, up to 100 steps in the WGAN paper's own code.
        """
        sheet, tape = self.sheet, self.recorder.tape
        assert sheet is not None
        key = sheet.cast.generator.key
        return sum(bool(b.reached.get(key)) for b in tape.backwards) >= 4 or len(tape.steps) > 150

    def _replay(self) -> None:
        """Cuts what happened before the pair was known into rounds; the last one stays open."""
        tape = self.recorder.tape
        number = self.boundary.number if self.boundary else -1
        ends = [step.order for step in tape.steps if step.optimizer == number]
        start = 0
        for end in ends:
            part = _part(tape, start, end)
            start = end
            self.updates += 1
            self._take(part)
        if ends:
            rest = _part(tape, start, math.inf)
            # In place: gradients on their way are noted on this very tape.
            tape.calls, tape.backwards, tape.steps = rest.calls, rest.backwards, rest.steps

    def _round_ended(self) -> None:
        recorded = self.recorder.recording
        self.updates += 1
        assert self.sheet is not None
        self.sheet.updates = self.updates
        if recorded:
            self._take(self.recorder.cut())
            self._consider()
        if self.updates > 5:  # ours included: forward, backward, and what was made of them
            self._times[recorded].append(time.perf_counter() - self._clock)
        self._adapt()
        if self.updates >= self.plan.steps and not self.ended:
            self.ended = f"{self.updates} generator updates were observed, as asked."
        self._plan_next()
        self._clock = time.perf_counter()

    def _adapt(self) -> None:
        """Looks more seldom where a look costs much of the script's own step."""
        recorded, bare = self._times[True], self._times[False]
        if len(bare) < 10 or len(recorded) < 5:
            return
        step = max(statistics.median(bare), 1e-9)
        extra = max(0.0, statistics.median(recorded) - step)
        self._interval = min(100, max(_EVERY, math.ceil(extra / (_BUDGET * step))))

    def _plan_next(self) -> None:
        due = self.updates < _ALL or (self.updates + 1) % self._interval == 0
        if self.ended and self.plan.keep_running:
            due = False
        if not due:
            self.recorder.stop()
            return
        self.recorder.start()
        self._weights = {p: _sampled(self._network(p)) for p in PLAYERS}

    def _network(self, player: Player) -> Network:
        assert self.sheet is not None
        cast = self.sheet.cast
        return cast.generator if player == "g" else cast.discriminator

    # Looking

    def _take(self, tape: Tape) -> None:
        sheet, lens = self.sheet, self.lens
        assert sheet is not None and lens is not None
        with torch.no_grad():
            found = digest(self.updates, tape, sheet.cast, sheet.owners)
            if not (found.tape.calls or found.tape.backwards):
                return
            seen = seen_of(found, sheet.cast)
            sheet.add(seen)
            sheet.updates = self.updates
            sheet.loss = gauge.family_of(sheet) or sheet.loss
            lens.take(found)
            sheet.distinct, sheet.real_seen = lens.distinct, lens.shown
            self._measure_weights()
            metrics: Any = gauge.metrics_of(found, seen, sheet)
            if self._probe_due():
                started = time.perf_counter()
                row = lens.row(self.updates)
                self._after_probe(row, time.perf_counter() - started)
                metrics |= row
        self._observe(metrics)

    def _probe_due(self) -> bool:
        assert self.lens is not None
        return self.lens.kept >= 192 and (
            not self._probed or self.updates - self._probed >= self._probe_interval
        )

    def _after_probe(self, row: Metrics, seconds: float) -> None:
        assert self.sheet is not None and self.lens is not None
        self._probed, self._probe_seconds = self.updates, seconds
        self.sheet.outcome |= cast(dict[str, float], row)
        real = self.lens.real()
        if real is not None:
            facts = gauge.facts_of(self.sheet, real)
            self.sheet.outcome |= {
                "unreachable": facts.get("unreachable", 0.0),
                "waste": facts.get("waste", 0.0),
                "dimensions": float(facts.get("dimensions", 0)),
            }
        for x in self.lens.inputs[-1] if self.lens.inputs else []:
            if x.is_floating_point():
                self.sheet.outcome["latent"] = float(x[:1].numel())
                break
        bare = self._times[False]
        if len(bare) >= 10:
            step = max(statistics.median(bare), 1e-6)
            self._probe_interval = min(500, max(_PROBE, math.ceil(seconds / (0.012 * step))))

    def _measure_weights(self) -> None:
        sheet = self.sheet
        assert sheet is not None
        for player, before in self._weights.items():
            now = _sampled(self._network(player))
            if before.shape == now.shape and before.numel():
                norm = float(before.norm())
                self._moves[player].append(float((now - before).norm()) / max(norm, 1e-12))
                sheet.answers[f"update ratio {player}"] = statistics.median(self._moves[player])
        parameters = [p.detach() for p in self._network("d").parameters if p.dim() > 1]
        if parameters:
            largest = max(float(p.abs().max()) for p in parameters)
            at_bound = sum(int((p.abs() >= largest * (1 - 1e-6)).sum()) for p in parameters)
            numbers = sum(p.numel() for p in parameters)
            sheet.answers["largest weight"] = largest
            self._boxes.append((largest, at_bound > max(3, 0.001 * numbers)))
            boxed = [size for size, on in self._boxes if on]
            if boxed:
                clip = min(boxed)
                sheet.answers["clip"] = clip
                outside = sum(size > clip * 1.0001 for size, _ in self._boxes)
                sheet.answers["outside box"] = outside / len(self._boxes)

    def _observe(self, metrics: dict[str, Any]) -> None:
        sheet, lens = self.sheet, self.lens
        assert sheet is not None and lens is not None
        facts = None
        real = lens.real()
        state = f"{sheet.loss} {sheet.rounds[-1].activation} {real is not None}"
        if real is not None and state != self._facts_sent:
            facts, self._facts_sent = gauge.facts_of(sheet, real), state
        seconds = time.perf_counter() - self.started
        observation = Observation(self.updates, metrics, facts, seconds=seconds)  # type: ignore[arg-type]
        rows = []
        for event in self.panel.update(observation):
            row = event.as_row()
            rows.append(row)
            if row["event"] == "closed":
                sheet.symptoms.pop(row["symptom"], None)
            else:
                sheet.symptoms[row["symptom"]] = (row["severity"], row["step"], row["summary"])
                self._alarmed = self.updates
        if self.listener is not None:
            self.listener(observation, rows)

    # Deciding

    def _consider(self) -> None:
        sheet = self.sheet
        assert sheet is not None
        if self.ended or not self._worth_considering():
            return
        self._considered = self.updates
        self._try()
        self.found = ranked(suspicions(sheet))
        sure = early(sheet, self.found)
        self._agreed.append(sure.slug if sure else "")
        agreed = len(self._agreed) == _AGREE and len(set(self._agreed)) == 1
        if sure and agreed and not self.plan.endless:
            self.ended = "The evidence suffices."
        if self.on_news is not None:
            self.on_news()

    def _worth_considering(self) -> bool:
        """Rules are asked at every look of the dense start, later when there is something new."""
        late = self.updates - self._considered >= _PROBE
        return self.updates <= _ALL or late or self._considered < self._alarmed

    def _try(self) -> None:
        """Experiments on copies, where they decide something."""
        sheet, lens = self.sheet, self.lens
        assert sheet is not None and lens is not None
        if self.updates < self._next_trial or self.updates < 150:
            return
        if "total-collapse" in sheet.symptoms:
            self._next_trial = self.updates + 500
            sheet.answers["latent matters"] = latent_matters(lens)
        blind = [seen for seen in list(sheet.rounds)[-6:] if _cannot_tell(seen)]
        if len(blind) >= 5:
            self._next_trial = self.updates + 500
            sheet.answers["burst"] = burst(lens)

    def verdict(self, *, ended: str = "", error: str = "") -> Verdict:
        """What can be said now."""
        ended = self.ended or ended
        if self.sheet is None:
            return Verdict("not-assessed", self._no_pair(ended))
        self.sheet.error = error
        self.found = ranked(suspicions(self.sheet))
        return conclude(self.sheet, self.found, ended=ended)

    def _no_pair(self, ended: str) -> str:
        """Why there is nothing to say."""
        if self.given is not None:
            return unseen(self.recorder, self.given, self.optimizer_steps)
        networks = [n for n in self.recorder.networks.values() if n.parameters]
        name_networks(self.recorder)
        names = ", ".join(dict.fromkeys(n.name for n in networks)) or "none"
        steps = Counter(o.number for o in self.recorder.owners for _ in range(o.steps))
        if not self.recorder.owners and not networks:
            return f"The script trained nothing: no network ran and no optimiser was made. {ended}"
        if not steps:
            return (
                f"The script made no optimiser step. Networks that ran: {names}. {ended} "
                "Training that happens in another process cannot be seen."
            )
        if len(networks) < 2:
            return (
                f"This is no GAN as far as can be seen: one network ({names}), no opponent, "
                f"{sum(steps.values())} optimiser steps. {ended}"
            )
        return (
            f"No pair was found among the networks that ran ({names}): none of them scores both "
            "real samples and another one's output. Name them with --generator NAME "
            f"--discriminator NAME. {ended}"
        )

    @property
    def discovered(self) -> dict[str, str | None]:
        """The names of the pair."""
        if self.sheet is None:
            return {"generator": None, "discriminator": None}
        cast = self.sheet.cast
        return {"generator": cast.generator.name, "discriminator": cast.discriminator.name}


def _cannot_tell(seen: Seen) -> bool:
    """Whether D's outputs on real and on fake are about the same."""
    real, fake = seen.outputs.get("real"), seen.outputs.get("fake")
    if real is None or fake is None:
        return False
    spread = max(real.std, fake.std, 1e-6)
    return abs(real.mean - fake.mean) < 0.3 * spread or max(real.std, fake.std) < 1e-4


def _part(whole: Tape, start: float, end: float) -> Tape:
    """The events after `start` up to `end`."""
    part = Tape(
        [call for call in whole.calls if start < call.order <= end],
        [backward for backward in whole.backwards if start < backward.order <= end],
        [step for step in whole.steps if start < step.order <= end],
    )
    places = {id(call): number for number, call in enumerate(part.calls)}
    for backward in part.backwards:
        kept = []
        for entry in backward.reads.entries:  # they name calls by their place on a tape
            place = places.get(id(whole.calls[entry.call]))
            if place is not None:
                kept.append(replace(entry, call=place))
        backward.reads.entries = kept
    return part


def _sampled(network: Network) -> Tensor:
    total = sum(p.numel() for p in network.parameters)
    stride = max(1, total // _COORDINATES)
    with torch.no_grad():
        parts = [p.detach().reshape(-1)[::stride].float() for p in network.parameters]
        return torch.cat(parts) if parts else torch.zeros(0)
