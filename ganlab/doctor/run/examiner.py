"""Watches a training script: finds the pair, decides when to look at a round and when to stop."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from ganlab.causes.history import History
from ganlab.causes.weigh import Verdict
from ganlab.doctor.copies.kept import Kept
from ganlab.doctor.players.cast import Cast, Wanted
from ganlab.doctor.players.cutting import Cut
from ganlab.doctor.players.given import Pair
from ganlab.doctor.players.naming import name_all
from ganlab.doctor.players.rounds import owners_of
from ganlab.doctor.record import Owner, Recorder
from ganlab.doctor.run.ending import TIME_UP
from ganlab.doctor.run.looking import Listener, Looker
from ganlab.doctor.run.opinion import Opinion
from ganlab.doctor.run.schedule import Schedule
from ganlab.doctor.run.search import Search


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


class Watched:
    """What the examiner has once the pair is found."""

    def __init__(self, looker: Looker, cut: Cut, schedule: Schedule) -> None:
        self.looker, self.cut = looker, cut
        self.opinion = Opinion(looker, schedule)
        self.leading = False  # whether the round now recorded only leads to the one looked at


class Examiner:
    """One script under observation. `open`, let it run, `close`; then `verdict`.

    `given`: the pair, where the user knows it.
    """

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
        self.recorder = Recorder(root, self._after_step)
        self.search = Search(self.recorder, self.plan.wanted, given)
        self.listener, self.on_news = listener, on_news
        self.schedule = Schedule()
        self.watched: Watched | None = None  # until the pair is found
        self.optimizer_steps = 0
        self.updates = 0
        self.ended = ""  # why no more is looked at
        self.stopped = False  # whether we have ended the script
        self._resumes = True

    def open(self) -> None:
        """From now on."""
        self.recorder.open()
        self.search.begin()
        self.recorder.start()

    def close(self) -> None:
        """Leaves nothing behind. May be opened again, and then goes on where it was."""
        self._resumes = self.recorder.recording or self.watched is None
        self.recorder.close()
        if self.watched is not None:
            with self.recorder.looking():
                self.watched.looker.probe_missing()

    def reopen(self) -> None:
        """Goes on after `close`, as if nothing had happened in between."""
        self.recorder.open()
        if self._resumes:
            self.recorder.start()
        self.schedule.restart()

    # Steps

    def _after_step(self, owner: Owner) -> None:
        if time.time() >= self.plan.deadline:
            self.ended = self.ended or TIME_UP
            self._end()
        self.optimizer_steps += 1
        if not self._is_between(owner):
            with self.recorder.looking():
                self._stepped(owner)
            if self.ended and not self.plan.keep_running:
                self._end()

    def _is_between(self, owner: Owner) -> bool:
        """Whether a step is just one within a round: such steps must cost nothing."""
        watched = self.watched
        inner = watched is not None and bool(self.updates) and owner is not watched.cut.owner
        return inner and not self.ended

    def _stepped(self, owner: Owner) -> None:
        watched = self.watched
        if watched is None:
            self._search()
        elif watched.cut.ends_at(owner):
            self._round_ended(watched)
        elif self.updates == 0 and watched.cut.misplaced():
            self._replay(watched)

    def _end(self) -> NoReturn:
        """Ends the script, at every step: it may catch it."""
        self.stopped = True
        self.recorder.stop()
        raise Enough

    def _search(self) -> None:
        cast = self.search.after(self.optimizer_steps)
        if cast is not None:
            self._begin(cast)
        elif self.search.given_up:
            self.ended = self.search.given_up
            self.recorder.stop()

    def _begin(self, cast: Cast) -> None:
        owners = owners_of(self.recorder, cast)
        name_all(self.recorder)
        looker = Looker(self.recorder, cast, owners, self.schedule, self.listener)
        cut = Cut(self.recorder, cast, owners)
        self.watched = Watched(looker, cut, self.schedule)
        self._replay(self.watched)
        self.recorder.start()
        self.schedule.restart()

    def _replay(self, watched: Watched) -> None:
        """Looks at what happened before it was known where rounds end."""
        for tape in watched.cut.choose():
            self._count(watched)
            watched.looker.take(tape)

    def _count(self, watched: Watched) -> None:
        self.updates += 1
        watched.looker.past.updates = self.updates

    def _round_ended(self, watched: Watched) -> None:
        recorded = self.recorder.recording
        self._count(watched)
        if recorded:
            tape = self.recorder.cut()
            if not watched.leading:
                watched.looker.take(tape)
                self._consider(watched.opinion)
        self.schedule.round_ended(self.updates, recorded)
        if self.updates >= self.plan.steps and not self.ended:
            self.ended = f"{self.updates} generator updates were observed, as asked."
        self._plan_next(watched)
        self.schedule.restart()

    def _plan_next(self, watched: Watched) -> None:
        due = watched.leading or self.schedule.look_due(self.updates)
        if self.ended or not due:
            self.recorder.stop()
            return
        watched.leading = watched.cut.leads and not self.recorder.recording
        self.recorder.start()
        watched.looker.weights.round_begins()

    def _consider(self, opinion: Opinion) -> None:
        if self.ended or not opinion.due():
            return
        if opinion.form():
            self.ended = "The evidence suffices."
        if self.on_news is not None:
            self.on_news()

    # What can be said

    def verdict(self, *, ended: str = "", error: str = "", failure: str = "") -> Verdict:
        """What can be said now; `failure`: all that can be, where no cause is found."""
        ended = self.ended or ended
        if self.watched is None:
            said = failure or self.search.failure(self.optimizer_steps, ended)
            return Verdict("not-assessed", said)
        return self.watched.opinion.verdict(ended=ended, error=error, failure=failure)

    @property
    def history(self) -> History | None:
        """What the last verdict was said of."""
        return None if self.watched is None else self.watched.opinion.history

    @property
    def kept(self) -> Kept | None:
        """The samples of the script; None until the pair is found."""
        return None if self.watched is None else self.watched.looker.kept

    @property
    def samples(self) -> dict[str, float]:
        """What the last probe measured of G's samples."""
        outcome = {} if self.watched is None else self.watched.looker.past.outcome
        kept = ("diversity", "top_bin", "codebook_js_long", "missing_mass", "off_data")
        return {name: round(outcome[name], 4) for name in kept if name in outcome}

    @property
    def discovered(self) -> dict[str, str | None]:
        """The names of the pair."""
        if self.watched is None:
            return {"generator": None, "discriminator": None}
        cast = self.watched.looker.cast
        return {"generator": cast.generator.name, "discriminator": cast.discriminator.name}

    @property
    def overhead(self) -> float:
        """Our share of the script's own time so far."""
        return self.schedule.overhead(self.recorder.spent)

    @property
    def seconds(self) -> float:
        """Since the script was started."""
        return time.perf_counter() - self.schedule.started
