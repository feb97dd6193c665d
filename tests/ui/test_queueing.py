"""The queue in a sentence."""

from __future__ import annotations

import pytest

from ganlab.config import RunConfig
from ganlab.runs.record import RunInfo, Status
from ganlab.ui import queueing


def run(name: str) -> RunInfo:
    return RunInfo(name, name, Status.RUNNING, RunConfig(), created=0.0)


@pytest.mark.parametrize(
    ("names", "slots", "said"),
    [
        (
            ["one"],
            1,
            "Place 1 in the queue, since **one** trains. It starts when it ends, or has been "
            "paused for 60 seconds. Or let two runs train at once (sidebar): then it starts now.",
        ),
        (
            ["one", "other"],
            2,
            "Place 1 in the queue, since **one** and **other** train. It starts when one of them "
            "ends, or has been paused for 60 seconds.",
        ),
    ],
)
def test_a_place_in_the_queue_says_who_is_before_it(
    names: list[str], slots: int, said: str
) -> None:
    assert queueing.words(1, [run(name) for name in names], slots, 60.0) == said


def test_two_at_once_start_only_the_first_in_the_queue() -> None:
    assert "then it starts now" not in queueing.words(2, [run("one")], 1, 60.0)
