"""What is thought of a pair so far: tries out what decides, asks the causes, waits to be sure."""

from __future__ import annotations

from collections import deque

from ganlab.causes.history import History
from ganlab.causes.suspect import Suspect
from ganlab.causes.trace import Trace
from ganlab.causes.weigh import Verdict, conclude, early, ranked
from ganlab.doctor.copies.trials import burst, condition_matters, latent_matters
from ganlab.doctor.run.looking import Looker
from ganlab.doctor.run.schedule import DENSE, Schedule

_SELDOM = 50  # updates after which the rules are asked again
_AGREE = 3  # looks in a row that name the same cause before it is said early


class Opinion:
    """On one pair."""

    def __init__(self, looker: Looker, schedule: Schedule) -> None:
        self.looker, self.schedule = looker, schedule
        self.suspects: list[Suspect] = []
        self.history: History | None = None  # what the last word was said of
        self._agreed: deque[str] = deque(maxlen=_AGREE)
        self._considered = 0

    def due(self) -> bool:
        """Rules are asked at every look of the dense start, later when there is something new."""
        updates = self.looker.past.updates
        late = updates - self._considered >= _SELDOM
        return updates <= DENSE or late or self._considered < self.looker.alarmed

    def form(self) -> bool:
        """Thinks again; whether the evidence suffices to stop here."""
        past = self.looker.past
        self._considered = past.updates
        self._try()
        history = past.now()
        self.suspects = ranked(history)
        sure = early(history, self.suspects)
        self._agreed.append(sure.cause if sure else "")
        return bool(sure) and len(self._agreed) == _AGREE and len(set(self._agreed)) == 1

    def _try(self) -> None:
        """Experiments on copies, where they decide something."""
        past, kept, copies = self.looker.past, self.looker.kept, self.looker.copies
        if past.rounds[-1].conditions.get("g") and "condition" not in past.answers:
            past.answers["condition"] = condition_matters(kept, copies)
        collapsed = "total-collapse" in past.symptoms
        blind = sum(map(_cannot_tell, list(past.rounds)[-6:])) >= 5
        if not (collapsed or blind) or not self.schedule.trial_due(past.updates):
            return
        with self.schedule.timing(self.schedule.trials, past.updates):
            if collapsed:
                past.answers["latent matters"] = latent_matters(kept, copies)
            if blind:
                past.burst = burst(kept, copies)

    def verdict(self, *, ended: str, error: str, failure: str) -> Verdict:
        """The last word, on all that was seen."""
        self.history = self.looker.past.now(error=error, ended=ended, failure=failure)
        self.suspects = ranked(self.history)
        return conclude(self.history, self.suspects)


def _cannot_tell(seen: Trace) -> bool:
    """Whether D's outputs on real and on fake are about the same."""
    real, fake = seen.outputs.get("real"), seen.outputs.get("fake")
    if real is None or fake is None:
        return False
    spread = max(real.std, fake.std, 1e-6)
    return abs(real.mean - fake.mean) < 0.3 * spread or max(real.std, fake.std) < 1e-4
