"""Puts the doctor on a benchmark's loop, and takes it off again between two turns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from ganlab.bench.doctor.overhead import Attach, Loop
from ganlab.doctor.run.examiner import Examiner, Plan
from ganlab.doctor.run.opinion import Opinion


class _Endless(Examiner):
    """Looks on after it could say what it thinks."""

    def _consider(self, opinion: Opinion) -> None:
        super()._consider(opinion)
        self.ended = ""


def doctor() -> Attach:
    """An examiner for each loop, at its default sampling; it goes on where it was taken off."""
    known: dict[int, Examiner] = {}

    @contextmanager
    def attached(loop: Loop) -> Iterator[None]:
        examiner = known.get(id(loop))
        if examiner is None:
            plan = Plan(steps=1_000_000, keep_running=True)
            examiner = known[id(loop)] = _Endless(Path(__file__).parent, plan)
            examiner.open()
        else:
            examiner.reopen()
        try:
            yield
        finally:
            examiner.close()

    def attach(loop: Loop) -> AbstractContextManager[None]:
        return attached(loop)

    return attach
