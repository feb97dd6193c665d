"""Watches a training script: finds the pair, samples rounds, asks rules and detectors.

All that is decided here is when to look and when to stop; what is seen is the sheet's.
"""

from __future__ import annotations

import math
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn, cast

import torch

from ganlab.causes.history import History
from ganlab.causes.suspect import Suspect
from ganlab.causes.trace import Trace
from ganlab.causes.weigh import Verdict, conclude, early, ranked
from ganlab.doctor.cast import Cast, Wanted, find_cast
from ganlab.doctor.copies.lens import Lens
from ganlab.doctor.copies.trials import burst, condition_matters, latent_matters
from ganlab.doctor.copies.weights import Weights
from ganlab.doctor.ending import TIME_UP, nothing
from ganlab.doctor.fusing import fuse, undecided
from ganlab.doctor.given import Pair, given_cast, introduce, unseen
from ganlab.doctor.naming import name_all
from ganlab.doctor.read import metrics as gauge
from ganlab.doctor.read.history import Sheet
from ganlab.doctor.read.round import digest
from ganlab.doctor.read.trace import seen_of
from ganlab.doctor.record import Owner, Recorder, Tape
from ganlab.doctor.rounds import (
    boundary,
    crossings,
    generator_idles,
    moves_generator,
    owners_of,
    part,
    takes_turns,
)
from ganlab.doctor.schedule import DENSE, Schedule
from ganlab.observation import Facts, Metrics, Observation
from ganlab.panel import DetectorPanel

_LONGEST = 1500  # events kept while the pair is not found
_SELDOM = 50  # updates after which the rules are asked again
_PARTS = 60  # optimiser steps after which no more is waited for parts of networks
_COVERS = 1000  # updates from which it is asked how much of the data G covers
_AGREE = 3  # looks in a row that name the same cause before it is said early


class Enough(SystemExit):
    """Ends the script: the verdict stands. As `sys.exit` does it: scripts, threads and Python
    itself let it through without a word.
    """


