"""A real process, really killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pytest

from ganlab.runs import RunManager, RunStore, Status, StoreError
from tests.runs.fakes import PATIENCE, FakeLab

ROOT = Path(__file__).parents[2]
VICTIM = "import sys; from tests.runs.fakes import train_forever; train_forever(sys.argv[1])"

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")


@pytest.fixture
def victim(store: RunStore) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that trains a run, and the run's id."""
    process = subprocess.Popen(
        [sys.executable, "-c", VICTIM, str(store.root)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    with process:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
        process.kill()


def steps_of(store: RunStore, run: str) -> list[int]:
    """The steps of all stored rows."""
    return [row["step"] for row in store.read(run, "metrics", limit=1 << 30)[0]]


def gaps(steps: list[int], last: int) -> list[tuple[int, int]]:
    """The first places (step there, step expected) where `steps` is not 0 to `last`.

    Few, as there may be a hundred thousand steps, whose difference pytest would draw for minutes.
    """
    wrong = [(got, want) for got, want in zip_longest(steps, range(last + 1)) if got != want]
    return wrong[:5]


def test_a_kill_loses_at_most_the_last_row_and_the_run_goes_on_afterwards(
    victim: tuple[subprocess.Popen[str], str], store: RunStore, manager: RunManager, lab: FakeLab
) -> None:
    process, run = victim
    assert store.info(run).status is Status.RUNNING
    with pytest.raises(StoreError, match="one owner at a time"):
        store.own(run)
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE)

    assert store.mark_orphans() == [run]
    assert store.info(run).status is Status.INTERRUPTED
    steps = steps_of(store, run)
    assert not gaps(steps, len(steps) - 1)
    checkpoint = store.latest_checkpoint(run)
    assert checkpoint is not None
    assert len(steps) > checkpoint[0] >= 100

    manager.reopen(run)
    lab.until(lambda: lab.trainings and lab.trainings[0].step > checkpoint[0] + 100)
    manager.stop(run)
    info = manager.wait(run, PATIENCE)
    assert info.status is Status.STOPPED
    assert not gaps(steps_of(store, run), info.step)
