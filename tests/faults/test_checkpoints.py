"""A damaged checkpoint: the run goes on from the one before it, or says why it cannot."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ganlab import lab
from ganlab.bench.faults.world import Panel
from ganlab.config import RunConfig
from ganlab.runs import RunManager, RunStore, Status
from ganlab.runs.record import Damaged
from ganlab.runs.session import Training
from ganlab.ui.damage import passed_words
from tests.runs.fakes import PATIENCE, SMALL, FakeLab

LATEST, OLDER = 100, 80  # the checkpoints that a finished run of SMALL keeps


class Careful:
    """Makes fake trainings, and says of a checkpoint that it cannot read what the lab says."""

    def __init__(self) -> None:
        self.lab = FakeLab()

    def __call__(
        self, config: RunConfig, checkpoint: bytes | None, pulse: Callable[[], None]
    ) -> Training:
        try:
            return self.lab(config, checkpoint)
        except (ValueError, KeyError) as error:
            raise Damaged("The checkpoint is damaged: it is cut off.") from error


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunManager]:
    monkeypatch.setattr(RunManager, "settle", 0.0)
    manager = RunManager(RunStore(tmp_path), Careful(), Panel)
    yield manager
    manager.shutdown()


@pytest.fixture
def run(manager: RunManager) -> str:
    run = manager.start(SMALL)
    manager.wait(run, PATIENCE)
    return run


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


def _older_one(path: Path) -> None:
    path.write_bytes(path.with_name(f"{OLDER:08d}.ckpt").read_bytes())


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-7]),
        _folder,
        _link,
        _older_one,
    ],
    ids=["empty", "cut off", "a folder", "a link", "of another step"],
)
def test_a_damaged_newest_checkpoint_falls_back_to_the_older_one(
    manager: RunManager,
    run: str,
    damage: Callable[[Path], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = manager.store
    damage(store.path(run) / "checkpoints" / f"{LATEST:08d}.ckpt")
    with caplog.at_level(logging.INFO, "ganlab"):
        manager.reopen(run, steps=120)
        info = manager.wait(run, PATIENCE)
    assert (info.status, info.step, info.error) == (Status.FINISHED, 120, "")
    steps = [row["step"] for row in store.rows(run, "metrics")]
    assert steps == list(range(0, 121, 10))
    assert f"The checkpoint of step {LATEST} is damaged" in caplog.text
    assert store.passed(run) == [LATEST]
    assert f"step {LATEST} is damaged" in passed_words(store.passed(run))


def test_where_no_checkpoint_is_good_the_run_stays_as_it_was_and_says_why(
    manager: RunManager, run: str
) -> None:
    store = manager.store
    rows = list(store.rows(run, "metrics"))
    for path in (store.path(run) / "checkpoints").iterdir():
        path.write_bytes(b"no checkpoint")
    manager.reopen(run, steps=120)
    info = manager.wait(run, PATIENCE)
    assert (info.status, info.step) == (Status.FINISHED, 100)
    for said in ("100, 80", "allowed", "Start a new run"):
        assert said in info.error
    assert list(store.rows(run, "metrics")) == rows
    assert store.checkpoint_steps(run) == [OLDER, LATEST]


def test_the_lab_says_of_a_bad_checkpoint_that_it_is_damaged() -> None:
    with pytest.raises(Damaged, match="it is cut off, or no file of ganlab's"):
        lab._training(RunConfig(data="ring8", architecture="mlp"), b"bad", lambda: None, live=False)