@dataclass
class Plan:
    """What the user asked for."""

    steps: int = 2000  # generator updates observed at most
    keep_running: bool = False
    deadline: float = math.inf  # seconds since the epoch; the first step after it ends the script
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
        self.schedule = Schedule()
        self.weights: Weights | None = None
        self.optimizer_steps = 0
        self.updates = 0
        self.boundary: Owner | None = None  # whose step ends a round
        self._in_turns = False  # whether that one moves G only at some of its steps
        self._leads = False  # whether a look needs the round before it: fakes come from there
        self._leading = False
        self.found: list[Suspect] = []
        self.history: History | None = None  # what was said of it last
        self.ended = ""  # why no more is looked at
        self.stopped = False  # whether we have ended the script
        self._last_cast: Cast | None = None
        self._agreed: deque[str] = deque(maxlen=_AGREE)
        self._facts_sent = ""
        self._considered = 0
        self._alarmed = 0  # update of the last finding that opened or worsened
        self._resumes = True

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
        with self.recorder.looking():
            self._probe_missing()

    def reopen(self) -> None:
        """Goes on after `close`, as if nothing had happened in between."""
        self.recorder.open()
        if self._resumes:
            self.recorder.start()
        self.schedule.restart()

    @property
    def overhead(self) -> float:
        """Our share of the script's own time so far."""
        return self.schedule.overhead(self.recorder.spent)

    @property
    def seconds(self) -> float:
        """Since the script was started."""
        return time.perf_counter() - self.schedule.started

    # Steps

    def _after_step(self, owner: Owner) -> None:
        if time.time() >= self.plan.deadline:
            self.ended = self.ended or TIME_UP
            self._end()
        if self.updates and owner is not self.boundary and not self.ended:
            self.optimizer_steps += 1
            return
        with self.recorder.looking():
            self.optimizer_steps += 1
            if self.sheet is None:
                self._search()
            elif owner is self.boundary and not (self._in_turns and self._spares_generator()):
                self._round_ended()
            elif self.updates == 0 and self.boundary is not None and not self.boundary.steps:
                self._wait_for_generator()
        if self.ended and not self.plan.keep_running:
            self._end()

    def _end(self) -> NoReturn:
        """Ends the script, at every step: it may catch it."""
        self.stopped = True
        self.recorder.stop()
        raise Enough

    def _search(self) -> None:
        count, tape = self.optimizer_steps, self.recorder.tape
        if (count > 8 and count % 4) or count < 2:
            return
        if self.given is None and fuse(self.recorder):
            self._last_cast = None
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
        if cast is not None and same and not (count < _PARTS and undecided(self.recorder)):
            self._begin(cast)
        elif len(tape) > _LONGEST:
            self.recorder.cut()
        if self.sheet is None and count >= 2000:
            self.ended = "No pair was found in 2 000 optimiser steps."
            self.recorder.stop()

    def _begin(self, cast: Cast) -> None:
        owners = owners_of(self.recorder, cast)
        name_all(self.recorder)
        self.sheet = Sheet(self.recorder, cast, owners)
        self.lens = Lens(cast)
        self.weights = Weights(cast)
        self._cut_at(boundary(self.recorder, cast, owners))
        self.recorder.start()
        self.schedule.restart()

    def _wait_for_generator(self) -> None:
        assert self.sheet is not None
        if generator_idles(self.recorder, self.sheet.cast):
            self._cut_at(boundary(self.recorder, self.sheet.cast, self.sheet.owners))

    def _cut_at(self, owner: Owner | None) -> None:
        assert self.sheet is not None
        self.boundary = owner
        number = -1 if owner is None else owner.number
        self._leads = crossings(self.recorder.tape, self.sheet.cast, number) > 0
        self._in_turns = takes_turns(self.recorder.tape, self.sheet.cast, number)
        self._replay()

    def _replay(self) -> None:
        """Cuts what happened before the pair was known into rounds; the last one stays open."""
        assert self.sheet is not None
        tape, cast = self.recorder.tape, self.sheet.cast
        number = self.boundary.number if self.boundary else -1
        ends = [
            step.order
            for step in tape.steps
            if step.optimizer == number and not (self._in_turns and not moves_generator(step, cast))
        ]
        start = 0
        for end in ends:
            one = part(tape, start, end)
            start = end
            self.updates += 1
            self._take(one)
        if ends:
            rest = part(tape, start, math.inf)
            # In place: gradients on their way are noted on this very tape.
            tape.calls, tape.backwards, tape.steps = rest.calls, rest.backwards, rest.steps

    def _spares_generator(self) -> bool:
        """Whether G has no gradients at this step, by its last tensor."""
        assert self.sheet is not None
        grad = self.sheet.cast.generator.parameters[-1].grad
        return grad is None or not bool(grad.any())

    def _round_ended(self) -> None:
        recorded = self.recorder.recording
        self.updates += 1
        assert self.sheet is not None
        self.sheet.updates = self.updates
        if recorded:
            tape = self.recorder.cut()
            if not self._leading:
                self._take(tape)
                self._consider()
        self.schedule.round_ended(self.updates, recorded)
        if self.updates >= self.plan.steps and not self.ended:
            self.ended = f"{self.updates} generator updates were observed, as asked."
        self._plan_next()
        self.schedule.restart()

    def _plan_next(self) -> None:
        assert self.weights is not None
        due = self._leading or self.schedule.look_due(self.updates)
        if self.ended or not due:
            self.recorder.stop()
            return
        self._leading = self._leads and not self.recorder.recording
        self.recorder.start()
        self.weights.round_begins()

    # Looking

    def _take(self, tape: Tape) -> None:
        sheet, lens, weights = self.sheet, self.lens, self.weights
        assert sheet is not None and lens is not None and weights is not None
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
            clip = self.recorder.clamped.get(sheet.cast.discriminator.key, 0.0)
            sheet.answers |= weights.round_ended(clip)
            metrics: Any = gauge.metrics_of(found, seen, sheet)
            if lens.ready and self.schedule.probes.due(self.updates):
                with self.schedule.timing(self.schedule.probes, self.updates):
                    row = lens.row()
                    self._after_probe(row)
                metrics |= row
        self._observe(metrics)

    def _probe_missing(self) -> None:
        """Probes at the end, where too few were made to tell how much of the data G covers."""
        sheet, lens = self.sheet, self.lens
        if sheet is None or lens is None or self.updates < _COVERS or not lens.ready:
            return
        with torch.no_grad():
            for batch in range(len(lens.inputs)):
                if "missing_mass" not in sheet.outcome:
                    self._after_probe(lens.row(batch))

    def _after_probe(self, row: Metrics) -> None:
        assert self.sheet is not None
        self.sheet.outcome |= cast(dict[str, float], row)
        facts = self._facts()
        if facts is not None:
            self.sheet.outcome |= {
                "unreachable": facts.get("unreachable", 0.0),
                "waste": facts.get("waste", 0.0),
                "dimensions": float(facts.get("dimensions", 0)),
            }
        self._compare_sizes()

    def _facts(self) -> Facts | None:
        assert self.sheet is not None and self.lens is not None
        real, values = self.lens.real(), self.lens.sorted_values()
        if real is None or values is None:
            return None
        return gauge.facts_of(self.sheet, values, real[:1].numel())

    def _compare_sizes(self) -> None:
        """How many numbers z has, and how many directions the data has where z has few."""
        assert self.sheet is not None and self.lens is not None
        outcome, inputs = self.sheet.outcome, self.lens.inputs[-1] if self.lens.inputs else []
        given = [x for x in inputs if x.is_floating_point() and x.dim()]
        if not given:
            return
        outcome["latent"] = float(sum(x[:1].numel() for x in given))
        if outcome["latent"] <= 4 and "intrinsic" not in outcome:
            outcome["intrinsic"] = self.lens.intrinsic() or 0.0

    def _observe(self, metrics: dict[str, Any]) -> None:
        sheet, lens = self.sheet, self.lens
        assert sheet is not None and lens is not None
        facts = None
        state = f"{sheet.loss} {sheet.rounds[-1].activation} {lens.ready}"
        if lens.ready and state != self._facts_sent:
            facts, self._facts_sent = self._facts(), state
        observation = Observation(self.updates, metrics, facts, seconds=self.seconds)  # type: ignore[arg-type]
        rows = []
        for event in self.panel.update(observation):
            row = event.as_row()
            rows.append(row)
            if row["event"] == "closed":
                sheet.symptoms.pop(row["symptom"], None)
            else:
                sheet.symptoms[row["symptom"]] = replace(event.finding, remedies=())
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
        self.found = ranked(history := sheet.history())
        sure = early(history, self.found)
        self._agreed.append(sure.cause if sure else "")
        if self._suffices():
            self.ended = "The evidence suffices."
        if self.on_news is not None:
            self.on_news()

    def _suffices(self) -> bool:
        """Whether the last looks name one cause for sure."""
        return len(self._agreed) == _AGREE and "" not in self._agreed and len({*self._agreed}) == 1

    def _worth_considering(self) -> bool:
        """Rules are asked at every look of the dense start, later when there is something new."""
        late = self.updates - self._considered >= _SELDOM
        return self.updates <= DENSE or late or self._considered < self._alarmed

    def _try(self) -> None:
        """Experiments on copies, where they decide something."""
        sheet, lens = self.sheet, self.lens
        assert sheet is not None and lens is not None
        if sheet.rounds[-1].conditions.get("g") and "condition" not in sheet.answers:
            sheet.answers["condition"] = condition_matters(lens)
        collapsed = "total-collapse" in sheet.symptoms
        blind = sum(map(_cannot_tell, list(sheet.rounds)[-6:])) >= 5
        if not (collapsed or blind) or not self.schedule.trial_due(self.updates):
            return
        with self.schedule.timing(self.schedule.trials, self.updates):
            if collapsed:
                sheet.answers["latent matters"] = latent_matters(lens)
            if blind:
                sheet.burst = burst(lens)

    def verdict(self, *, ended: str = "", error: str = "", failure: str = "") -> Verdict:
        """What can be said now; `failure`: all that can be, where no cause is found."""
        ended = self.ended or ended
        if self.sheet is None:
            return Verdict("not-assessed", failure or self._no_pair(ended))
        self.history = self.sheet.history(error=error, ended=ended, failure=failure)
        self.found = ranked(self.history)
        return conclude(self.history, self.found)

    def _no_pair(self, ended: str) -> str:
        """Why there is nothing to say."""
        if self.given is not None:
            return unseen(self.recorder, self.given, self.optimizer_steps)
        networks = [n for n in self.recorder.networks.values() if n.parameters]
        name_all(self.recorder)
        names = ", ".join(dict.fromkeys(n.name for n in networks)) or "none"
        steps = Counter(o.number for o in self.recorder.owners for _ in range(o.steps))
        if not self.recorder.owners and not networks:
            return nothing(ended)
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
    def samples(self) -> dict[str, float]:
        """What the last probe measured of G's samples."""
        outcome = {} if self.sheet is None else self.sheet.outcome
        kept = ("diversity", "top_bin", "codebook_js_long", "missing_mass", "off_data")
        return {name: round(outcome[name], 4) for name in kept if name in outcome}

    @property
    def discovered(self) -> dict[str, str | None]:
        """The names of the pair."""
        if self.sheet is None:
            return {"generator": None, "discriminator": None}
        cast = self.sheet.cast
        return {"generator": cast.generator.name, "discriminator": cast.discriminator.name}


def _cannot_tell(seen: Trace) -> bool:
    """Whether D's outputs on real and on fake are about the same."""
    real, fake = seen.outputs.get("real"), seen.outputs.get("fake")
    if real is None or fake is None:
        return False
    spread = max(real.std, fake.std, 1e-6)
    return abs(real.mean - fake.mean) < 0.3 * spread or max(real.std, fake.std) < 1e-4
