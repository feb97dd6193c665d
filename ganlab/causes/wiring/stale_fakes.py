"""Fakes are made once and reused after G has changed."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import ClassVar

from ganlab.causes.base import Cause
from ganlab.causes.history import History
from ganlab.causes.specimen import Specimen, looks, script
from ganlab.causes.suspect import Suspect, weightiest
from ganlab.causes.trace import Span, Trace


class StaleFakes(Cause):
    """D is taught about a generator that is gone: the same batch again, or an old store."""

    slug = "stale-fakes"
    doc = "fakes are made once and reused after G has changed"
    source = "Shrivastava et al. 2017 (arXiv:1612.07828), section 2.3: half of the batch is fresh"
    formula = """
        a script  D's fakes are those of the look before in >= {again} of >= {looks}
                  looks, while G moves and z is new in >= {noise} of its passes; or
                  the newest fake is older than {age} rounds at each look
    """
    needs: ClassVar[frozenset[str]] = frozenset({"rounds"})

    def __init__(
        self, *, looks: int = 8, again: float = 0.5, noise: float = 0.3, age: int = 20
    ) -> None:
        self.looks = looks  # at fakes of D's that are enough
        self.again = again  # share of consecutive looks with one and the same batch
        self.noise = noise  # share of different noises below which the noise repeats, too
        self.age = age  # rounds since the newest fake was made

    def _seen(self, history: History) -> Suspect | None:
        return weightiest(filter(None, (self._same(history), self._archived(history))))

    def _same(self, history: History) -> Suspect | None:
        """D sees one batch of fakes again after G has changed."""
        marks = [seen.fake_mark for seen in history.rounds if seen.fake_mark]
        if len(marks) < self.looks:
            return None
        pairs = len(marks) - 1
        again = sum(a == b for a, b in itertools.pairwise(marks))
        if again < self.again * pairs or not _moved(history) or self._noise_repeats(history):
            return None
        return Suspect(
            self.slug,
            0.9,
            (
                f"In {again} of {pairs} consecutive rounds looked at, D was shown exactly the same "
                "generated batch, although G had stepped in between.",
            ),
            fix="Generate the fakes inside the loop: fake = G(z) before each step of D.",
            location=history.where("d fake"),
            checked="The noise is not the reason: G was not called for it, or got new noise.",
        )

    def _noise_repeats(self, history: History) -> bool:
        marks = [noise[2] for seen in history.rounds for noise in seen.noise]
        return len(marks) > 4 and len(set(marks)) < self.noise * len(marks)

    def _archived(self, history: History) -> Suspect | None:
        """D draws its fakes from a store that G filled long before."""
        rounds = [(*seen.fake_born, _steps(seen)) for seen in history.rounds if seen.fake_born][
            -12:
        ]
        old = [seen - made > self.age * steps for made, seen, steps in rounds]
        never_again = len({made for made, _, _ in rounds}) == 1
        if len(rounds) < self.looks or not (all(old) or (never_again and old[-1])):
            return None
        first, last = (rounds[place][1] - rounds[place][0] for place in (0, -1))
        return Suspect(
            self.slug,
            0.85,
            (
                f"The newest generated sample that D was shown had been made {last} optimiser "
                f"steps before; {len(rounds)} looks earlier {first}.",
            ),
            fix="Generate the fakes inside the loop, fake = G(z) before each step of D, instead of "
            "storing them beside the data.",
            location=history.where("mixed", "d fake", "d loss"),
            checked="A store of old fakes beside fresh ones is fine: here not one was fresh in "
            f"{len(rounds)} looks.",
            source=self.source,
            harm="certain" if last > first else "likely",
        )

    @staticmethod
    def specimens() -> tuple[Specimen, ...]:
        moved = looks(fake_mark=(1.0, 2.0), norms={"g": [0.5]})
        fresh = tuple(replace(seen, fake_mark=(float(seen.number),)) for seen in moved)
        fixed = tuple(replace(seen, noise=[("d", _SPAN, (1.0,))]) for seen in moved)
        counts = {"d steps": 1, "g steps": 1}
        ageing = tuple(
            replace(seen, fake_born=(0, 100 * seen.number), counts=counts) for seen in looks()
        )
        stored = tuple(
            replace(seen, fake_born=(2 * seen.number, 2 * seen.number + 60), counts=counts)
            for seen in looks()
        )
        return (
            Specimen("new fakes in every round", script(rounds=fresh)),
            Specimen("one batch for ever", script(rounds=moved), 0.9),
            Specimen("near miss: one batch by one noise", script(rounds=fixed)),
            Specimen("near miss: seven looks", script(rounds=moved[:7])),
            Specimen("a store made at first", script(rounds=ageing), 0.85),
            Specimen("a store that is filled late", script(rounds=stored), 0.85, "likely"),
        )


_SPAN = Span(-2.0, 2.0, 0.0, 1.0)


def _moved(history: History) -> bool:
    """Whether G found a gradient at some step."""
    return any(
        max(seen.norms["g"], default=0.0) > 0 for seen in history.rounds if seen.norms.get("g")
    )


def _steps(seen: Trace) -> int:
    """Of both optimisers in a round."""
    return max(1, seen.counts["d steps"] + seen.counts["g steps"])
