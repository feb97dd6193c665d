"""Looks for the pair among the networks that a script runs."""

from __future__ import annotations

from collections import Counter

from ganlab.doctor.players.cast import Cast, Wanted, find_cast
from ganlab.doctor.players.fusing import fuse, undecided
from ganlab.doctor.players.given import Pair, given_cast, introduce, unseen
from ganlab.doctor.players.naming import name_all
from ganlab.doctor.record import Recorder
from ganlab.doctor.run.ending import nothing

_LONGEST = 1500  # events kept while the pair is not found
_PARTS = 60  # optimiser steps after which no more is waited for parts of networks
_MOST = 2000  # optimiser steps after which the search is given up


class Search:
    """For a pair that shows twice in a row; `given`: the user's own, which has to show as well."""

    def __init__(self, recorder: Recorder, wanted: Wanted, given: Pair | None) -> None:
        self.recorder, self.wanted, self.given = recorder, wanted, given
        self.given_up = ""  # why it is searched no more
        self._last: Cast | None = None

    def begin(self) -> None:
        """Makes a given pair known beforehand."""
        if self.given is not None:
            introduce(self.recorder, self.given)

    def after(self, steps: int) -> Cast | None:
        """The pair once it is sure, after so many steps of optimisers."""
        if (steps > 8 and steps % 4) or steps < 2:
            return None
        if self.given is None and fuse(self.recorder):
            self._last = None
            return None
        cast, before = self._likeliest(), self._last
        self._last = cast
        if _same(cast, before) and (steps >= _PARTS or not undecided(self.recorder)):
            return cast
        if len(self.recorder.tape) > _LONGEST:
            self.recorder.cut()
        if steps >= _MOST:
            self.given_up = "No pair was found in 2 000 optimiser steps."
        return None

    def _likeliest(self) -> Cast | None:
        tape = self.recorder.tape
        if self.given is None:
            return find_cast(self.recorder, tape, self.wanted)
        return given_cast(self.recorder, tape, self.given)

    def failure(self, steps: int, ended: str) -> str:
        """Why there is nothing to say."""
        if self.given is not None:
            return unseen(self.recorder, self.given, steps)
        networks = [n for n in self.recorder.networks.values() if n.parameters]
        name_all(self.recorder)
        names = ", ".join(dict.fromkeys(n.name for n in networks)) or "none"
        made = Counter(o.number for o in self.recorder.owners for _ in range(o.steps))
        if not self.recorder.owners and not networks:
            return nothing(ended)
        if not made:
            return (
                f"The script made no optimiser step. Networks that ran: {names}. {ended} "
                "Training that happens in another process cannot be seen."
            )
        if len(networks) < 2:
            return (
                f"This is no GAN as far as can be seen: one network ({names}), no opponent, "
                f"{sum(made.values())} optimiser steps. {ended}"
            )
        return (
            f"No pair was found among the networks that ran ({names}): none of them scores both "
            "real samples and another one's output. Name them with --generator NAME "
            f"--discriminator NAME. {ended}"
        )


def _same(one: Cast | None, other: Cast | None) -> bool:
    """Whether two looks have found one pair."""
    if one is None or other is None:
        return False
    return one.generator is other.generator and one.discriminator is other.discriminator
