"""A real process, really killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ganlab.runs import RunHistory, RunManager, RunStore, Status, StoreError
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
    steps = [row["step"] for row in store.read(run, "metrics")[0]]
    assert steps == list(range(len(steps)))
    checkpoint = store.latest_checkpoint(run)
    assert checkpoint is not None
    assert len(steps) > checkpoint[0] >= 100

    manager.reopen(run)
    lab.until(lambda: lab.trainings and lab.trainings[0].step > checkpoint[0] + 100)
    manager.stop(run)
    info = manager.wait(run, PATIENCE)
    history = RunHistory(store, run)
    history.refresh()
    assert info.status is Status.STOPPED
    assert history.column("d_loss")[0].tolist() == list(range(info.step + 1))
