"""A history while it is being written, trace by trace."""

from __future__ import annotations

from collections import deque

from ganlab.causes.build import Build
from ganlab.causes.history import Burst, History
from ganlab.causes.looks import Looks
from ganlab.causes.trace import Likeness, Location, Player, Trace
from ganlab.doctor.players.cast import Cast
from ganlab.doctor.players.rounds import Owners
from ganlab.doctor.read import built
from ganlab.doctor.read.loss import family_of
from ganlab.doctor.record import Recorder
from ganlab.finding import Finding

_KEPT = 80  # rounds
_FIRST = 24
_LOOSE = 200  # rounds with noise or augmentation that are remembered


class OpenHistory(Looks):
    """All rounds that were looked at, and what does not change."""

    def __init__(self, recorder: Recorder, cast: Cast, owners: Owners) -> None:
        self.recorder, self.cast, self.owners = recorder, cast, owners
        self.rounds: deque[Trace] = deque(maxlen=_KEPT)
        self.early: list[Trace] = []  # the first rounds, before either player is sure
        self.loose: list[Likeness] = []
        self.updates = 0  # of G
        self.batch = 0  # real samples in D's last pass over them; 0 while unknown
        self.loss = ""  # family, once it is known
        self.symptoms: dict[str, Finding] = {}  # by slug
        self.outcome: dict[str, float] = {}  # the last probe's measurements
        self.answers: dict[str, float | None] = {}  # of experiments on copies
        self.burst: Burst | None = None
        self.distinct = 0  # real samples seen, each counted once
        self.real_seen = 0
        self._lines: dict[Player, dict[str, Location]] | None = None

    def add(self, seen: Trace) -> None:
        """Takes a round."""
        self.rounds.append(seen)
        if seen.loose is not None and len(self.loose) < _LOOSE:
            self.loose.append(seen.loose)
        if len(self.early) < _FIRST:
            self.early.append(seen)
        self.loss = family_of(self) or self.loss

    def now(self, *, error: str = "", ended: str = "", failure: str = "") -> History:
        """All of it as plain values, as it is now."""
        return History(
            findings=tuple(self.symptoms.values()),
            error=error,
            build=self.build(),
            rounds=tuple(self.rounds),
            early=tuple(self.early),
            loose=tuple(self.loose),
            updates=self.updates,
            loss=self.loss,
            outcome=dict(self.outcome),
            answers=dict(self.answers),
            burst=self.burst,
            distinct=self.distinct,
            real_seen=self.real_seen,
            ended=ended,
            failure=failure,
        )

    def build(self) -> Build:
        """What the pair is built of, now."""
        if self._lines is None:  # sources do not change while a script runs
            self._lines = built.lines_of(self.cast, self.recorder.roots)
        return built.build_of(self.recorder, self.cast, self.owners, self._lines)
